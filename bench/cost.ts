import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CostRecord, Prices, Usage } from './costRecord.ts';
import { printTable } from './measure.ts';

/**
 * `npm run cost`: US dollars per million customers, of what `npm run bench:cost` has measured (bench/records/cost.json) and the prices of
 * bench/records/prices.json. What grows with the customers is taken to grow in proportion, and a function on AWS to be as fast as here.
 */
const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'records', name), 'utf8'));
const record: CostRecord = read('cost.json');
const prices: Prices = read('prices.json');
const times = 1_000_000 / record.customers;
/** Of a month of 30 days. */
const sweeps = 30 * 24;

const lambda = ({ memoryMb, seconds }: Usage): number => (memoryMb / 1024) * seconds * prices.lambdaGbSecond;
const calls = ({ writeUnits, readUnits, s3Puts, s3Gets }: Usage): number =>
  (writeUnits * prices.dynamodbMillionWriteUnits + readUnits * prices.dynamodbMillionReadUnits) / 1e6 +
  (s3Puts * prices.s3ThousandPuts + s3Gets * prices.s3ThousandGets) / 1000;
const invocation = prices.lambdaMillionRequests / 1e6;
const dollars = (amount: number): string => amount.toFixed(amount < 0.01 ? 5 : 3);
const total = (usages: Usage[], cost: (usage: Usage) => number): number =>
  usages.reduce((sum, usage) => sum + cost(usage), 0);

const rows = Object.entries(record.run).map(([name, usage]) => [
  name,
  ((usage.memoryMb / 1024) * usage.seconds * times).toFixed(0),
  (usage.writeUnits * times).toFixed(0),
  (usage.readUnits * times).toFixed(0),
  (usage.s3Puts * times).toFixed(0),
  (usage.s3Gets * times).toFixed(0),
  dollars((lambda(usage) + calls(usage)) * times + invocation),
]);
printTable(`per million customers, one run of everything (${record.command}, ${record.machine})`, [
  ['function', 'GB-seconds', 'write units', 'read units', 'S3 puts', 'S3 gets', '$'],
  ...rows,
]);

const run = total(Object.values(record.run), (usage) => (lambda(usage) + calls(usage)) * times + invocation);
const sweep = total(Object.values(record.sweep), (usage) => lambda(usage) + calls(usage) + invocation);
const request =
  lambda(record.request) + calls(record.request) + invocation + prices.httpApiMillionRequests / 1e6;
const storage = ((record.inputBytes + record.resultBytes) * times * prices.s3GbMonth) / 1e9;
printTable('in US dollars', [
  ['', '$'],
  ['one run of everything, a million customers', dollars(run)],
  ['a month of daily runs, a million customers', dollars(30 * run)],
  ['a month of hourly sweeps that find nothing to do', dollars(sweeps * sweep)],
  ['a million requests GET /customers/{id}', dollars(1e6 * request)],
  ['a month of what S3 holds of one run, a million customers', dollars(storage)],
]);
process.stdout.write(`\nPrices: ${prices.source}.\n`);
