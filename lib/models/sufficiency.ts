import type { Encoder } from '../features/encoder.ts';
import type { EngineName } from './purchaseModel.ts';

/** Below these a 30 % hold-out has so few rows, or so few buyers, that its figures would say nothing. */
const minRows = 50;
const minRowsPerLabel = 10;

/** Why the rows do not allow a comparison of engines, if so, and the engine that they do allow. */
export function checkSufficiency(
  y: Uint8Array,
  encoder: Encoder,
): { simplestEngine: EngineName; reasons: string[] } {
  const rows = y.length;
  const positives = y.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === rows) {
    const all = positives === 0 ? 'nobody bought' : 'everybody bought';
    return {
      simplestEngine: 'baseRate',
      reasons: [`${all} in the ${rows} rows, so nothing tells buyers from others`],
    };
  }
  if (encoder.columns.length === 0) {
    return {
      simplestEngine: 'baseRate',
      reasons: ['no feature column varies, so nothing tells buyers from others'],
    };
  }
  const reasons: string[] = [];
  if (rows < minRows) reasons.push(`${rows} rows; at least ${minRows} are needed to measure the quality`);
  const smaller = Math.min(positives, rows - positives);
  if (smaller < minRowsPerLabel) {
    const who = positives <= rows - positives ? 'buyers' : 'customers who did not buy';
    reasons.push(`${smaller} ${who}; at least ${minRowsPerLabel} are needed to measure the quality`);
  }
  return { simplestEngine: 'logisticRegression', reasons };
}
