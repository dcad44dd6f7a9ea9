import type { TimeZone } from '../cells/timeZone.ts';
import type { RowSpan, TimeCells } from '../commonColumns.ts';

const daySeconds = 86_400;
/** Of 1970 to 2199, as many as the kernel reads. */
const readDays = 84_006;
/** In place of an offset, none of which is as long as a hundred days. */
const [unknown, changing] = [-100 * daySeconds, -99 * daySeconds] as const;

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
  /** By day, seconds that the shop's clocks are ahead of UTC the day before, all that day and the day after, from `unknown` on. */
  readonly #offsets = new Int32Array(readDays);

  /** `writtenInUtc` for files whose times without an offset are not on the shop's clock. */
  constructor(cells: TimeCells, { shop, writtenInUtc }: { shop: TimeZone; writtenInUtc: boolean }) {
    this.#cells = cells;
    this.#shop = shop;
    this.#writtenInUtc = writtenInUtc;
  }

  /** Answers how many rows come before one that is not common. */
  read({ first, to, rows }: RowSpan, { epochSeconds, days, hours }: BatchTimes): number {
    const { days: written, hours: writtenHours, seconds, utc } = this.#cells;
    const offsets = this.#offsets;
    for (let row = 0; row < rows; row++) {
      const from = first + row;
      const day = written[from] as number;
      if (day < 0) return row;
      let offset = (offsets[day] as number) + unknown;
      if (offset === unknown) offset = this.#lookUp(day);
      if (offset === changing) return row;
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

  #lookUp(day: number): number {
    const offset = steadyOffset(this.#shop, day);
    this.#offsets[day] = offset - unknown;
    return offset;
  }
}

/** `changing` where clocks change on one of the three days. */
function steadyOffset(shop: TimeZone, day: number): number {
  const offset = shop.offsetAt((day - 1) * daySeconds);
  for (const boundary of [day, day + 1, day + 2]) {
    const [before, after] = [shop.offsetAt(boundary * daySeconds - 1), shop.offsetAt(boundary * daySeconds)];
    if (before !== offset || (boundary < day + 2 && after !== offset)) return changing;
  }
  return offset;
}
