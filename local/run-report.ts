import type { BidList, PurchaseModel, RunInWords, RunSummary, Segments, ValueModel } from './api-client.ts';

/** What came out, in words and figures for whoever dropped the files. Every function gives lines. */

export function segmentLines({ customers: all, currency, ...answer }: Segments): string[] {
  if (all === null || currency === null) return [];
  const money = moneyFormat(currency);
  const rows = answer.segments.map(({ segment, customers, shareOfCustomers, spend, shareOfSpend }) => [
    `  ${segment}`,
    count(customers),
    percent(shareOfCustomers),
    money(spend),
    `${percent(shareOfSpend)} of spend`,
  ]);
  const heading = `Customers   ${count(all)} in three tiers (${answer.scale} score, ${answer.method} edges)`;
  return [heading, ...aligned(rows)];
}

/** Tiers and groups of the order history, and how its model did on days that it had not seen. */
export function valueLines(
  answer: NonNullable<Segments['history']>,
  { choice, noHoldout }: ValueModel,
): string[] {
  const { currency, total, tiers, rfmGroups } = answer;
  const money = moneyFormat(currency);
  const rows = [...tiers, ...rfmGroups].map(
    ({ segment, customers, shareOfCustomers, historic, next12m, shareOfNext12m }) => [
      `  ${segment}`,
      count(customers),
      percent(shareOfCustomers),
      `${money(historic)} so far`,
      next12m === null ? 'no forecast' : `${money(next12m)} expected`,
      percent(shareOfNext12m),
    ],
  );
  const { customers, next12m, low, high } = total;
  const expected =
    next12m === null
      ? 'ranked by what they have spent'
      : `expected to spend ${money(next12m)} in 12 months (90 %: ${money(low ?? 0)} to ${money(high ?? 0)})`;
  const heading = `Worth       ${count(customers)} customers, ${expected}`;
  return [heading, ...aligned(rows), `  ${choice?.sentence ?? noHoldout ?? ''}`];
}

export function modelLines(model: PurchaseModel): string[] {
  const heading = `Who buys    ${model.engine}, fitted on ${count(model.rows)} customers, ${count(model.positives)} of whom bought`;
  if (model.status !== 'ok' || model.metrics === null || model.baseline === null)
    return [heading, `  insufficient data: ${model.reasons.join('; ') || 'nothing could be held out'}`];
  const { metrics, baseline } = model;
  const rows = [
    ['  ROC-AUC', figure(metrics.rocAuc), `base rate ${figure(baseline.rocAuc)}`],
    [
      '  average precision',
      figure(metrics.averagePrecision),
      `base rate ${figure(baseline.averagePrecision)}`,
    ],
    ['  Brier score, lower is better', figure(metrics.brier), `base rate ${figure(baseline.brier)}`],
    ['  log-loss, lower is better', figure(metrics.logLoss), `base rate ${figure(baseline.logLoss)}`],
  ];
  return [heading, `  on ${count(model.heldOutRows)} customers held out of the fit:`, ...aligned(rows)];
}

export function bidLines(answer: BidList, { top = 5 } = {}): string[] {
  return 'portfolio' in answer ? portfolioLines(answer, top) : linearBidLines(answer, top);
}

type LinearBidList = Extract<BidList, { label: 'baseline' }>;
type PortfolioBidList = Exclude<BidList, LinearBidList>;

