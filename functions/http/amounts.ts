import { minorDigits } from '../../lib/tables/cells/currencies.ts';

/** Runs over an order history count in minor units; the API tells amounts in units of the currency. */
export function inUnits(currency: string) {
  const one = 10 ** minorDigits(currency);
  return <Amount extends number | null>(minor: Amount): Amount =>
    (minor === null ? null : minor / one) as Amount;
}

/** As it is told in a sentence: `1234.50 EUR`. */
export const spelledAmount =
  (currency: string) =>
  (minor: number): string => {
    const digits = minorDigits(currency);
    return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`;
  };
