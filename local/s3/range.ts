import { S3Error } from './errors.ts';

export interface ByteRange {
  start: number;
  length: number;
}

/**
 * What a Range header selects; null for the whole object. Several ranges at once, and what is not a range of bytes,
 * select the whole, as S3 has it.
 */
export function parseRange(value: string | undefined, sizeBytes: number): ByteRange | null {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(value ?? '');
  const first = match?.[1] ?? '';
  const last = match?.[2] ?? '';
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(sizeBytes - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  if (start >= sizeBytes) {
    throw new S3Error('InvalidRange', { RangeRequested: value ?? '', ActualObjectSize: String(sizeBytes) });
  }
  return { start, length: end - start + 1 };
}

export const contentRange = ({ start, length }: ByteRange, sizeBytes: number): string =>
  `bytes ${start}-${start + length - 1}/${sizeBytes}`;
