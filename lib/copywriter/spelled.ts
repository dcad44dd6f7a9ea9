import type { Spelled } from './facts.ts';

/** Figures as texts have them. */

export const spelledCount = (value: number): Spelled => same(grouped(value, 0));

/** `percent` of a share from 0 to 1. */
export function spelledShare(share: number): Spelled {
  const percent = grouped(100 * share, 1);
  return { en: `${percent} %`, zh: `${percent}%` };
}

/** An amount in units of the currency, with as many decimals as it has. */
export const spelledMoney = (currency: string, decimals: number) => (amount: number) =>
  same(`${grouped(amount, decimals)} ${currency}`);

/** As one would say it: from a thousand on without decimals, which no forecast knows. */
export const roundedMoney = (currency: string, decimals: number) => (amount: number) =>
  spelledMoney(currency, Math.abs(amount) >= 1000 ? 0 : decimals)(amount);

export const spelledDays = (days: number): Spelled => ({
  en: `${days} ${days === 1 ? 'day' : 'days'}`,
  zh: `${days} 天`,
});

/** Of a day as `2026-10-31`. */
export function spelledDay(day: string): Spelled {
  const [year, month, date] = day.slice(0, 10).split('-').map(Number);
  return { en: day.slice(0, 10), zh: `${year}年${month}月${date}日` };
}

export const same = (text: string): Spelled => ({ en: text, zh: text });

/** `12,345.60`; a value that rounds to nothing has no sign. */
const grouped = (value: number, decimals: number): string =>
  value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: 'negative',
  });
