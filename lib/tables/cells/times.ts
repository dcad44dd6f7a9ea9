import { UnsurveyedCell } from '../survey.ts';
import { dayNumber, daysInMonth } from './calendar.ts';
import { type DateOrder, inOrder, partedDate } from './dateOrder.ts';
import type { TimeZone } from './timeZone.ts';

const daySeconds = 86_400;
/** 1899-12-30, from which spreadsheets count days, as a day number; true from March 1900 on. */
const spreadsheetEpoch = -25_569;

/**
 * Reads the time cells of one file. The last reading is left in the fields; equal cells in a row, as the lines of an
 * order have, cost one comparison.
 */
export class TimeReader {
  epochSeconds = 0;
  /** Days since 1970-01-01 in the shop's calendar. */
  day = 0;
  /** 0 to 23 on the shop's clock; -1 where the cell is a date without a time. */
  hour = -1;
  readonly #shop: TimeZone;
  readonly #written: TimeZone;
  readonly #order: DateOrder | null;
  readonly #surveyed: boolean;
  readonly #dates = new Map<string, KnownDate>();
  #lastCell: string | null = null;
  #lastReason: string | null = null;

  constructor(options: {
    shop: TimeZone;
    /** The zone of times without an offset. */
    written: TimeZone;
    order: DateOrder | null;
    surveyed: boolean;
  }) {
    this.#shop = options.shop;
    this.#written = options.written;
    this.#order = options.order;
    this.#surveyed = options.surveyed;
  }

  /** Null, or the reason why the cell is no time. Throws `UnsurveyedCell` where the column has to decide. */
  read(cell: string): string | null {
    if (cell === this.#lastCell) return this.#lastReason;
    const reason = this.#isoTime(cell) ? null : this.#otherTime(cell);
    this.#lastCell = cell;
    this.#lastReason = reason;
    return reason;
  }

  /** `2010-12-01T08:26:00`, with a fraction, `Z`, both or nothing behind it: the common case, and the fast one. */
  #isoTime(cell: string): boolean {
    const { length } = cell;
    if (length < 19) return false;
    const utc = length > 19 && cell.charCodeAt(length - 1) === 90;
    const end = utc ? length - 1 : length;
    if (end > 19 && (cell.charCodeAt(19) !== 46 || !allDigits(cell, 20, end))) return false;
    const separator = cell.charCodeAt(10);
    if (cell.charCodeAt(4) !== 45 || cell.charCodeAt(7) !== 45 || (separator !== 84 && separator !== 32))
      return false;
    if (cell.charCodeAt(13) !== 58 || cell.charCodeAt(16) !== 58) return false;
    const year = twoDigits(cell, 0) * 100 + twoDigits(cell, 2);
    const month = twoDigits(cell, 5);
    const day = twoDigits(cell, 8);
    const seconds = twoDigits(cell, 11) * 3600 + twoDigits(cell, 14) * 60 + twoDigits(cell, 17);
    if (!(twoDigits(cell, 11) < 24 && twoDigits(cell, 14) < 60 && twoDigits(cell, 17) < 60)) return false;
    if (!isDate(year, month, day)) return false;
    const local = dayNumber(year, month, day) * daySeconds + seconds;
    this.#setInstant(utc ? local : this.#written.instantOf(local));
    return true;
  }

