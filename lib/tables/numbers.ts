/** How a file writes decimals, where its cells have shown it; `both` when they contradict each other. */
export type DecimalMark = '.' | ',' | 'both' | null;

export type NumberReading =
  | {
      kind: 'number';
      value: number;
      /** What was written, before `%`: a sign, digits, a point for decimals, perhaps an exponent; nothing is rounded. */
      decimal: string;
      /** The decimal mark that this cell proves: `12.5` and `1,234,567` prove the point, `12,5` the comma. */
      proves: '.' | ',' | null;
      /** `1.234` is read as a decimal unless the file's decimal mark is the comma. */
      pointAndThreeDigits: boolean;
      currency: string | null;
      percent: boolean;
      grouped: boolean;
    }
  /** `1,234` alone: a thousand and something, or one and something. */
  | { kind: 'ambiguous'; reason: string }
  | { kind: 'notFinite'; reason: string }
  | { kind: 'notNumber'; reason: string };

const plain = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const threeAfterPoint = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;
const notFinite = /^[+-]?(nan|inf|infinity|∞|1\.#(inf|ind|qnan).*)$/i;
const missing = /^(|n\/?a|#n\/a|null|none|nil|-+|—+)$/i;

/** Whether a cell that should hold a number holds nothing: empty, `NA`, `null`, `-` and the like. */
export const isMissingNumber = (cell: string): boolean => missing.test(cell.trim());

/**
 * Reads a number as people and systems write it: `1,234.56`, `1.234,56`, `1 234,56`, `¥100`, `(12.00)`, `5%`. What can
 * be read in two ways is not read, unless `decimalMark` or `whole` (the number counts something) leaves one way.
 */
export function parseNumber(
  cell: string,
  { decimalMark = null, whole = false }: { decimalMark?: DecimalMark; whole?: boolean } = {},
): NumberReading {
  const text = cell.trim();
  if (plain.test(text)) return plainNumber(text, decimalMark);
  if (notFinite.test(text))
    return { kind: 'notFinite', reason: `${text.slice(0, 20)} is not a finite number` };
  const dressed = undress(text);
  if (dressed === null) return { kind: 'notNumber', reason: 'the cell is not a number' };
  const { digits, negative, currency, percent } = dressed;
  const bare = bareNumber(digits, { decimalMark, whole });
  if (bare.kind !== 'number') return bare;
  const value = (negative ? -bare.value : bare.value) / (percent ? 100 : 1);
  return { ...bare, value, decimal: negative ? `-${bare.decimal}` : bare.decimal, currency, percent };
}

function plainNumber(text: string, decimalMark: DecimalMark): NumberReading {
  const three = threeAfterPoint.test(text);
  if (three && decimalMark === ',') return read(text.replace('.', ''), { proves: ',', grouped: true });
  if (three && decimalMark === 'both') return ambiguous(text);
  const proves = !three && text.includes('.') ? '.' : null;
  return read(text, { proves, pointAndThreeDigits: three });
}

function read(
  decimal: string,
  {
    proves = null,
    grouped = false,
    pointAndThreeDigits = false,
  }: Partial<NumberReading & { kind: 'number' }>,
): NumberReading {
  const value = Number(decimal);
  if (!Number.isFinite(value)) return { kind: 'notFinite', reason: 'the number is too large' };
  return {
    kind: 'number',
    value,
    decimal,
    proves,
    grouped,
    pointAndThreeDigits,
    currency: null,
    percent: false,
  };
}

function ambiguous(text: string): NumberReading {
  const digits = text.replace(/[.,]/, '');
  const reason = `${text} can be ${digits} or ${text.replace(',', '.')}; write it without a separator for thousands`;
  return { kind: 'ambiguous', reason };
}

const currencies: [RegExp, string][] = [
  [/^(?:CN¥|¥|RMB|CNY)|(?:元|RMB|CNY|人民币)$/i, 'CNY'],
  [/^(?:US\$|USD)|USD$/i, 'USD'],
  [/^HK(?:\$|D)|HKD$/i, 'HKD'],
  [/^(?:€|EUR)|(?:€|EUR)$/i, 'EUR'],
  [/^(?:£|GBP)|(?:£|GBP)$/i, 'GBP'],
  [/^JPY|(?:JPY|円)$/i, 'JPY'],
  [/^(?:₩|KRW)|(?:₩|KRW)$/i, 'KRW'],
  [/^(?:₹|INR)|INR$/i, 'INR'],
  [/^\$|\$$/, '$'],
];

/** Takes sign, currency, percent and accounting brackets off; null where something else than digits is left. */
function undress(
  text: string,
): { digits: string; negative: boolean; currency: string | null; percent: boolean } | null {
  if (text.length > 64) return null;
  let rest = text.normalize('NFKC').replace('\u2212', '-').trim();
  const bracketed = /^\((.*)\)$/.exec(rest)?.[1];
  rest = bracketed ?? rest;
  const sign = /^[+-]/.exec(rest)?.[0];
  rest = sign === undefined ? rest : rest.slice(1).trim();
  const currency = currencies.find(([pattern]) => pattern.test(rest));
  if (currency !== undefined) rest = rest.replace(currency[0], '').trim();
  const inner = sign === undefined ? /^[+-]/.exec(rest)?.[0] : undefined;
  rest = inner === undefined ? rest : rest.slice(1).trim();
  const percent = rest.endsWith('%');
  if (percent) rest = rest.slice(0, -1).trim();
  const signs = [bracketed !== undefined, sign !== undefined, inner !== undefined].filter(Boolean).length;
  if (!/^[., '’]*\d[\d., '’]*$/.test(rest) || signs > 1) return null;
  const negative = bracketed !== undefined || sign === '-' || inner === '-';
  return { digits: rest, negative, currency: currency?.[1] ?? null, percent };
}

const spaceGroups = /^\d{1,3}(?:[ '’]\d{3})+(?:([.,])\d+)?$/;
const commaGroups = /^\d{1,3}(?:,\d{3})+(\.\d*)?$/;
const indianGroups = /^\d{1,2}(?:,\d{2})+,\d{3}(\.\d*)?$/;
const pointGroups = /^\d{1,3}(?:\.\d{3})+(,\d*)?$/;
const decimalComma = /^\d*,\d+$/;

/** A number of digits and separators. */
function bareNumber(
  digits: string,
  { decimalMark, whole }: { decimalMark: DecimalMark; whole: boolean },
): NumberReading {
  if (plain.test(digits)) return plainNumber(digits, decimalMark);
  const spaced = spaceGroups.exec(digits);
  if (spaced !== null) {
    const mark = spaced[1] as '.' | ',' | undefined;
    return read(digits.replace(/[ '’]/g, '').replace(',', '.'), { proves: mark ?? null, grouped: true });
  }
  if (/^[1-9]\d{0,2},\d{3}$/.test(digits)) {
    if (decimalMark === '.' || (whole && decimalMark !== ',')) return grouped(digits, ',');
    return decimalMark === ',' ? withDecimalComma(digits) : ambiguous(digits);
  }
  if (decimalComma.test(digits)) return withDecimalComma(digits);
  if (commaGroups.test(digits) || indianGroups.test(digits)) return grouped(digits, ',');
  if (pointGroups.test(digits)) return grouped(digits, '.');
  return {
    kind: 'notNumber',
    reason: 'the separators of the number do not stand where thousands and decimals do',
  };
}

const withDecimalComma = (digits: string): NumberReading => read(digits.replace(',', '.'), { proves: ',' });

function grouped(digits: string, separator: ',' | '.'): NumberReading {
  const decimal = digits.replaceAll(separator, '').replace(',', '.');
  return read(decimal, { proves: separator === ',' ? '.' : ',', grouped: true });
}
