import type { TimeZone } from '../cells/timeZone.ts';
import type { RowSpan, TimeCells } from '../commonColumns.ts';

const daySeconds = 86_400;

interface BatchTimes {
  epochSeconds: Float64Array;
  /** Days since 1970-01-01 in the shop's calendar. */
  days: Int32Array;
  /** 0 to 23 on the shop's clock; -1 where the cell is a date without a time. */
  hours: Int8Array;
}

/** The times of common rows: those on days when the shop's clocks stay as they are. */
export class CommonTimes {
  readonly #cells: TimeCells;
  readonly #shop: TimeZone;
  readonly #writtenInUtc: boolean;
  /** By day, seconds that the shop's clocks are ahead of UTC the day before, all that day and the day after; NaN where that changes. */
  readonly #offsets = new Map<number, number>();
  #day = Number.NaN;
  #offset = Number.NaN;

  /** `writtenInUtc` for files whose times without an offset are not on the shop's clock. */
  constructor(cells: TimeCells, { shop, writtenInUtc }: { shop: TimeZone; writtenInUtc: boolean }) {
    this.#cells = cells;
    this.#shop = shop;
    this.#writtenInUtc = writtenInUtc;
  }

  /** Answers how many rows come before one that is not common. */
  read({ first, to, rows }: RowSpan, { epochSeconds, days, hours }: BatchTimes): number {
    const { days: written, hours: writtenHours, seconds, utc } = this.#cells;
    for (let row = 0; row < rows; row++) {
      const from = first + row;
      const day = written[from] as number;
      if (day < 0) return row;
      const offset = day === this.#day ? this.#offset : this.#offsetAround(day);
      if (Number.isNaN(offset)) return row;
      let shown = seconds[from] as number;
      let shownDay = day;
      let hour = writtenHours[from] as number;
      if (hour >= 0 && (this.#writtenInUtc || utc[from] === 1)) {
        shown += offset;
        shownDay = Math.floor(shown / daySeconds);
        hour = Math.floor((shown - shownDay * daySeconds) / 3600);
      }
      epochSeconds[to + row] = shown - offset;
      days[to + row] = shownDay;
      hours[to + row] = hour;
    }
    return rows;
  }

  #offsetAround(day: number): number {
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      offset = steadyOffset(this.#shop, day);
      this.#offsets.set(day, offset);
    }
    this.#day = day;
    this.#offset = offset;
    return offset;
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
