import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawGamma } from '../lib/math/draws.ts';
import { seededGenerator } from '../lib/math/random.ts';
import { bootstrapBuyingModel } from '../lib/models/btyd/bootstrap.ts';
import { fitBgNbd, fitMbgNbd } from '../lib/models/btyd/fitBetaGeometric.ts';
import { fitGammaGamma } from '../lib/models/btyd/fitGammaGamma.ts';
import { fitParetoNbd } from '../lib/models/btyd/fitParetoNbd.ts';
import { expectedOrderValue } from '../lib/models/btyd/gammaGammaModel.ts';
import { predictHistories } from '../lib/models/btyd/predictHistories.ts';
import { groupHistories, type HistoryColumns } from '../lib/models/btyd/purchaseHistory.ts';
import { customerValues } from '../lib/value/lifetimeValue.ts';
import { type DrawnBuyers, drawHistories } from '../test/support/drawBuyers.ts';
import { machine, printTable } from './measure.ts';
import { pythonWith, runPython } from './python.ts';
import { measureValueStep } from './valueStep.ts';

/**
 * How long the value of every customer takes, beside the Python package `lifetimes` on the same histories, and then the whole step of a
 * run: models judged on a holdout, forecasts with intervals, tiers, RFM groups, clusters and moves since a run before.
 */

const { values: given } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    pareto: { type: 'boolean', default: false },
    bootstrap: { type: 'boolean', default: false },
    step: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const customers = Number(given.customers);

interface Shop {
  histories: HistoryColumns;
  orders: Float64Array;
  meanValue: Float64Array;
}

interface Findings {
  seconds: Record<string, number>;
  expectedPurchases: number;
}

const shop = drawShop();
const ours = measureOurs(shop);
const python = pythonWith('lifetimes');
const theirs = python && (await measureTheirs(python.interpreter));
const rows = Object.entries(ours.seconds).map(([step, seconds]) => {
  const other = theirs?.seconds[step];
  return [step, seconds, other ?? '', other === undefined ? '' : other / seconds];
});
printTable(
  `npx tsx bench/value.ts: ${customers.toLocaleString('en')} customers, ${ours.histories} distinct histories, ${machine()}`,
  [['step', 'seconds', `lifetimes ${python?.version ?? ''}`, 'times faster'], ...rows],
);
if (theirs) {
  const both = Object.keys(theirs.seconds);
  const total = ({ seconds }: Findings): number => both.reduce((sum, step) => sum + (seconds[step] ?? 0), 0);
  // grouping is part of our fits
  const faster = total(theirs) / (total(ours) + (ours.seconds.grouping ?? 0));
  process.stdout.write(`  fits and predictions together: ${faster.toFixed(1)} times faster\n`);
  const off = ours.expectedPurchases / theirs.expectedPurchases - 1;
  process.stdout.write(`  expected purchases of the year differ by ${(100 * off).toFixed(3)} %\n`);
} else {
  process.stdout.write(
    '  lifetimes skipped: it is not here; python3 -m venv .local/bench-python && .local/bench-python/bin/pip install lifetimes\n',
  );
}
if (given.step) {
  const step = measureValueStep(customers);
  printTable(`the whole step of a run, ${machine()}`, [['step', 'seconds'], ...Object.entries(step.seconds)]);
  process.stdout.write(`  ${step.sentence}\n`);
}
process.stdout.write(`  memory at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`);

/** Two years of a shop, by the day. */
function drawShop(): Shop {
  const generator = seededGenerator(1);
  const histories: DrawnBuyers = drawHistories(
    { kind: 'mbgNbd', r: 0.6, alpha: 50, a: 0.8, b: 2.5 },
    { generator, customers, ages: [1, 730], wholeDays: true },
  );
  const orders = histories.frequency.map((repeats) => repeats + 1);
  const meanValue = orders.map(
    (count) => drawGamma(generator, 6 * count) / ((drawGamma(generator, 4) / 20) * count),
  );
  return { histories, orders, meanValue };
}

function measureOurs({ histories, orders, meanValue }: Shop): Findings & { histories: number } {
  const seconds: Record<string, number> = {};
  const timed = <Result>(step: string, work: () => Result): Result => {
    const from = performance.now();
    const result = work();
    seconds[step] = (performance.now() - from) / 1000;
    return result;
  };
  const groups = timed('grouping', () => groupHistories(histories));
  timed('BG/NBD', () => fitBgNbd(groups));
  const model = timed('MBG/NBD', () => fitMbgNbd(groups));
  const values = timed('Gamma-Gamma', () => fitGammaGamma({ orders, meanValue }));
  const pareto = given.pareto ? timed('Pareto/NBD', () => fitParetoNbd(groups)) : null;
  const year = timed('predictions', () => {
    const predictions = predictHistories(model, groups, { horizon: 30, month: 365.25 / 12 });
    const orderValue = orders.map((count, customer) =>
      expectedOrderValue(values, { orders: count, meanValue: meanValue[customer] as number }),
    );
    customerValues({ predictions, groupOf: groups.groupOf, orderValue, margin: 0.3 });
    return predictions.expectedPurchasesInMonths;
  });
  if (pareto !== null)
    timed('predictions, Pareto/NBD', () =>
      predictHistories(pareto, groups, { horizon: 30, month: 365.25 / 12 }),
    );
  if (given.bootstrap)
    timed('bootstrap of 200, MBG/NBD', () =>
      bootstrapBuyingModel(model, groups, { generator: seededGenerator(2) }),
    );
  const expectedPurchases = groups.counts.reduce(
    (sum, count, group) => sum + count * (year[group] as number),
    0,
  );
  return { seconds, expectedPurchases, histories: groups.counts.length };
}

async function measureTheirs(interpreter: string): Promise<Findings> {
  const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
  try {
    const path = join(directory, 'histories.csv');
    const { frequency, recency, age } = shop.histories;
    const lines = Array.from(frequency, (x, index) =>
      [x, recency[index], age[index], shop.orders[index], shop.meanValue[index]].join(','),
    );
    await writeFile(path, `frequency,recency,age,orders,mean_value\n${lines.join('\n')}\n`);
    return runPython(interpreter, 'lifetimes_value.py', [path, given.pareto ? 'yes' : 'no']) as Findings;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
