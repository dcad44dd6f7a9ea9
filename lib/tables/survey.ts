import { type DateOrder, dateOrders, type PartedDate, partedDate, readingIn } from './cells/dateOrder.ts';
import type { GateOptions, OpenedTable } from './gate.ts';
import { type DecimalMark, parseNumber } from './numbers.ts';
import { type RowTaker, readRows } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import { TableRejected, type TableSource } from './types.ts';

/** What single cells do not tell and the file as a whole does. */
export interface FileSurvey {
  decimalMark: DecimalMark;
  dateOrder: DateOrder | null;
  surveyed: boolean;
}

/** A cell has two readings, and the rest of the file, which has not been looked at yet, may decide between them. */
export class UnsurveyedCell extends Error {
  override readonly name = 'UnsurveyedCell';
}

/** The columns of a file whose cells may have two readings. */
export type SurveyedColumns = (header: string[], key: string) => { dates: number; numbers: number[] };

/** Reads at once where each cell tells how it is to be read; else looks at the whole file first, and reads it anew. */
export async function readSurveyed<Result>(
  source: TableSource,
  columnsOf: SurveyedColumns,
  read: (survey: FileSurvey) => Promise<Result>,
  options: GateOptions = {},
): Promise<Result> {
  try {
    return await read({ decimalMark: null, dateOrder: null, surveyed: false });
  } catch (error) {
    if (!(error instanceof UnsurveyedCell)) throw error;
  }
  const bind = ({ header, key }: OpenedTable) => new Surveyor(key, columnsOf(header, key));
  const { taker } = await readRows(source, bind, options);
  return read({ decimalMark: taker.decimalMark(), dateOrder: taker.dateOrder(), surveyed: true });
}

interface OpenDate {
  line: number;
  cell: string;
  date: PartedDate;
}

class Surveyor implements RowTaker {
  readonly readAs: (string | null)[] = [];
  readonly #key: string;
  readonly #dates: number;
  readonly #numbers: readonly number[];
  /** For each order a line whose date excludes it. */
  readonly #against = new Map<DateOrder, { line: number; cell: string }>();
  /** For each two orders the first date that they read differently. */
  readonly #open = new Map<string, OpenDate>();
  #possible: readonly DateOrder[] | null = null;
  #points = false;
  #commas = false;
  readonly #seenDays = new Set<string>();
  /** Where years have two digits: the different numbers in first, second and third place. */
  readonly #values = [new Set<number>(), new Set<number>(), new Set<number>()] as const;

  constructor(key: string, { dates, numbers }: { dates: number; numbers: number[] }) {
    this.#key = key;
    this.#dates = dates;
    this.#numbers = numbers;
  }

  take({ cells, line }: GateRow): null {
    const cell = (cells[this.#dates] ?? '').trimStart();
    const space = cell.indexOf(' ');
    const day = space < 0 ? cell : cell.slice(0, space);
    if (!this.#seenDays.has(day)) {
      this.#seeDate(cell, line);
      if (this.#seenDays.size < 20_000) this.#seenDays.add(day);
    }
    for (const index of this.#numbers) this.#seeNumber(cells[index] ?? '');
    return null;
  }

  notes = (): [] => [];

  #seeDate(cell: string, line: number): void {
    const date = partedDate(cell);
    if (date === null) return;
    const readings = dateOrders.map((order) => ({ order, day: readingIn(order, date) }));
    if (readings.every(({ day }) => day === null)) return;
    this.#possible ??= readings.map(({ order }) => order);
    if (!date.fullYear) for (const [place, part] of date.parts.entries()) this.#values[place]?.add(part);
    for (const { order, day } of readings) {
      if (day === null) this.#exclude(order, { line, cell });
      for (const other of readings) {
        const pair = `${order} ${other.order}`;
        const differ = day !== null && other.day !== null && day !== other.day;
        if (differ && !this.#open.has(pair)) this.#open.set(pair, { line, cell, date });
      }
    }
  }

  #exclude(order: DateOrder, by: { line: number; cell: string }): void {
    if (this.#against.has(order)) return;
    this.#against.set(order, by);
    this.#possible = this.#possible?.filter((possible) => possible !== order) ?? null;
  }

  #seeNumber(cell: string): void {
    if (/^-?\d*$/.test(cell) || (this.#points && this.#commas)) return;
    const reading = parseNumber(cell);
    if (reading.kind !== 'number') return;
    this.#points ||= reading.proves === '.';
    this.#commas ||= reading.proves === ',';
  }

  decimalMark(): DecimalMark {
    if (this.#points && this.#commas) return 'both';
    return this.#points ? '.' : this.#commas ? ',' : null;
  }

  dateOrder(): DateOrder | null {
    if (this.#possible === null) return null;
    if (this.#possible.length === 0) throw this.#contradiction();
    const [order, ...others] = this.#withFewerYearsThanDays(this.#possible);
    for (const other of others) {
      const open = this.#open.get(`${order} ${other}`);
      if (open !== undefined) throw this.#ambiguity(open, [order as DateOrder, other]);
    }
    return order ?? null;
  }

  #ambiguity({ cell, line, date }: OpenDate, orders: DateOrder[]): TableRejected {
    const readings = orders.map((order) => `${readingIn(order, date)} (${order})`).join(' or ');
    return new TableRejected(
      this.#key,
      'ambiguousDates',
      `"${cell}" in line ${line} can be ${readings}, and no date of the column decides it. ` +
        'Write dates as 2010-12-01, or add a row whose day is above 12.',
    );
  }

  /** `31.12.23` can be of 2031. But over a column, days are many and years are few. */
  #withFewerYearsThanDays(orders: readonly DateOrder[]): readonly DateOrder[] {
    const [first, second, third] = this.#values.map((seen) => seen.size) as [number, number, number];
    const days = { 'day/month/year': first, 'month/day/year': second, 'year/month/day': third };
    const years = { 'day/month/year': third, 'month/day/year': third, 'year/month/day': first };
    const fewer = orders.filter((order) => years[order] <= days[order]);
    return fewer.length > 0 ? fewer : orders;
  }

  #contradiction(): TableRejected {
    const cases = [...this.#against]
      .filter(([order]) => order !== 'year/month/day')
      .map(([order, { line, cell }]) => `"${cell}" in line ${line} is not ${order}`);
    return new TableRejected(
      this.#key,
      'mixedDates',
      `The dates are not all written in one order: ${cases.join('; ')}. Write them as 2010-12-01.`,
    );
  }
}
