import * as z from 'zod/mini';
import { orderFeatures } from '../../features/orderFeatures.ts';
import type { InTwoLanguages } from '../purchaseReport.ts';

/** Where a model's columns come from, which is what their numbers mean. */
export const wordingSchema = z.object({
  /** `orders`: the features of an order history. `table`: whatever columns an upload has. */
  source: z.enum(['orders', 'table']),
  /** ISO 4217 code of the shop's amounts. */
  currency: z.string(),
});
export type Wording = z.infer<typeof wordingSchema>;

export type Cell = number | string | null;

const units = new Map(orderFeatures.map(({ name, unit }) => [name, unit]));

/** A value as a person would say it, with its unit where an order history gives it one. */
export function shownValue(
  column: string,
  value: number | string,
  { source, currency }: Wording,
): InTwoLanguages {
  if (typeof value === 'string') return both(value);
  switch (source === 'orders' ? units.get(column) : undefined) {
    case 'days':
      return counted(value, ['day', 'days', '天']);
    case 'minutes':
      return counted(value, ['minute', 'minutes', '分钟']);
    case 'minor units':
      return { en: money(value, currency, 'en'), zh: money(value, currency, 'zh-CN') };
    case 'share':
      return both(`${shortNumber(100 * value)} %`);
    default:
      return both(shortNumber(value));
  }
}

/** Three digits of anything but large whole numbers. */
export function shortNumber(value: number): string {
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en', { maximumSignificantDigits: 15 });
}

const both = (text: string): InTwoLanguages => ({ en: text, zh: text });

function counted(value: number, [one, many, zh]: [string, string, string]): InTwoLanguages {
  const shown = shortNumber(value);
  return { en: `${shown} ${shown === '1' ? one : many}`, zh: `${shown} ${zh}` };
}

/** From minor units, whose number in a major one is the currency's own. */
function money(minorUnits: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minorUnits / 10 ** digits);
}
