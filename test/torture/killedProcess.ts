import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HandlerName, World } from './world.ts';

/** Runs a handler in a process of its own, which sends itself SIGKILL at a call; answers whether it came so far. */
export async function invokeAndKill(
  { platform }: World,
  { handler, at }: { handler: HandlerName; at: number },
): Promise<boolean> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(import.meta.url), handler, String(at)],
    {
      env: {
        ...process.env,
        TABLE_NAME: platform.table.name,
        UPLOADS_BUCKET: platform.uploadsBucket,
        RESULTS_BUCKET: platform.resultsBucket,
      },
      stdio: 'ignore',
    },
  );
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject).once('exit', (_, by) => resolve(by));
  });
  return signal === 'SIGKILL';
}

async function main(handler: string, at: number): Promise<void> {
  const { dataWiring } = await import('../../functions/wiring/dataWiring.ts');
  const { objects, table } = dataWiring();
  let calls = 0;
  const killer = (next: (args: object) => Promise<object>) => async (args: object) => {
    if (calls++ === at) process.kill(process.pid, 'SIGKILL');
    return next(args);
  };
  for (const { middlewareStack } of [objects.client, table.client]) {
    // biome-ignore lint/suspicious/noExplicitAny: the stacks of the two clients have types of their own, and this needs neither.
    (middlewareStack as any).add(killer, { step: 'finalizeRequest', priority: 'low' });
  }
  const module = (await import(`../../functions/${handler}.ts`)) as { handler: () => Promise<unknown> };
  await module.handler();
  process.exit(0);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await main(process.argv[2] ?? '', Number(process.argv[3]));
