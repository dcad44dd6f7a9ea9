import { type DecimalMark, parseNumber } from '../numbers.ts';
import { type RowTaker, readRows } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import { TableRejected, type TableSource } from '../types.ts';
import { type DateOrder, dateOrders, type PartedDate, partedDate, readingIn } from './dateOrder.ts';

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
): Promise<Result> {
  try {
    return await read({ decimalMark: null, dateOrder: null, surveyed: false });
  } catch (error) {
    if (!(error instanceof UnsurveyedCell)) throw error;
  }
  const { taker } = await readRows(source, ({ header, key }) => new Surveyor(key, columnsOf(header, key)));
  return read({ decimalMark: taker.decimalMark(), dateOrder: taker.dateOrder(), surveyed: true });
}

class Surveyor implements RowTaker {
  readonly readAs: (string | null)[] = [];
  readonly #key: string;
  readonly #dates: number;
  readonly #numbers: readonly number[];
  /** For each order a line whose date excludes it. */
  readonly #against = new Map<DateOrder, { line: number; cell: string }>();
  #open: { line: number; cell: string; date: PartedDate } | null = null;
  #possible: readonly DateOrder[] | null = null;
  #points = false;
  #commas = false;
  #lastDate = '';

  constructor(key: string, { dates, numbers }: { dates: number; numbers: number[] }) {
    this.#key = key;
    this.#dates = dates;
    this.#numbers = numbers;
  }

  take({ cells, line }: GateRow): null {
    const cell = cells[this.#dates] ?? '';
    if (cell !== this.#lastDate) this.#seeDate(cell, line);
    this.#lastDate = cell;
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
    for (const { order, day } of readings) {
      if (day !== null || this.#against.has(order)) continue;
      this.#against.set(order, { line, cell });
      this.#possible = this.#possible.filter((possible) => possible !== order);
    }
    const days = new Set(readings.map(({ day }) => day).filter((day) => day !== null));
    if (days.size > 1) this.#open ??= { line, cell, date };
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
    const [order, ...others] = this.#possible ?? [];
    if (this.#possible === null) return null;
    if (order === undefined) throw this.#contradiction();
    const open = this.#open;
    if (others.length === 0 || open === null) return order;
    const readings = [order, ...others].map((each) => `${readingIn(each, open.date)} (${each})`);
    const options = [...new Set(readings)].join(' or ');
    throw new TableRejected(
      this.#key,
      'ambiguousDates',
      `"${open.cell}" in line ${open.line} can be ${options}, and no date of the column decides it. ` +
        'Write dates as 2010-12-01, or add a row whose day is above 12.',
    );
  }

  #contradiction(): TableRejected {
    const cases = [...this.#against].map(
      ([order, { line, cell }]) => `"${cell}" in line ${line} is not ${order}`,
    );
    return new TableRejected(
      this.#key,
      'mixedDates',
      `The dates are not all written in one order: ${cases.join('; ')}. Write them as 2010-12-01.`,
    );
  }
}
