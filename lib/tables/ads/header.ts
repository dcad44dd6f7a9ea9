import { currencyOfWord } from '../cells/currencies.ts';
import { moneyShift } from '../namedColumns.ts';

/** A column's name without the currency or unit of its money. */
export interface MoneyHeader {
  name: string;
  /** `Amount spent (USD)` states one. */
  currency: string | null;
  /** Powers of ten by which cells are larger than the currency's unit: -6 for micros. */
  shift: number;
}

/** `Amount spent (USD)`, `cost_micros`, `出价(元/次)`; brackets that hold no unit of money stay: `Clicks (all)`. */
export function moneyHeader(header: string): MoneyHeader {
  const text = header.normalize('NFKC').trim();
  const suffix = /^(.*[^\s_.])[\s_.]*micros$/i.exec(text);
  if (suffix !== null) return { name: suffix[1] ?? '', currency: null, shift: microsShift };
  const [, name = '', unit = ''] = /^(.*\S)\s*[([]([^()[\]]*)[)\]]$/.exec(text) ?? [];
  if (/^micros?$/i.test(unit)) return { name, currency: null, shift: microsShift };
  const shift = moneyShift(unit.toLowerCase());
  if (shift !== 0) return { name, currency: null, shift };
  const currency = currencyOf(unit);
  return currency === null ? { name: text, currency: null, shift: 0 } : { name, currency, shift: 0 };
}

const microsShift = -6;

/** Capitals alone, for the "all" of "Clicks (all)" would be the Albanian lek. */
function currencyOf(unit: string): string | null {
  const [word = ''] = unit.split('/');
  return /^[A-Z]{3}$|^\p{Script=Han}+$/u.test(word.trim()) ? currencyOfWord(word) : null;
}
