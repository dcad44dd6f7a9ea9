import type { Language } from '../words.ts';

/** How figures, money and days are written: the reader's language, the shop's currency and days. */
export interface Formats {
  count(value: number): string;
  /** Up to so many digits behind the point. */
  figure(value: number, digits?: number): string;
  /** 0.123 as 12.3 %. */
  percent(value: number, digits?: number): string;
  /** In units of the currency; whole ones from 1,000 on. */
  money(value: number, currency: string): string;
  micros(value: number, currency: string): string;
  /** Short, for axes: 1.2K. */
  compact(value: number): string;
  /** A day as the shop has it, whatever the reader's time zone; of a time its day in UTC. */
  day(iso: string): string;
  /** A moment, where the reader is. */
  time(iso: string): string;
  bytes(value: number): string;
}

const locales: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };

export function formatsOf(language: Language): Formats {
  const locale = locales[language];
  const number = memo((digits: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  const percents = memo(
    (digits: number) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }),
  );
  const moneys = memo((currency: string) => moneyFormat(locale, currency, {}));
  const roundMoneys = memo((currency: string) => moneyFormat(locale, currency, { maximumFractionDigits: 0 }));
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const money = (value: number, currency: string): string =>
    (Math.abs(value) >= 1000 ? roundMoneys(currency) : moneys(currency)).format(value);
  return {
    count: (value) => number(0).format(value),
    figure: (value, digits = 3) => number(digits).format(value),
    percent: (value, digits = 1) => percents(digits).format(value),
    money,
    micros: (value, currency) => money(value / 1e6, currency),
    compact: (value) => compact.format(value),
    day: (iso) => days.format(new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso)),
    time: (iso) => times.format(new Date(iso)),
    bytes: (value) =>
      value < 1e6 ? `${number(0).format(Math.ceil(value / 1e3))} kB` : `${number(1).format(value / 1e6)} MB`,
  };
}

/** A code that Intl does not know, as a table of one's own may have, stands behind the figure. */
function moneyFormat(locale: string, currency: string, options: Intl.NumberFormatOptions) {
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, ...options });
  } catch {
    const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, ...options });
    return { format: (value: number) => `${plain.format(value)} ${currency}` };
  }
}

function memo<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
