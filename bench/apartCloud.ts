import { type ChildProcess, spawn } from 'node:child_process';
import { projectDirectory } from '../local/cloud.ts';

/** A local S3 and DynamoDB in a process of their own; this one's environment leads its handlers there. */
export async function startApartCloud(directory: string): Promise<ChildProcess> {
  const cloud = spawn(process.execPath, ['--import', 'tsx', 'bench/valueCloud.ts', directory], {
    cwd: projectDirectory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  Object.assign(process.env, JSON.parse(await firstLine(cloud)), {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  return cloud;
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}
