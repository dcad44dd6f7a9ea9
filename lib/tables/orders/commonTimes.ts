import { dayNumber, daysInMonth } from '../cells/calendar.ts';
import type { TimeZone } from '../cells/timeZone.ts';
import { twoDigitsAt } from '../commonCells.ts';
import type { CommonRow } from '../commonRow.ts';

const daySeconds = 86_400;
const [dash, colon, point, blank, T, Z, zero, nine] = [45, 58, 46, 32, 84, 90, 48, 57] as const;

/**
 * The time of a common row: `2010-12-01`, with `08:26`, `08:26:00` or `08:26:00.000` behind a blank or T, the last two also with Z,
 * on a day when clocks stay as they are. The last reading is left in the fields.
 */
export class CommonTimes {
  epochSeconds = 0;
  /** Days since 1970-01-01 in the shop's calendar. */
  day = 0;
  /** 0 to 23 on the shop's clock; -1 where the cell is a date without a time. */
  hour = -1;
  readonly #shop: TimeZone;
  readonly #writtenInUtc: boolean;
  #lastDate = -1;
  #lastDay = 0;
  /** By day, seconds that the shop's clocks are ahead of UTC the day before, all that day and the day after; NaN where that changes. */
  readonly #offsets = new Map<number, number>();
  #offsetDay = Number.NaN;
  #offset = Number.NaN;

  /** `writtenInUtc` for files whose times without an offset are not on the shop's clock. */
  constructor(shop: TimeZone, { writtenInUtc }: { writtenInUtc: boolean }) {
    this.#shop = shop;
    this.#writtenInUtc = writtenInUtc;
  }

  read({ bytes, starts, ends }: CommonRow, cell: number): boolean {
    const start = starts[cell] as number;
    const length = (ends[cell] as number) - start;
    if (length < 10 || bytes[start + 4] !== dash || bytes[start + 7] !== dash) return false;
    const day = this.#dayAt(bytes, start);
    if (Number.isNaN(day)) return false;
    const offset = this.#offsetAround(day);
    if (Number.isNaN(offset)) return false;
    if (length === 10) return this.#setDate(day, offset);
    const seconds = secondsAt(bytes, start + 10, length - 10);
    if (Number.isNaN(seconds)) return false;
    const utc = this.#writtenInUtc || bytes[start + length - 1] === Z;
    this.#setTime(utc ? day * daySeconds + seconds : day * daySeconds + seconds - offset, offset);
    return true;
  }

  #dayAt(bytes: Uint8Array, start: number): number {
    const year = twoDigitsAt(bytes, start) * 100 + twoDigitsAt(bytes, start + 2);
    const month = twoDigitsAt(bytes, start + 5);
    const day = twoDigitsAt(bytes, start + 8);
    const date = (year * 16 + month) * 32 + day;
    if (date === this.#lastDate) return this.#lastDay;
    if (
      !(
        year >= 1970 &&
        year < 2200 &&
        month >= 1 &&
        month <= 12 &&
        day >= 1 &&
        day <= daysInMonth(year, month)
      )
    )
      return Number.NaN;
    this.#lastDate = date;
    this.#lastDay = dayNumber(year, month, day);
    return this.#lastDay;
  }

  #offsetAround(day: number): number {
    if (day === this.#offsetDay) return this.#offset;
    const known = this.#offsets.get(day) ?? steadyOffset(this.#shop, day);
    this.#offsets.set(day, known);
    this.#offsetDay = day;
    this.#offset = known;
    return known;
  }

  #setDate(day: number, offset: number): boolean {
    this.epochSeconds = day * daySeconds - offset;
    this.day = day;
    this.hour = -1;
    return true;
  }

  #setTime(epochSeconds: number, offset: number): void {
    const local = epochSeconds + offset;
    this.epochSeconds = epochSeconds;
    this.day = Math.floor(local / daySeconds);
    this.hour = Math.floor((local - this.day * daySeconds) / 3600);
  }
}

function steadyOffset(shop: TimeZone, day: number): number {
  const offset = shop.offsetAt((day - 1) * daySeconds);
  for (const boundary of [day, day + 1, day + 2]) {
    const [before, after] = [shop.offsetAt(boundary * daySeconds - 1), shop.offsetAt(boundary * daySeconds)];
    if (before !== offset || (boundary < day + 2 && after !== offset)) return Number.NaN;
  }
  return offset;
}

/** Seconds of the day in what follows the date; NaN where it is written in another way. */
function secondsAt(bytes: Uint8Array, at: number, length: number): number {
  const separator = bytes[at] as number;
  if ((separator !== blank && separator !== T) || length < 6 || bytes[at + 3] !== colon) return Number.NaN;
  const hours = twoDigitsAt(bytes, at + 1);
  const minutes = twoDigitsAt(bytes, at + 4);
  if (!(hours < 24 && minutes < 60)) return Number.NaN;
  if (length === 6) return hours * 3600 + minutes * 60;
  if (length < 9 || bytes[at + 6] !== colon) return Number.NaN;
  const seconds = twoDigitsAt(bytes, at + 7);
  if (!(seconds < 60) || !isRest(bytes, at + 9, at + length)) return Number.NaN;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Nothing, a fraction of a second, `Z`, or both. */
function isRest(bytes: Uint8Array, from: number, to: number): boolean {
  const end = to > from && bytes[to - 1] === Z ? to - 1 : to;
  if (end === from) return true;
  if (bytes[from] !== point || end === from + 1) return false;
  for (let at = from + 1; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < zero || byte > nine) return false;
  }
  return true;
}
