import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addAdRowInPlace, createAdHistory } from '../lib/bids/adHistory.ts';
import { fitBidModel } from '../lib/bids/fitBidModel.ts';
import { drawMarket, type Market, runWeek } from '../lib/bids/market.ts';
import { bidSettings } from '../lib/bids/settings.ts';
import { suggestBids } from '../lib/bids/suggestBids.ts';
import { seededGenerator } from '../lib/math/random.ts';
import type { AdPerformance } from '../lib/tables/ads/adRows.ts';
import { machine, median, printTable } from './measure.ts';
import { pythonWith, runPython } from './python.ts';

/**
 * How long it takes to learn from 50,000 ads × 90 days, and to answer for 100 and for 2,000 ads, beside empirical Bayes as a
 * user would write it with pandas and SciPy on the same rows (`bench/scipy_bids.py`).
 */

const { values: given } = parseArgs({
  options: { ads: { type: 'string', default: '50000' }, days: { type: 'string', default: '90' } },
});
const ads = Number(given.ads);
const days = Number(given.days);
const settings = bidSettings.parse({});

const market = drawMarket(seededGenerator(1), {
  medianClicks: 30,
  adGroups: ads,
  campaigns: Math.ceil(ads / 100),
});
const history = createAdHistory();
const directory = await mkdtemp(join(tmpdir(), 'valuecast-bench-'));
try {
  const path = join(directory, 'ads.csv');
  await drawHistory(market, path);
  const before = process.memoryUsage().rss;
  const from = performance.now();
  const { model, ads: evidence } = fitBidModel(history, { settings, seed: 1 });
  const fitSeconds = (performance.now() - from) / 1000;
  const memory = (process.memoryUsage().rss - before) / 2 ** 20;
  const size = Buffer.byteLength(JSON.stringify(model)) / 2 ** 20;
  const title = `npx tsx bench/bids.ts: ${ads.toLocaleString('en')} ads × ${days} days, ${history.rows.toLocaleString('en')} rows, ${machine()}`;
  const answers = [100, 2000, ads].map((count) => timesToAnswer(count, count > 2000 ? 3 : 200));
  const python = pythonWith('scipy');
  const theirs =
    python &&
    (runPython(python.interpreter, 'scipy_bids.py', [path]) as { fitSeconds: number; answerSeconds: number });
  printTable(title, [
    ['step', 'seconds', 'pandas and SciPy'],
    ['fit', fitSeconds, theirs?.fitSeconds ?? ''],
    ...answers.map(({ count, middle, p99 }) => [
      `bids on ${count.toLocaleString('en')} ads, median (p99 ${(1000 * p99).toFixed(0)} ms)`,
      middle,
      count === ads ? (theirs?.answerSeconds ?? '') : '',
    ]),
  ]);
  process.stdout.write(
    `  model ${size.toFixed(2)} MB as JSON; the fit took ${memory.toFixed(0)} MB beside the rows' own\n`,
  );
  if (!theirs) process.stdout.write('  pandas and SciPy skipped: they are not here\n');

  function timesToAnswer(count: number, rounds: number): { count: number; middle: number; p99: number } {
    const asked = evidence.slice(0, count);
    const seconds = Array.from({ length: rounds + 20 }, () => {
      const begin = performance.now();
      suggestBids(model, asked, { settings, withCurves: count <= 2000 });
      return (performance.now() - begin) / 1000;
    }).slice(20);
    const sorted = [...seconds].sort((one, other) => one - other);
    return { count, middle: median(seconds), p99: sorted[Math.ceil(0.99 * sorted.length) - 1] as number };
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Weeks of human bids, a row per ad and day; into memory, and into a CSV for the script. */
async function drawHistory(market: Market, path: string): Promise<void> {
  const generator = seededGenerator(2);
  const { groups, weeklyBudget } = market;
  const bids = groups.map(({ humanBid }) => humanBid);
  const file = createWriteStream(path);
  file.write('id,campaign,date,clicks,conversions,spend,revenue,bid\n');
  for (let week = 0; 7 * week < days; week++) {
    const rows = runWeek(market, {
      ...{ generator, bids, firstDay: 20_000 + 7 * week, weeklyBudget: 2 * weeklyBudget },
    });
    const kept = rows.filter(({ date }) => Date.parse(date as string) / 86_400_000 < 20_000 + days);
    for (const row of kept) addAdRowInPlace(history, row);
    if (!file.write(kept.map(csvLine).join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

function csvLine(row: AdPerformance): string {
  const { id, campaign, date, clicks, conversions, spendMicros, revenueMicros, currentBidMicros } = row;
  return `${[id, campaign, date, clicks, conversions, spendMicros, revenueMicros, currentBidMicros].join(',')}\n`;
}
