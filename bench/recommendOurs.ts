import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareRecommenders } from '../lib/marketing/recommend/compareRecommenders.ts';
import { modelPurchases } from '../lib/marketing/recommend/modelledPurchases.ts';
import { purchaseMatrix } from '../lib/marketing/recommend/purchaseMatrix.ts';
import { recommendCustomers } from '../lib/marketing/recommend/recommendCustomers.ts';
import { easeMostProducts, fitRecommender } from '../lib/marketing/recommend/recommender.ts';
import type { SalesTable } from '../lib/marketing/sales/salesTable.ts';
import { seededGenerator, uniform, uniformBelow } from '../lib/math/random.ts';

/** `recommendOurs.ts <customers> <products> <directory>`: leaves the purchases there, for others, and prints what ours took as JSON. */

const [customers = 0, products = 0] = process.argv.slice(2, 4).map(Number);
const directory = process.argv[4] as string;
const lastDay = 364;

const sales = drawSales();
const steps: { step: string; seconds: number; cpuSeconds: number }[] = [];
const comparison = step('compare', () =>
  compareRecommenders(sales, { firstDay: 0, lastDay, repeats: false, excluded: new Set(), seed: 1 }),
);
const name = products > easeMostProducts ? 'neighbours' : 'ease';
const matrix = step('fit', () => purchaseMatrix(sales, { lastDay, decayDays: 90 }));
const purchases = step('fit', () => modelPurchases(matrix));
const recommender = step('fit', () => fitRecommender(name, purchases, { repeats: false }));
const items = step('recommend', recommendAll);
const { maxRSS } = process.resourceUsage();
await writePurchases();
process.stdout.write(
  JSON.stringify({
    ...{ name, steps, items, winner: comparison?.winner, rows: comparison?.rows },
    peakMb: maxRSS / 1024,
  }),
);

function step<Result>(called: string, work: () => Result): Result {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  const known = steps.find((one) => one.step === called);
  const taken = { seconds: (performance.now() - from) / 1000, cpuSeconds: (user + system) / 1e6 };
  if (known === undefined) steps.push({ step: called, ...taken });
  else {
    known.seconds += taken.seconds;
    known.cpuSeconds += taken.cpuSeconds;
  }
  return result;
}

function recommendAll(): number {
  const made = recommendCustomers({
    ...{ recommender, purchases, matrix, repeats: false, count: 10 },
    isOffered: new Uint8Array(products).fill(1),
    segmentOf: new Int32Array(customers).fill(-1),
    segments: 0,
  });
  let count = 0;
  for (let customer = 0; customer < customers; customer++) count += made.at(customer).items.length;
  return count;
}

/** What the recommender was fitted to: rows of customers, items and weights. */
async function writePurchases(): Promise<void> {
  const write = (file: string, { buffer, byteOffset, byteLength }: Uint32Array | Float32Array) =>
    writeFile(join(directory, file), new Uint8Array(buffer, byteOffset, byteLength));
  await write('starts.bin', purchases.starts);
  await write('items.bin', purchases.item);
  await write('weights.bin', purchases.weight);
}

/** Some forty purchases each, of one of fifty tastes or of anything, popular products more often. */
function drawSales(): SalesTable {
  const generator = seededGenerator(11);
  const perCustomer = 40;
  const rows = customers * perCustomer;
  const table: SalesTable = {
    customerIds: Array.from({ length: customers }, (_, customer) => `c${customer}`),
    groupSizes: [customers],
    products: Array.from({ length: products }, (_, product) => `p${product}`),
    categories: Array.from({ length: products }, () => null),
    customer: new Int32Array(rows),
    product: new Int32Array(rows),
    saleDay: new Int32Array(rows),
    knownDay: new Int32Array(rows),
    units: new Float64Array(rows).fill(1),
  };
  for (let customer = 0; customer < customers; customer++) {
    const taste = uniformBelow(generator, 50);
    const days = Int32Array.from({ length: perCustomer }, () => uniformBelow(generator, lastDay + 1)).sort();
    for (const [at, day] of days.entries()) {
      const row = customer * perCustomer + at;
      const drawn = Math.floor(products * uniform(generator) ** 2);
      const product = uniform(generator) < 0.6 ? drawn - (drawn % 50) + taste : drawn;
      table.customer[row] = customer;
      table.product[row] = Math.min(products - 1, product);
      table.saleDay[row] = day;
      table.knownDay[row] = day;
    }
  }
  return table;
}
