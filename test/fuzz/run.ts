import { parseArgs } from 'node:util';
import { openFuzzedApi } from './api.ts';
import { fuzz, hardlyTried, type Tally } from './fuzz.ts';

/** `npm run fuzz -- --requests 20000 --seed 7`: requests made from docs/openapi.json, over the demo shop on a local cloud. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
  });
  const [requests, seed] = [Number(values.requests), Number(values.seed)];
  const api = await openFuzzedApi({ seed: 5, customers: 300 });
  const tally: Tally = new Map();
  const startedMs = performance.now();
  try {
    await fuzz(api, { requests, seed, tally });
  } finally {
    print(tally);
    await api.close();
  }
  console.log(
    `${requests} requests of seed ${seed} in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`,
  );
  const { never, hardly } = hardlyTried(api, tally);
  for (const operation of [...never, ...hardly]) console.log(`hardly tried: ${operation}`);
  return never.length;
}

function print(tally: Tally): void {
  for (const [operation, byStatus] of [...tally].sort(([a], [b]) => a.localeCompare(b))) {
    const statuses = [...byStatus].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    console.log(`${operation.padEnd(36)} ${statuses.join('  ')}`);
  }
}

main().then(
  (faults) => process.exit(faults === 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
