import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bundleFunctions } from '../local/bundle.ts';
import { projectDirectory } from '../local/cloud.ts';
import { readServiceFile } from '../local/service-file.ts';
import { machine, median, printTable } from './measure.ts';

/** Size of each function's bundle, and what loading it adds to the start of a process: Lambda's cold start without the machine's. */

const runs = 15;
const empty = medianMs('');

const rows = (await bundleFunctions(projectDirectory, readServiceFile(projectDirectory))).map(
  ({ functionName, file, bytes }) => [
    functionName,
    `${Math.round(bytes / 1024)}`,
    `${Math.round(gzipSync(readFileSync(file)).length / 1024)}`,
    (medianMs(`require(${JSON.stringify(file)})`) - empty).toFixed(0),
  ],
);
printTable(`Bundles and cold import (median of ${runs} processes, less an empty one), ${machine()}`, [
  ['function', 'KiB', 'KiB gzip', 'import ms'],
  ...rows,
]);

function medianMs(script: string): number {
  const times = Array.from({ length: runs }, () => {
    const from = performance.now();
    execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' });
    return performance.now() - from;
  });
  return median(times);
}
