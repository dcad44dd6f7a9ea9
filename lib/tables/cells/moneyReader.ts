import type { FileSurvey } from '../survey.ts';
import { TableRejected } from '../types.ts';
import { currencyOfSign, currencyOfWord, minorDigits } from './currencies.ts';
import { DecimalReader } from './decimals.ts';
import { convert, type Decimal, isExactAt, productToScale, roundingRest, toScale } from './money.ts';

/** Where the money of a file says what currency it is in. */
export interface MoneyLayout {
  at: Readonly<Record<'currency', number>>;
  /** Currency that a header states: `amount (CNY)`. */
  currency: string | null;
  /** Powers of ten by which money cells are larger than the currency's unit: -2 in `amount (cents)`. */
  moneyShift: number;
}

export interface MoneyOptions {
  /** The shop's. */
  currency: string;
  /** Decimals that amounts are kept with, by currency; those of its minor unit unless it says otherwise. */
  digitsOf?: (currency: string) => number;
  rates: ReadonlyMap<string, Decimal>;
  survey: FileSurvey;
}

/** Reads the money of one file into minor units of the shop's currency, or as small ones as `digitsOf` says. */
export class MoneyReader {
  readonly numbers: DecimalReader;
  /** By decimals of quantity × price: lines that were rounded, and in sum what that left out. */
  readonly roundings = new Map<number, { lines: number; rest: number }>();
  /** Amounts with more decimals than are kept. */
  roundedAmounts = 0;
  /** Currency of the row at hand. */
  currency = '';
  readonly #options: MoneyOptions;
  readonly #key: string;
  readonly #hasColumn: boolean;
  readonly #shift: number;
  /** Of amounts that say nothing else. */
  readonly #usual: string;
  #digits = 2;
  #rate: Decimal | null = null;
  #lastCell: string | null = null;
  #line = 0;

  constructor({ at, currency, moneyShift }: MoneyLayout, options: MoneyOptions, key: string) {
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

  /** Units of the shop's currency, or the reason why there are none. `shift` as `moneyShift`, where columns differ. */
  amount(cell: string, shift = this.#shift): number | string {
    const reason = this.#read(cell, shift);
    if (reason !== null) return reason;
    if (!isExactAt(this.numbers, this.#digits)) this.roundedAmounts++;
    return this.#inShopCurrency(toScale(this.numbers, this.#digits));
  }

  /** Quantity × the price in a cell, exactly, and rounded once. */
  product(quantity: Decimal, cell: string): number | string {
    const { numbers } = this;
    const reason = this.#read(cell, this.#shift);
    if (reason !== null) return reason;
    if (quantity.scale + numbers.scale > this.#digits) this.#noteRounding(quantity);
    return this.#inShopCurrency(productToScale(quantity, numbers, this.#digits));
  }

  #read(cell: string, shift: number): string | null {
    const { numbers } = this;
    const reason = numbers.read(cell);
    if (reason !== null) return reason;
    if (shift !== 0) numbers.scale -= shift;
    return numbers.sign === null ? null : this.#readSign(numbers.sign);
  }

  #inShopCurrency(amount: number): number | string {
    if (Number.isNaN(amount)) return 'the amount is too large';
    if (this.#rate === null) return amount;
    const { currency: to, digitsOf = minorDigits } = this.#options;
    return convert(amount, { from: this.currency, to, rate: this.#rate, digitsOf });
  }

  #noteRounding(quantity: Decimal): void {
    const rest = roundingRest(quantity, this.numbers, this.#digits);
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
    const { currency, rates, digitsOf = minorDigits } = this.#options;
    const rate = rates.get(code) ?? null;
    if (code !== currency && rate === null) {
      const where = this.#line === 0 ? '' : `, first in line ${this.#line}`;
      const message = `Amounts are in ${code}${where}, and the shop’s currency is ${currency}. Correct the currency in the settings, or give a rate for ${code} there.`;
      throw new TableRejected(this.#key, 'severalCurrencies', message);
    }
    this.currency = code;
    this.#digits = digitsOf(code);
    this.#rate = code === currency ? null : rate;
  }
}
