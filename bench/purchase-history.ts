import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openShop, type Shop } from '../test/support/shop.ts';

/**
 * Who buys in the next 30 days, from order history: through the handlers on the local cloud, tested on the last 30 days of each history,
 * which no fit has seen. `npm run bench:purchase-history -- cdnow` or `-- retail`; both without a word. Each history has a process of its own,
 * as handlers remember the cloud that they met first.
 */

const data = join(import.meta.dirname, '../../shared/data');

interface History {
  name: string;
  settings: Record<string, unknown>;
  key: string;
  read: () => string | Uint8Array;
}

const retail = (lastDay: string): History => ({
  name: `Online Retail to ${lastDay}`,
  settings: { currency: 'GBP', timeZone: 'Europe/London', orders: { lastDay } },
  key: 'orders/retail.csv.gz',
  read: () => readFileSync(join(data, 'online-retail/online_retail.csv.gz')),
});

const histories: Record<string, History[]> = {
  cdnow: [
    {
      name: 'CDNOW, 23,570 customers, to 1998-06-30',
      settings: { currency: 'USD' },
      key: 'orders/cdnow.csv',
      read: readCdnow,
    },
  ],
  retail: ['2011-10-09', '2011-11-09', '2011-12-09'].map(retail),
};

async function main(): Promise<void> {
  if (!existsSync(data)) return print('skipped: ../shared/data is not there');
  const [asked = '', number] = process.argv.slice(2);
  const history = histories[asked]?.[Number(number)];
  if (history) return measure(history);
  for (const [name, ofName] of Object.entries(histories)) {
    if (asked !== '' && asked !== name) continue;
    for (const index of ofName.keys()) measureApart(name, index);
  }
}

function measureApart(name: string, index: number): void {
  const parameters = [...process.execArgv, import.meta.filename, name, String(index)];
  const { status } = spawnSync(process.execPath, parameters, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the history ${name} ${index} ended with ${status}`);
}

/** In a shop of its own, as one that turns into another overnight is held. */
async function measure(history: History): Promise<void> {
  const shop = await openShop();
  try {
    await shop.upload('settings.json', JSON.stringify(history.settings));
    await shop.upload(history.key, history.read());
    const seconds = [];
    for (const step of ['orders', 'train', 'score'] as const) {
      const from = performance.now();
      await shop[step]();
      seconds.push(`${step} ${((performance.now() - from) / 1000).toFixed(1)} s`);
    }
    print(`\n${history.name}: ${seconds.join(', ')}`);
    await tell(shop);
  } finally {
    await shop.close();
  }
}

async function tell(shop: Shop): Promise<void> {
  const { status, body } = await shop.get('/models/purchase?from=orders');
  if (status !== 200) return print(`no model: ${JSON.stringify(body)}`);
  const { report } = body;
  const { validation, calibration, deciles } = report;
  print(
    `fitted at ${validation.trainingCutoffs.join(', ')}; tested at ${validation.heldOutCutoff}: ${validation.heldOutRows} customers, ${validation.heldOutPositives} buyers; grade ${report.grade}`,
  );
  print('engine              calibration  AUC     AP      Brier   log-loss  behind the winner (95 %)');
  for (const { engine, calibration: method, metrics, logLossBehindChampion } of report.candidates) {
    const figures = [metrics.rocAuc, metrics.averagePrecision, metrics.brier, metrics.logLoss].map((value) =>
      value.toFixed(4),
    );
    const behind = logLossBehindChampion
      ? `${logLossBehindChampion.difference.toFixed(4)} (${logLossBehindChampion.low.toFixed(4)} to ${logLossBehindChampion.high.toFixed(4)})`
      : '';
    print(`${engine.padEnd(19)} ${method.padEnd(12)} ${figures.join('  ')}    ${behind}`);
  }
  print(
    `winner: mean probability ${calibration.meanProbability.toFixed(4)}, ${calibration.observedRate.toFixed(4)} bought; ` +
      `expected calibration error ${calibration.expectedCalibrationError.toFixed(4)}; lift of the first tenth ${deciles[0].lift.toFixed(2)}`,
  );
  print(
    `what matters: ${report.importance
      .slice(0, 5)
      .map(({ column }: { column: string }) => column)
      .join(', ')}`,
  );
  for (const { en } of report.verdict) print(`verdict: ${en}`);
}

function readCdnow(): string {
  const [, ...lines] = readFileSync(join(data, 'cdnow/master.txt'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => line.trim().split(/\s+/).join(','));
  return ['customer_id,date,quantity,amount', ...rows].join('\n');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
