import type { GateOptions, OpenedTable } from './gate.ts';
import { type DecimalMark, isMissingNumber, parseNumber } from './numbers.ts';
import { type RowTaker, readRows, type TakenRows } from './readRows.ts';
import { type TableNote, TableRejected, type TableSource } from './types.ts';

export interface NumberField {
  /** The field counts something, so that `1,234` has one reading. */
  whole?: boolean;
  /** What a cell is multiplied by: 60 for hours read as minutes. */
  factor?: number;
  /** A share of 1: `5%` is .05, and more than 1 without a sign has two readings. */
  rate?: boolean;
}

/** Reads the number cells of one file, and keeps what they show about how the file writes numbers. */
export class NumberCells {
  readonly decimalMark: DecimalMark;
  readonly #currencies = new Map<string, number>();
  #grouped = 0;
  #decimalCommas = 0;
  #points = 0;
  #ambiguous = 0;
  #pointAndThreeDigits = 0;

  constructor(decimalMark: DecimalMark) {
    this.decimalMark = decimalMark;
  }

  /** The number, or the reason why there is none. */
  read(cell: string, { whole = false, factor = 1, rate = false }: NumberField = {}): number | string {
    const reading = parseNumber(cell, { decimalMark: this.decimalMark, whole });
    if (reading.kind !== 'number') {
      if (reading.kind === 'ambiguous') this.#ambiguous++;
      return isMissingNumber(cell) ? 'the cell is empty' : reading.reason;
    }
    const { value, percent, currency } = reading;
    if (percent && !rate) return 'the cell is a percentage, and the column does not hold shares';
    if (rate && currency !== null) return 'the cell is an amount of money, and the column holds shares';
    if (currency !== null) this.#currencies.set(currency, (this.#currencies.get(currency) ?? 0) + 1);
    if (reading.grouped) this.#grouped++;
    if (reading.pointAndThreeDigits) this.#pointAndThreeDigits++;
    if (reading.proves === ',') this.#decimalCommas++;
    if (reading.proves === '.') this.#points++;
    if (rate && factor === 1 && !percent && value > 1) {
      return `${value} can be ${value * 100} % or ${value} %; write ${value}% or ${value / 100}`;
    }
    return percent ? value : value * factor;
  }

  /** The decimal mark that a second reading of the file should take; null when the first one stands. */
  markToReadWith(): DecimalMark {
    const shown = this.#decimalCommas > 0 ? (this.#points > 0 ? 'both' : ',') : this.#points > 0 ? '.' : null;
    if (shown === '.' && this.#ambiguous > 0) return '.';
    if (shown === ',' && this.#ambiguous + this.#pointAndThreeDigits > 0) return ',';
    return shown === 'both' && this.#pointAndThreeDigits > 0 ? 'both' : null;
  }

  notes(): TableNote[] {
    const notes: TableNote[] = [];
    const say = (code: string, count: number, message: string) => {
      if (count > 0) notes.push({ code, message, count });
    };
    say(
      'groupedNumbers',
      this.#grouped,
      'Numbers with separators for thousands, such as 1,234.56, were read.',
    );
    say(
      'decimalCommas',
      this.#decimalCommas,
      'Numbers were read in the style of 1.234,56, with the comma as decimal mark.',
    );
    for (const [currency, count] of this.#currencies) {
      say('currencySigns', count, `Amounts were read without their currency sign (${currency}).`);
    }
    return notes;
  }

  /** Amounts in several currencies do not add. */
  get currencies(): string[] {
    return [...this.#currencies.keys()];
  }
}

/**
 * `readRows` for tables with numbers: when cells such as `1,234` could not be read and other cells show how the file
 * writes decimals, the file is read once more with that knowledge.
 */
export async function readRowsWithNumbers<Taker extends RowTaker>(
  source: TableSource,
  bind: (table: OpenedTable, numbers: NumberCells) => Taker,
  options: GateOptions,
): Promise<TakenRows<Taker>> {
  let result = await readWithMark(source, { mark: null, bind, options });
  const mark = result.numbers.markToReadWith();
  if (mark !== null) result = await readWithMark(source, { mark, bind, options });
  const { currencies } = result.numbers;
  if (currencies.length > 1) {
    throw new TableRejected(
      source.key,
      'severalCurrencies',
      `Amounts are in several currencies (${currencies.join(', ')}), which cannot be added. Convert them to one.`,
    );
  }
  const { taker, rejected, report } = result.read;
  return { taker, rejected, report: { ...report, notes: [...report.notes, ...result.numbers.notes()] } };
}

async function readWithMark<Taker extends RowTaker>(
  source: TableSource,
  {
    mark,
    bind,
    options,
  }: {
    mark: DecimalMark;
    bind: (table: OpenedTable, numbers: NumberCells) => Taker;
    options: GateOptions;
  },
): Promise<{ read: TakenRows<Taker>; numbers: NumberCells }> {
  let numbers = new NumberCells(mark);
  const bindAnew = (table: OpenedTable) => {
    numbers = new NumberCells(mark);
    return bind(table, numbers);
  };
  const read = await readRows(source, bindAnew, options);
  return { read, numbers };
}
