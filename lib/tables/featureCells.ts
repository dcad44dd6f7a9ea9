import type { NumberCells } from './numberCells.ts';
import { isMissingNumber, parseNumber } from './numbers.ts';
import { restoreText } from './spreadsheetText.ts';
import type { FeatureKind } from './types.ts';

const trueWords = new Set(['true', 'yes', 'y', '是', '1']);
const falseWords = new Set(['false', 'no', 'n', '否', '0']);
const missingWords = new Set(['', 'null', 'n/a', '#n/a']);

/** 1 or 0 for the words that mean yes or no; null for any other. */
export function readBoolean(cell: string): 0 | 1 | null {
  const word = cell.trim().toLowerCase();
  if (trueWords.has(word)) return 1;
  return falseWords.has(word) ? 0 : null;
}

/** A feature's cell as its kind is read; null where it is missing. */
export function readFeature(
  cell: string,
  kind: FeatureKind,
  numbers: NumberCells,
): { value: number | string | null } | { reason: string } {
  if (kind === 'categorical') return { value: isMissingText(cell) ? null : restoreText(cell).trim() };
  if (isMissingNumber(cell)) return { value: null };
  if (kind === 'boolean') {
    const value = readBoolean(cell);
    return value === null ? { reason: 'the cell is neither yes nor no' } : { value };
  }
  const value = numbers.read(cell, { rate: cell.includes('%') });
  return typeof value === 'string' ? { reason: value } : { value };
}

const isMissingText = (cell: string): boolean => missingWords.has(cell.trim().toLowerCase());

/** Share of a column's cells that must be of a kind; the rest are then bad cells and not a sign of another kind. */
const agreeing = 0.95;

/** Counts what a column's cells look like, to tell its kind. */
export class KindEvidence {
  #cells = 0;
  #numbers = 0;
  #booleans = 0;

  see(cell: string): void {
    if (isMissingNumber(cell)) return;
    this.#cells++;
    // NaN, infinities and 1,234 are numbers gone wrong, so they speak for a numeric column and are then bad cells.
    if (parseNumber(cell).kind !== 'notNumber') this.#numbers++;
    if (readBoolean(cell) !== null) this.#booleans++;
  }

  /** Joins what another file's column of the same name has shown. */
  add(other: KindEvidence): void {
    this.#cells += other.#cells;
    this.#numbers += other.#numbers;
    this.#booleans += other.#booleans;
  }

  /** Null for a column without a single value. */
  kind(): FeatureKind | null {
    if (this.#cells === 0) return null;
    if (this.#numbers >= agreeing * this.#cells) return 'numeric';
    return this.#booleans >= agreeing * this.#cells ? 'boolean' : 'categorical';
  }
}
