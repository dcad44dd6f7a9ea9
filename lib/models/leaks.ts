import type { FeatureColumn, TrainingTable } from '../tables/types.ts';
import { rocAuc } from './metrics.ts';
import type { Leak } from './purchaseReport.ts';

/** Few honest features tell buyers from others so well alone. */
const suspiciousAuc = 0.97;
/** Correlation of two columns of two values each, from which one is a copy of the other. */
const copyCorrelation = 0.95;
/** The chance that rows which differ from all non-buyers are buyers without exception. */
const chanceOfCoincidence = 1e-6;

/**
 * Columns that seem to know the label: because they were written after the purchase, or because of it. They are named, not
 * dropped: a shop may have a reason, and `excludeColumns` for those without.
 */
export function detectLeaks({ columns, labels }: TrainingTable): Leak[] {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length) return [];
  return columns.flatMap((column) => {
    const found = leakOf(column, labels, positives / labels.length);
    return found === null ? [] : [found];
  });
}

function leakOf(column: FeatureColumn, y: Uint8Array, share: number): Leak | null {
  const { name } = column;
  const auc = aucAlone(column, y);
  const leak = (code: Leak['code'], finding: string): Leak => ({
    column: name,
    code,
    message: `"${name}" ${finding}. If it is known only after the purchase, name it in purchase.excludeColumns.`,
    rocAuc: auc,
  });
  const correlation = correlationOfTwoValues(column, y);
  if (correlation >= copyCorrelation)
    return leak('copyOfLabel', `is nearly the label itself (correlation ${correlation.toFixed(3)})`);
  if (auc > suspiciousAuc)
    return leak('tellsTheLabel', `alone tells buyers from others with an AUC of ${auc.toFixed(3)}`);
  if (isConstantOutsideLabel(column, y, share))
    return leak('constantOutsideLabel', 'is the same for everyone who did not buy, and differs among buyers');
  return null;
}

/** Of numbers the better of two directions, or of being there at all, which may say more than the number. */
function aucAlone(column: FeatureColumn, y: Uint8Array): number {
  if (column.kind === 'categorical') return oneWay(y, ratesOfOtherHalf(column.values, y));
  const values: (number | null)[] = column.values;
  const present = Uint32Array.from(values.keys()).filter((row) => values[row] !== null);
  const labels = Uint8Array.from(present, (row) => y[row] as number);
  const auc = oneWay(
    labels,
    Float64Array.from(present, (row) => values[row] as number),
  );
  const byGap = oneWay(
    y,
    Float64Array.from(values, (value) => (value === null ? 1 : 0)),
  );
  return Math.max(auc, 1 - auc, byGap, 1 - byGap);
}

const oneWay = (y: Uint8Array, scores: Float64Array): number => rocAuc(y, scores) ?? 0.5;

/** The share of buyers of each row's category among the rows of other parity: a column of names tells nothing by that. */
function ratesOfOtherHalf(values: readonly (string | null)[], y: Uint8Array): Float64Array {
  const share = y.reduce((sum, label) => sum + label, 0) / y.length;
  const halves = [0, 1].map(() => new Map<string | null, { rows: number; buyers: number }>());
  for (const [row, value] of values.entries()) {
    const half = halves[row % 2] as (typeof halves)[number];
    const { rows, buyers } = half.get(value) ?? { rows: 0, buyers: 0 };
    half.set(value, { rows: rows + 1, buyers: buyers + (y[row] as number) });
  }
  return Float64Array.from(values, (value, row) => {
    const { rows, buyers } = halves[1 - (row % 2)]?.get(value) ?? { rows: 0, buyers: 0 };
    return (buyers + share) / (rows + 1);
  });
}

/** |φ| between the label and being the one of two values, or being there at all; 0 for a column of more values. */
function correlationOfTwoValues({ values }: FeatureColumn, y: Uint8Array): number {
  const cells: (string | number | null)[] = values;
  const distinct = [...new Set(cells)];
  const present = distinct.filter((value) => value !== null);
  const isOne = present.length === 2 ? present[0] : distinct.length > present.length ? null : undefined;
  if (isOne === undefined) return 0;
  const counts = [
    [0, 0],
    [0, 0],
  ] as [[number, number], [number, number]];
  for (const [row, value] of cells.entries()) counts[value === isOne ? 1 : 0][y[row] as 0 | 1] += 1;
  const [[a, b], [c, d]] = counts;
  const scale = Math.sqrt((a + b) * (c + d) * (a + c) * (b + d));
  return scale === 0 ? 0 : Math.abs(a * d - b * c) / scale;
}

function isConstantOutsideLabel({ values }: FeatureColumn, y: Uint8Array, share: number): boolean {
  const cells: (string | number | null)[] = values;
  const first = cells[y.indexOf(0)];
  let different = 0;
  for (const [row, value] of cells.entries()) {
    if (value === first) continue;
    if (y[row] === 0) return false;
    different += 1;
  }
  return different > 0 && different * Math.log(share) < Math.log(chanceOfCoincidence);
}
