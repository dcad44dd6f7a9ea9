import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, latestRuns, type RunSummary } from './api-client.ts';
import type { CloudProcess } from './cloud-process.ts';
import { progressLine } from './run-report.ts';

export interface Watched {
  api: Pick<ApiClient, 'runs'>;
  cloud: Pick<CloudProcess, 'pending' | 'onActivity'>;
}

/**
 * Resolves when nothing is on its way any more and every expected dataset is published, or when it has been quiet for
 * a second, so that nothing will be.
 */
export async function waitForRuns({ api, cloud, expected }: Watched & { expected: string[] }): Promise<void> {
  const quietEnoughMs = expected.length > 0 ? 1000 : 300;
  let quietSince = performance.now();
  for (;;) {
    await sleep(50);
    if (cloud.pending() > 0) quietSince = performance.now();
    else if (performance.now() - quietSince > quietEnoughMs) return;
    else if (expected.length > 0 && (await allPublished(api, expected))) return;
  }
}

async function allPublished(api: Pick<ApiClient, 'runs'>, expected: string[]): Promise<boolean> {
  const latest = latestRuns(await api.runs());
  return expected.every((dataset) => latest.get(dataset)?.status === 'published');
}

/** Tells how far runs have come that take long, until it is stopped; what has not moved is not told again. */
export function followProgress(
  { api, cloud }: Watched,
  tell: (line: string) => void,
  { everyMs = 3000 }: { everyMs?: number } = {},
): () => void {
  const told = new Map<string, string | null>();
  const look = async (): Promise<void> => {
    if (cloud.pending() === 0) return;
    for (const run of await api.runs().catch(() => [])) {
      const line = progressLine(run);
      if (line !== null && told.get(run.runId) !== line) tell(line);
      told.set(run.runId, line);
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return () => clearInterval(timer);
}

/** Tells every run that ends from now on, once. */
export function followRuns(
  { api, cloud }: Watched,
  seen: RunSummary[],
  tell: (run: RunSummary) => void,
): void {
  const told = new Set(seen.map(endOf));
  let asking = false;
  let askAgain = false;
  const ask = async () => {
    askAgain = asking;
    if (asking) return;
    asking = true;
    // The last moves of a run come together.
    await sleep(100);
    const runs = await api.runs().catch(() => []);
    for (const run of runs.reverse()) {
      if (run.finishedAt === undefined || told.has(endOf(run))) continue;
      told.add(endOf(run));
      tell(run);
    }
    asking = false;
    if (askAgain) await ask();
  };
  cloud.onActivity(() => void ask());
}

const endOf = (run: RunSummary): string => `${run.runId} ${run.status} ${run.finishedAt}`;
