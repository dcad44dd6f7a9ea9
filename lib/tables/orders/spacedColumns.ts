import type { TableSource } from '../types.ts';
import { orderProfiles } from './profiles.ts';

const names = (line: string): string => line.trim().split(/\s+/).join(',');
const spacedHeaders = new Set(
  orderProfiles.filter(({ spaced }) => spaced === true).map(({ signature }) => signature.join(',')),
);

/** Whether a header that came as one column is that of a layout whose columns are separated by blanks. */
export const isSpaced = (header: readonly string[]): boolean => {
  const [only = ''] = header;
  return header.length === 1 && spacedHeaders.has(names(only));
};

/** The file with a comma for each run of blanks between words, and none before the first word of a line. */
export function withCommas(source: TableSource): TableSource {
  return {
    key: source.key,
    async *open() {
      let atLineStart = true;
      let blanks = false;
      for await (const chunk of source.open()) {
        const out = Buffer.alloc(chunk.length * 2);
        let length = 0;
        for (const byte of chunk) {
          if (byte === space || byte === tab) {
            blanks = true;
            continue;
          }
          const lineEnd = byte === lf || byte === cr;
          if (blanks && !atLineStart && !lineEnd) out[length++] = comma;
          blanks = false;
          atLineStart = lineEnd;
          out[length++] = byte;
        }
        yield out.subarray(0, length);
      }
    },
  };
}

const [space, tab, lf, cr, comma] = [32, 9, 10, 13, 44];
