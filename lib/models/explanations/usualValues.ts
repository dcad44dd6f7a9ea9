import type { ColumnEncoding, Encoder } from '../../features/encoder.ts';
import { cellsOfCategory } from '../../features/matrix.ts';

/** Per table column, the matrix values of the most usual customer: the median, the more frequent answer, the first category. */
export const usualValues = ({ columns }: Encoder): number[][] => columns.map(usualOf);

function usualOf(encoding: ColumnEncoding): number[] {
  if (encoding.kind === 'categorical') return cellsOfCategory(encoding, encoding.categories[0] ?? null);
  const usual = encoding.kind === 'numeric' ? encoding.median : encoding.majority;
  return encoding.missingIndicator ? [usual, 0] : [usual];
}
