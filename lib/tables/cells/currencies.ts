/** Decimals of a currency's minor unit where they are not two (ISO 4217, list one). */
const unusualDigits: Record<string, number> = {
  ...digitsOf(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digitsOf(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digitsOf(4, 'CLF UYW'),
};

function digitsOf(digits: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, digits]));
}

const known = new Set(Intl.supportedValuesOf('currency'));

export const isCurrency = (code: string): boolean => known.has(code);

/** 2 for USD, so that 1 minor unit is a cent; 0 for JPY; 3 for KWD. */
export const minorDigits = (currency: string): number =>
  Object.hasOwn(unusualDigits, currency) ? (unusualDigits[currency] as number) : 2;

/** Signs that several currencies write; any other sign or code that a number carries stands for one. */
const sharedSigns: Record<string, ReadonlySet<string>> = {
  $: new Set(
    'USD AUD CAD NZD SGD HKD TWD MXN CLP COP ARS BND FJD JMD LRD NAD SBD SRD TTD BBD BSD BZD'.split(' '),
  ),
  '¥': new Set(['CNY', 'JPY']),
  '£': new Set(['GBP', 'EGP', 'GIP', 'FKP', 'SHP']),
};

/**
 * The currency of an amount by the sign before or behind it: the shop's where the sign is one of the shop's, else the
 * one that the sign mostly stands for; null where it stands for too many.
 */
export function currencyOfSign(sign: string, shopCurrency: string): string | null {
  if (sharedSigns[sign]?.has(shopCurrency)) return shopCurrency;
  if (sign === '¥') return 'CNY';
  if (sign === '£') return 'GBP';
  return sign === '$' ? null : sign;
}

const words: Record<string, string> = {
  元: 'CNY',
  人民币: 'CNY',
  RMB: 'CNY',
  美元: 'USD',
  港币: 'HKD',
  欧元: 'EUR',
  日元: 'JPY',
};

/** `usd`, ` CNY `, `人民币` as a code; null for what is none. */
export function currencyOfWord(word: string): string | null {
  const text = word.trim().toUpperCase();
  const code = words[text] ?? text;
  return isCurrency(code) ? code : null;
}
