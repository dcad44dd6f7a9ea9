import { type DecimalMark, isMissingNumber, parseNumber } from '../numbers.ts';
import { UnsurveyedCell } from '../survey.ts';
import type { TableNote } from '../types.ts';

/** As many digits as a double holds whatever they are. */
const exactDigits = 15;

/**
 * Reads the number cells of one file exactly, as `digits` × 10^-`scale`. The last reading is left in the fields, as
 * there are several cells in each of many millions of rows.
 */
export class DecimalReader {
  digits = 0;
  scale = 0;
  /** Currency sign or code that the cell carried. */
  sign: string | null = null;
  grouped = 0;
  decimalCommas = 0;
  cutFractions = 0;
  #mark: DecimalMark;
  readonly #surveyed: boolean;
  #pointAndThreeDigits = 0;

  constructor({ mark, surveyed }: { mark: DecimalMark; surveyed: boolean }) {
    this.#mark = mark;
    this.#surveyed = surveyed;
  }

  /** Whether the file has shown so far that it writes decimals with a point. */
  get pointIsDecimal(): boolean {
    return this.#mark === '.';
  }

  /** Null, or the reason why the cell is no number. Throws `UnsurveyedCell` where the rest of the file has to decide. */
  read(cell: string, whole = false): string | null {
    this.sign = null;
    return this.#plain(cell) ? null : this.#dressed(cell, whole);
  }

  /** How the numbers that were read were written. */
  notes(): TableNote[] {
    const notes: [code: string, count: number, message: string][] = [
      ['groupedNumbers', this.grouped, 'Numbers with separators for thousands, such as 1,234.56, were read.'],
      ['decimalCommas', this.decimalCommas, 'Numbers were read with the comma as their decimal mark.'],
      ['cutFractions', this.cutFractions, 'Numbers of more than 15 digits were cut to 15.'],
    ];
    return notes.flatMap(([code, count, message]) => (count > 0 ? [{ code, message, count }] : []));
  }

  /** Digits, with one point at most where the file is known to write decimals with it: the common case, and the fast one. */
  #plain(cell: string): boolean {
    const { length } = cell;
    if (length === 0 || length > exactDigits) return false;
    const negative = cell.charCodeAt(0) === 45;
    const start = negative ? 1 : 0;
    let digits = 0;
    let point = -1;
    for (let at = start; at < length; at++) {
      const code = cell.charCodeAt(at);
      if (code >= 48 && code <= 57) digits = digits * 10 + code - 48;
      else if (code === 46 && point < 0) point = at;
      else return false;
    }
    if (length === start + (point < 0 ? 0 : 1)) return false;
    if (point >= 0 && this.#mark !== '.') return false;
    this.digits = negative ? 0 - digits : digits;
    this.scale = point < 0 ? 0 : length - 1 - point;
    return true;
  }

  #dressed(cell: string, whole: boolean): string | null {
    const reading = parseNumber(cell, { decimalMark: this.#mark, whole });
    if (reading.kind !== 'number') {
      if (reading.kind === 'ambiguous' && !this.#surveyed) throw new UnsurveyedCell();
      return isMissingNumber(cell) ? 'the cell is empty' : reading.reason;
    }
    if (reading.percent) return 'the cell is a percentage, and the column holds none';
    this.#learn(reading.proves, reading.pointAndThreeDigits);
    if (reading.grouped) this.grouped++;
    this.sign = signOf(reading.currency, cell);
    return this.#exactly(reading.decimal);
  }

  /** What one cell shows about the file's decimal mark counts for those after it; against those before, the survey. */
  #learn(proves: '.' | ',' | null, pointAndThreeDigits: boolean): void {
    if (pointAndThreeDigits) this.#pointAndThreeDigits++;
    if (proves === ',') this.decimalCommas++;
    if (proves === null || proves === this.#mark || this.#mark === 'both') return;
    const contradicts = this.#mark !== null || (proves === ',' && this.#pointAndThreeDigits > 0);
    if (contradicts && !this.#surveyed) throw new UnsurveyedCell();
    this.#mark = this.#mark === null ? proves : 'both';
  }

  #exactly(decimal: string): string | null {
    const [mantissa = '', exponent = '0'] = decimal.toLowerCase().split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    const room = exactDigits - whole.replace(/^[+-]?0*/, '').length;
    if (room < 0) return 'the number has more than 15 digits';
    const kept = fraction.length <= room ? fraction : this.#cut(whole, fraction, room);
    this.digits = Number(`${whole}${kept}`) + 0;
    this.scale = kept.length - Number(exponent);
    return Math.abs(this.scale) > 30 ? 'the number is too large or too small' : null;
  }

  /** `0.30000000000000004`, as programs write 0.3, is cut where a double is no longer exact. */
  #cut(whole: string, fraction: string, room: number): string {
    this.cutFractions++;
    const leadingZeros = /^[+-]?0*$/.test(whole) ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0;
    return fraction.slice(0, room + leadingZeros);
  }
}

/** `¥` and `CNY` are one to `parseNumber`, but to a shop in Japan they are not. */
function signOf(currency: string | null, cell: string): string | null {
  if (currency === 'CNY' && /[¥￥]/.test(cell) && !/CN|RMB|元/i.test(cell)) return '¥';
  return currency === 'GBP' && cell.includes('£') ? '£' : currency;
}
