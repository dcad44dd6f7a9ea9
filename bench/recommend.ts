import { compareRecommenders } from '../lib/marketing/recommend/compareRecommenders.ts';
import { modelPurchases } from '../lib/marketing/recommend/modelledPurchases.ts';
import { purchaseMatrix } from '../lib/marketing/recommend/purchaseMatrix.ts';
import { recommendCustomers } from '../lib/marketing/recommend/recommendCustomers.ts';
import { fitRecommender } from '../lib/marketing/recommend/recommender.ts';
import type { SalesTable } from '../lib/marketing/sales/salesTable.ts';
import { seededGenerator, uniform, uniformBelow } from '../lib/math/random.ts';

/**
 * `npm run bench:recommend`: what a run does with the purchases of 100,000 customers: recommenders compared on held-out days, the winner
 * fitted, and ten products for each customer. With 3,000 products by EASE, with 20,000 by neighbours.
 */

const customers = 100_000;
const lastDay = 364;

for (const products of [3000, 20_000]) {
  const sales = drawSales(products);
  const begin = performance.now();
  const comparison = compareRecommenders(sales, {
    firstDay: 0,
    lastDay,
    repeats: false,
    excluded: new Set(),
    seed: 1,
  });
  const compared = performance.now();
  const matrix = purchaseMatrix(sales, { lastDay, decayDays: 90 });
  const purchases = modelPurchases(matrix);
  const name = products > 3500 ? 'neighbours' : 'ease';
  const recommender = fitRecommender(name, purchases, { repeats: false });
  const fitted = performance.now();
  const made = recommendCustomers({
    ...{ recommender, purchases, matrix, repeats: false, count: 10 },
    isOffered: new Uint8Array(products).fill(1),
    segmentOf: new Int32Array(customers).fill(-1),
    segments: 0,
  });
  let items = 0;
  for (let customer = 0; customer < customers; customer++) items += made.at(customer).items.length;
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(1)} s`;
  const end = performance.now();
  process.stdout.write(
    `${customers} customers × ${products} products, ${sales.units.length} purchases, ${name}: compare ${seconds(begin, compared)} ` +
      `(winner ${comparison?.winner}), fit ${seconds(compared, fitted)}, ${items} recommendations ${seconds(fitted, end)}, ` +
      `in all ${seconds(begin, end)}; peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`,
  );
}

/** Some forty purchases each, of one of fifty tastes or of anything, popular products more often. */
function drawSales(products: number): SalesTable {
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