/** The bids that move most, and what all of them bring. */
function portfolioLines({ portfolio, bids, currency }: PortfolioBidList, top: number): string[] {
  const money = moneyFormat(currency, 2);
  const inUnits = (micros: number) => money(micros / 1e6);
  const moves = bids
    .filter(({ currentBidMicros }) => currentBidMicros !== null && currentBidMicros > 0)
    .map((bid) => ({ ...bid, move: bid.suggestedBidMicros / (bid.currentBidMicros as number) - 1 }))
    .sort((one, other) => Math.abs(other.move) - Math.abs(one.move))
    .slice(0, top);
  const rows = moves.map(({ id, currentBidMicros, suggestedBidMicros, move, status, valuePerClick }) => [
    `  ${id}`,
    `${inUnits(currentBidMicros ?? 0)} to ${inUnits(suggestedBidMicros)}`,
    `${move < 0 ? '' : '+'}${percent(move, 0)}`,
    `a click is worth ${inUnits(valuePerClick.lowMicros)} to ${inUnits(valuePerClick.highMicros)}`,
    status,
  ]);
  const { cycleDays, expectedSpendMicros, expectedValueMicros, lowMicros, highMicros, budgetMicros } =
    portfolio;
  const within = budgetMicros === null ? '' : ` of a budget of ${inUnits(budgetMicros)}`;
  return [
    `Bids        the ${portfolio.policy} policy, the largest moves of ${count(bids.length)} bids`,
    ...aligned(rows),
    `  in ${cycleDays} days: spends ${inUnits(expectedSpendMicros)}${within}, brings ${inUnits(expectedValueMicros)} (${inUnits(lowMicros)} to ${inUnits(highMicros)})`,
  ];
}

function linearBidLines(answer: LinearBidList, top: number): string[] {
  const money = moneyFormat(answer.currency, 2);
  const best = answer.bids
    .filter((bid) => bid.suggestedBid !== null)
    .sort((left, right) => (right.suggestedBid ?? 0) - (left.suggestedBid ?? 0))
    .slice(0, top);
  const rows = best.map(({ adId, suggestedBid, clickRate, conversionRate }) => [
    `  ${adId}`,
    money(suggestedBid ?? 0),
    `click rate ${percent(clickRate, 2)}`,
    `conversion rate ${percent(conversionRate, 2)}`,
  ]);
  return [`Bids        the highest of the ${answer.policy} policy, a ${answer.label}`, ...aligned(rows)];
}

/** The summary of a run, a sentence a line. */
export const wordLines = (title: string, { headline, text }: RunInWords): string[] => [
  `${title.padEnd(12)}${headline}`,
  ...text.split(/(?<=\.) (?=\p{L}|\d)/u).map((sentence) => `  ${sentence}`),
];

/** How far a run under way has come; null where it does not tell. */
export function progressLine({ dataset, status, progress }: RunSummary): string | null {
  if (status !== 'processing' || progress === undefined) return null;
  const { step, engine, candidates, trees, rows, done } = progress;
  const parts = [
    `${step}${engine === null ? '' : ` ${engine}`}`,
    ...(candidates === null ? [] : [`${candidates.done} of ${candidates.of} candidates done`]),
    ...(trees === null ? [] : [`tree ${trees.done} of ${trees.of}`]),
    `${count(rows)} rows, ${percent(done, 0)}`,
  ];
  return `${dataset}: ${parts.join(', ')}`;
}

/** One line for a run that has ended. */
export function runLine(run: RunSummary): string {
  const { rowsIn = 0, rowsOk = 0, rowsQuarantined = 0 } = run.counts;
  if (run.status !== 'published') return `${run.dataset} ${run.status}: ${problemText(run)}`;
  const aside =
    rowsQuarantined === 0 ? '' : `, ${count(rowsQuarantined)} set aside in ${run.rejects.join(', ')}`;
  return `${run.dataset} published: ${count(rowsOk)} of ${count(rowsIn)} rows used${aside}`;
}

function problemText(run: RunSummary): string {
  const texts = run.problems.map(({ file, message }) =>
    file === undefined || message.includes(file) ? message : `${file}: ${message}`,
  );
  return texts.join('; ') || 'no reason was recorded';
}

/** Columns of equal width; all but the first align on the right. */
function aligned(rows: string[][]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   '),
  );
}

const count = (value: number): string => value.toLocaleString('en');
const figure = (value: number | null): string => (value === null ? 'n/a' : value.toFixed(3));
const percent = (value: number | null, digits = 1): string =>
  value === null ? 'unknown' : `${(100 * value).toFixed(digits)} %`;

function moneyFormat(currency: string, digits = 0): (value: number) => string {
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return (value) => format.format(value);
}
