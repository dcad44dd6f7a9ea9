import { currencyOfSign, currencyOfWord, minorDigits } from '../cells/currencies.ts';
import { DecimalReader } from '../cells/decimals.ts';
import { convert, type Decimal, productToScale, roundingRest, toScale } from '../cells/money.ts';
import type { FileSurvey } from '../survey.ts';
import { TableRejected } from '../types.ts';
import type { OrderLayout } from './layout.ts';

export interface MoneyOptions {
  /** The shop's. */
  currency: string;
  rates: ReadonlyMap<string, Decimal>;
  survey: FileSurvey;
}

/** Reads the money of one file into minor units of the shop's currency. */
export class MoneyReader {
  readonly numbers: DecimalReader;
  /** By decimals of quantity × price: lines that were rounded, and in sum what that left out. */
  readonly roundings = new Map<number, { lines: number; rest: number }>();
  /** Currency of the row at hand. */
  currency = '';
  readonly #options: MoneyOptions;
  readonly #key: string;
  readonly #hasColumn: boolean;
  readonly #shift: number;
  /** Of amounts that say nothing else. */
  readonly #usual: string;
  #minorDigits = 2;
  #rate: Decimal | null = null;
  #lastCell: string | null = null;
  #line = 0;

  constructor({ at, currency, moneyShift }: OrderLayout, options: MoneyOptions, key: string) {
    const { decimalMark: mark, surveyed } = options.survey;
    this.numbers = new DecimalReader({ mark, surveyed });
    this.#options = options;
    this.#key = key;
    this.#hasColumn = at.currency >= 0;
    this.#shift = moneyShift;
    this.#usual = currency ?? options.currency;
    this.#setCurrency(this.#usual);
  }

  beginRow(line: number): void {
    this.#line = line;
    if (!this.#hasColumn && this.currency !== this.#usual) this.#setCurrency(this.#usual);
  }

  /** The cell of the currency's own column. Null, or the reason why it is none. */
  readCurrency(cell: string): string | null {
    if (cell === this.#lastCell) return null;
    const code = cell.trim() === '' ? this.#usual : currencyOfWord(cell);
    if (code === null) return `"${cell.slice(0, 20)}" is not an ISO 4217 code`;
    this.#setCurrency(code);
    // a copy of the text, as the cell may hold on to the whole piece of the file that it was cut from
    this.#lastCell = Buffer.from(cell).toString();
    return null;
  }

  /** Minor units of the shop's currency, or the reason why there are none. */
  amount(cell: string): number | string {
    const reason = this.#read(cell);
    if (reason !== null) return reason;
    return this.#inShopCurrency(toScale(this.numbers, this.#minorDigits));
  }

  /** Quantity × the price in a cell, exactly, and rounded once. */
  product(quantity: Decimal, cell: string): number | string {
    const { numbers } = this;
    const reason = this.#read(cell);
    if (reason !== null) return reason;
    if (quantity.scale + numbers.scale > this.#minorDigits) this.#noteRounding(quantity);
    return this.#inShopCurrency(productToScale(quantity, numbers, this.#minorDigits));
  }

  #read(cell: string): string | null {
    const { numbers } = this;
    const reason = numbers.read(cell);
    if (reason !== null) return reason;
    if (this.#shift !== 0) numbers.scale -= this.#shift;
    return numbers.sign === null ? null : this.#readSign(numbers.sign);
  }

  #inShopCurrency(amount: number): number | string {
    if (Number.isNaN(amount)) return 'the amount is too large';
    if (this.#rate === null) return amount;
    return convert(amount, { from: this.currency, to: this.#options.currency, rate: this.#rate });
  }

  #noteRounding(quantity: Decimal): void {
    const rest = roundingRest(quantity, this.numbers, this.#minorDigits);
    if (rest === 0 || Number.isNaN(rest)) return;
    const scale = quantity.scale + this.numbers.scale;
    const known = this.roundings.get(scale) ?? { lines: 0, rest: 0 };
    this.roundings.set(scale, { lines: known.lines + 1, rest: known.rest + rest });
  }

  #readSign(sign: string): string | null {
    const stated = this.#hasColumn ? this.currency : this.#usual;
    const code = currencyOfSign(sign, stated);
    if (code === null)
      return `the sign ${sign} is that of several currencies, and the amount is in ${stated}`;
    if (this.#hasColumn && code !== stated)
      return `the amount is in ${code}, and the currency’s column says ${stated}`;
    if (code !== this.currency) this.#setCurrency(code);
    return null;
  }

  #setCurrency(code: string): void {
    const { currency, rates } = this.#options;
    const rate = rates.get(code) ?? null;
    if (code !== currency && rate === null) {
      const where = this.#line === 0 ? '' : `, first in line ${this.#line}`;
      const message = `Amounts are in ${code}${where}, and the shop’s currency is ${currency}. Correct the currency in the settings, or give a rate for ${code} there.`;
      throw new TableRejected(this.#key, 'severalCurrencies', message);
    }
    this.currency = code;
    this.#minorDigits = minorDigits(code);
    this.#rate = code === currency ? null : rate;
  }
}
