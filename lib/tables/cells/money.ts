import { minorDigits } from './currencies.ts';

/** `digits` × 10^-`scale`. */
export interface Decimal {
  digits: number;
  scale: number;
}

/** Halves go away from zero, as shops round. NaN where a double does not hold the result. */
export function toScale({ digits, scale }: Decimal, wanted: number): number {
  if (scale <= wanted) return safe(digits * powerOfTen(wanted - scale));
  const divisor = powerOfTen(scale - wanted);
  const rest = digits % divisor;
  const quotient = (digits - rest) / divisor;
  if (Math.abs(rest) * 2 < divisor) return quotient;
  return digits < 0 ? quotient - 1 : quotient + 1;
}

/** Whether nothing is lost at that scale. */
export const isExactAt = ({ digits, scale }: Decimal, wanted: number): boolean =>
  scale <= wanted || digits % powerOfTen(scale - wanted) === 0;

/** The exact product, rounded once. */
export function productToScale(one: Decimal, other: Decimal, wanted: number): number {
  // -5 × 0 is 0 and not -0
  const digits = one.digits * other.digits + 0;
  const scale = one.scale + other.scale;
  if (Number.isSafeInteger(digits)) return scale === wanted ? digits : toScale({ digits, scale }, wanted);
  return bigToScale(BigInt(one.digits) * BigInt(other.digits), scale, wanted);
}

/** What is left of the exact product when the rounded one is taken off, in units of 10^-(sum of scales). */
export function roundingRest(one: Decimal, other: Decimal, wanted: number): number {
  const cut = one.scale + other.scale - wanted;
  if (cut <= 0) return 0;
  const exact = BigInt(one.digits) * BigInt(other.digits);
  return Number(exact - BigInt(productToScale(one, other, wanted)) * 10n ** BigInt(cut));
}

/** Units of the shop's currency for one unit of another, written as in settings: `7.18` or `"0.0063"`. */
export type Rates = Readonly<Record<string, number | string>>;

/** An amount of `from` in `to`, both in units of 10^-`digitsOf`: minor units unless it says otherwise. */
export function convert(
  amount: number,
  {
    from,
    to,
    rate,
    digitsOf = minorDigits,
  }: { from: string; to: string; rate: Decimal; digitsOf?: (currency: string) => number },
): number {
  const exact = BigInt(amount) * BigInt(rate.digits);
  return bigToScale(exact, digitsOf(from) + rate.scale, digitsOf(to));
}

/** `7.18` as 718 × 10^-2; throws for what is no positive number. */
export function rateOf(currency: string, rate: number | string): Decimal {
  const written = /^0*(\d{1,12})(?:\.(\d{1,12}))?$/.exec(String(rate));
  const [, whole = '', fraction = ''] = written ?? [];
  const digits = Number(`${whole}${fraction}`);
  if (written === null || digits === 0 || !Number.isSafeInteger(digits))
    throw new Error(`readOrders needs a positive decimal number as rate of ${currency}; got ${rate}`);
  return { digits, scale: fraction.length };
}

/**
 * Splits an amount in proportion to weights, to the minor unit: what rounding down leaves goes to the largest remainders,
 * the first of equals. Equal shares where all weights are 0.
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0)
    return allocate(
      amount,
      weights.map(() => 1),
    );
  const exact = weights.map((weight) => BigInt(Math.abs(amount)) * BigInt(weight));
  const divisor = BigInt(total);
  const shares = exact.map((share) => Number(share / divisor));
  const left = Math.abs(amount) - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, rest: share % divisor }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] as number) + 1;
  return amount < 0 ? shares.map((share) => -share) : shares;
}

function bigToScale(digits: bigint, scale: number, wanted: number): number {
  if (scale <= wanted) return safe(Number(digits * 10n ** BigInt(wanted - scale)));
  const divisor = 10n ** BigInt(scale - wanted);
  const rest = digits % divisor;
  const quotient = digits / divisor;
  const away = (rest < 0n ? -rest : rest) * 2n >= divisor;
  return safe(Number(away ? quotient + (digits < 0n ? -1n : 1n) : quotient));
}

const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
/** Exact up to 10^22. */
export const powerOfTen = (exponent: number): number => powers[exponent] ?? 10 ** exponent;

const safe = (amount: number): number => (Number.isSafeInteger(amount) ? amount : Number.NaN);
