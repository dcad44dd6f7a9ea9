import type { ColumnEncoding, Encoder } from '../../features/encoder.ts';

/** Per table column, the matrix values of the most usual customer: the median, the more frequent answer, the first category. */
export const usualValues = ({ columns }: Encoder): number[][] =>
  columns.map((encoding) => [...usualOf(encoding), ...(encoding.missingIndicator ? [0] : [])]);

function usualOf(encoding: ColumnEncoding): number[] {
  switch (encoding.kind) {
    case 'numeric':
      return [encoding.median];
    case 'boolean':
      return [encoding.majority];
    case 'categorical': {
      const width = encoding.categories.length + (encoding.otherIndicator ? 1 : 0);
      return Array.from({ length: width }, (_, position) => (position === 0 ? 1 : 0));
    }
  }
}