  #otherTime(cell: string): string | null {
    const text = (/[^ -~]/.test(cell) ? cell.normalize('NFKC') : cell).trim();
    if (text === '') return 'the cell is empty';
    if (/^\d+(\.\d+)?$/.test(text)) return this.#number(text);
    const date = this.#dateAtStart(text);
    if (typeof date === 'string') return date;
    const { number, length } = date;
    const rest = text.slice(length);
    if (/^[\sT,]*$/.test(rest)) {
      this.#setDate(number);
      return null;
    }
    const time = timeOf(rest);
    if (time === null) return notATime(text);
    const local = number * daySeconds + time.seconds;
    this.#setInstant(time.offset === null ? this.#written.instantOf(local) : local - time.offset);
    return null;
  }

  /** A column has many times and few days, so that days are kept. */
  #dateAtStart(text: string): KnownDate | string {
    const space = text.indexOf(' ');
    const word = space < 0 ? text : text.slice(0, space);
    const known = this.#dates.get(word);
    if (known !== undefined) return known;
    const date = this.#dateOf(text);
    if (typeof date === 'string') return date;
    const { year, month, day, length } = date;
    if (!isDate(year, month, day)) return notADate(text);
    const found = { number: dayNumber(year, month, day), length };
    if (length === word.length && this.#dates.size < 20_000) this.#dates.set(word, found);
    return found;
  }

  #dateOf(text: string): ParsedDate | string {
    const yearFirst = /^(\d{4})(?:[-/.]|年\s?)(\d{1,2})(?:[-/.]|月\s?)(\d{1,2})(?!\d)日?/.exec(text);
    if (yearFirst !== null) return dateFrom(yearFirst, { year: 1, month: 2, day: 3 });
    const parted = partedDate(text);
    if (parted !== null) {
      if (this.#order === null && !this.#surveyed) throw new UnsurveyedCell();
      const found = this.#order === null ? null : inOrder(this.#order, parted);
      if (found === null) return `${notADate(text)} in the order ${this.#order ?? 'of the column'}`;
      const [year, month, day] = found;
      return { year, month, day, length: /^\d+\D\d+\D\d+/.exec(text)?.[0].length ?? 0 };
    }
    return namedDate(text) ?? notADate(text);
  }

  /** `19970101`, `20240105102231`, a spreadsheet's day, or seconds or milliseconds since 1970, told apart by size. */
  #number(text: string): string | null {
    const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/.exec(text);
    if (compact !== null) {
      const [, year, month, day, hour, minute = '00', second = '00'] = compact;
      return this.#otherTime(
        `${year}-${month}-${day}${hour === undefined ? '' : ` ${hour}:${minute}:${second}`}`,
      );
    }
    const value = Number(text);
    if (value >= 1e9 && value < 1e10) return this.#set(Math.floor(value));
    if (value >= 1e12 && value < 1e13) return this.#set(Math.floor(value / 1000));
    // 1970 to 2119; a smaller or larger number is no day of a shop
    if (value < 25_569 || value >= 80_000) return notADate(text);
    const day = Math.floor(value) + spreadsheetEpoch;
    if (Number.isInteger(value)) this.#setDate(day);
    // a spreadsheet's fraction of a day is exact to less than a second
    else this.#setInstant(this.#written.instantOf(day * daySeconds + Math.round((value % 1) * daySeconds)));
    return null;
  }

  #set(epochSeconds: number): null {
    this.#setInstant(epochSeconds);
    return null;
  }

  #setInstant(epochSeconds: number): void {
    const local = epochSeconds + this.#shop.offsetAt(epochSeconds);
    this.epochSeconds = epochSeconds;
    this.day = Math.floor(local / daySeconds);
    this.hour = Math.floor((local - this.day * daySeconds) / 3600);
  }

  /** A date without a time is the shop's day as it stands, whatever the zone of other times. */
  #setDate(day: number): void {
    this.epochSeconds = this.#shop.instantOf(day * daySeconds);
    this.day = day;
    this.hour = -1;
  }
}

interface KnownDate {
  /** Days since 1970-01-01. */
  number: number;
  /** Characters that it takes. */
  length: number;
}

interface ParsedDate {
  year: number;
  month: number;
  day: number;
  /** Characters of the text that the date takes. */
  length: number;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function allDigits(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return to > from;
}

/** Orders of another time are placeholders or errors: 0000-00-00, 0001-01-01, 1900-01-01. */
const isDate = (year: number, month: number, day: number): boolean =>
  year >= 1970 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

const notADate = (text: string): string => `"${text.slice(0, 40)}" is not a date from 1970 to 2199`;
const notATime = (text: string): string => `the time of "${text.slice(0, 40)}" cannot be read`;

const dateFrom = (
  match: RegExpExecArray,
  group: { year: number; month: number; day: number },
): ParsedDate => ({
  year: Number(match[group.year]),
  month: Number(match[group.month]),
  day: Number(match[group.day]),
  length: match[0].length,
});

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayMonthYear =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[\s-]+(\d{4})/i;
const monthDayYear =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})/i;

/** `5 Jan 2024`, `05-Jan-2024`, `Jan 5, 2024`. */
function namedDate(text: string): ParsedDate | null {
  const dayFirst = dayMonthYear.exec(text);
  const found = dayFirst ?? monthDayYear.exec(text);
  if (found === null) return null;
  const [whole, one = '', two = '', year] = found;
  const [name, day] = dayFirst === null ? [one, two] : [two, one];
  return {
    year: Number(year),
    month: months.indexOf(name.toLowerCase()) + 1,
    day: Number(day),
    length: whole.length,
  };
}

const timePattern =
  /^[\sT,]*(?:(am|pm|上午|下午|晚上|中午|凌晨)\s*)?(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})秒?)?(?:[.,]\d+)?(?:\s*(am|pm|a\.m\.|p\.m\.))?(?:\s*(z|utc|gmt))?(?:\s*([+-]\d{2}:?(?:\d{2})?))?\s*$/i;

/** Seconds of the day, and the offset where one is written. */
function timeOf(text: string): { seconds: number; offset: number | null } | null {
  const match = timePattern.exec(text);
  if (match === null) return null;
  const [, before, hour, minute, second = '0', behind, utc, offset] = match;
  const half = before ?? behind;
  const hours = half === undefined ? Number(hour) : hourOfHalf(Number(hour), half);
  if (hours === null || hours > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const seconds = hours * 3600 + Number(minute) * 60 + Number(second);
  return { seconds, offset: offset === undefined ? (utc === undefined ? null : 0) : offsetOf(offset) };
}

function hourOfHalf(hour: number, half: string): number | null {
  const afternoon = /^p|下午|晚上|中午/i.test(half);
  if (hour < 1 || hour > 12) return afternoon || hour > 23 ? null : hour;
  if (half === '中午' && hour === 11) return 11;
  return (hour % 12) + (afternoon ? 12 : 0);
}

function offsetOf(text: string): number {
  const digits = text.replace(/\D/g, '').padEnd(4, '0');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return text.startsWith('-') ? -seconds : seconds;
}
