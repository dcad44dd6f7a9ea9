import { type CommonRow, kinds } from './commonRow.ts';
import type { CellTexts } from './textColumn.ts';

/** As many digits as a double holds whatever they are. */
const exactDigits = 15;

/** A number of a common row, as `digits` × 10^-`scale`: the narrow form that needs no reading as text. */
export class CommonDecimal {
  digits = 0;
  scale = 0;
  /** Whether the file is known to write decimals with a point; else only whole numbers are common. */
  pointIsDecimal = false;

  /** Digits, perhaps a minus before and a point within them. */
  read({ bytes, starts, ends, kinds: found }: CommonRow, cell: number): boolean {
    const end = ends[cell] as number;
    const kind = found[cell] as number;
    let at = starts[cell] as number;
    if ((kind & ~(kinds.digit | kinds.point | kinds.minus)) !== 0 || (kind & kinds.digit) === 0) return false;
    if (end - at > exactDigits) return false;
    const negative = bytes[at] === minus;
    if (negative) at++;
    let digits = 0;
    let pointAt = -1;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte >= zero) digits = digits * 10 + byte - zero;
      else if (byte === point && pointAt < 0 && this.pointIsDecimal) pointAt = at;
      else return false;
    }
    this.digits = negative ? 0 - digits : digits;
    this.scale = pointAt < 0 ? 0 : end - 1 - pointAt;
    return true;
  }
}

const [minus, point, zero, nine] = [45, 46, 48, 57] as const;
const [space, apostrophe, equals, backtick] = [32, 39, 61, 96] as const;

/** Notes where the text of a common row is, in columns of text; each answers whether the cell is common. */
export class CommonTexts {
  /** Of the row in the columns. */
  index = 0;
  readonly #row: CommonRow;

  constructor(row: CommonRow) {
    this.#row = row;
  }

  /** An empty cell is null, as is one that is not there: cell -1. */
  readText(texts: CellTexts, cell: number): boolean {
    const isText = cell >= 0 && !this.#row.isEmpty(cell);
    if (isText && !isCommonText(this.#row, cell)) return false;
    this.#set(texts, isText ? cell : -1);
    return true;
  }

  readId(texts: CellTexts, cell: number): boolean {
    const isId = cell >= 0 && !this.#row.isEmpty(cell);
    if (isId && !isCommonId(this.#row, cell)) return false;
    this.#set(texts, isId ? cell : -1);
    return true;
  }

  #set({ starts, lengths }: CellTexts, cell: number): void {
    const start = cell < 0 ? 0 : (this.#row.starts[cell] as number);
    starts[this.index] = start;
    lengths[this.index] = cell < 0 ? -1 : (this.#row.ends[cell] as number) - start;
  }
}

/** Whether the cell is text that needs nothing taken off its ends; an empty cell is not. */
function isCommonText({ bytes, starts, ends, kinds: found }: CommonRow, cell: number): boolean {
  const start = starts[cell] as number;
  const end = ends[cell] as number;
  const first = bytes[start] as number;
  if (end === start || first <= space || first === apostrophe || first === backtick || first === equals)
    return false;
  if ((bytes[end - 1] as number) <= space) return false;
  return (
    ((found[cell] as number) & kinds.wide) === 0 ||
    (isSolid(bytes, start) && isSolid(bytes, lastCharacter(bytes, end)))
  );
}

function lastCharacter(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while (((bytes[at] as number) & 0xc0) === 0x80) at--;
  return at;
}

/** Whether the character is surely no blank, none of which stands in these parts of Unicode. */
function isSolid(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at] as number;
  if (lead < 0x80) return lead > space;
  if (lead === 0xe3) return (bytes[at + 1] as number) > 0x80;
  return lead !== 0xc2 && lead !== 0xe1 && lead !== 0xe2 && lead !== 0xef;
}

/** Longer text is neither a word for a total nor one for nothing. */
const longestWordBytes = 12;
const longestIdBytes = 256;

/** Whether the cell is text that can be an id as it stands. */
function isCommonId(row: CommonRow, cell: number): boolean {
  const kind = row.kinds[cell] as number;
  const length = (row.ends[cell] as number) - (row.starts[cell] as number);
  if ((kind & (kinds.plus | kinds.star)) !== 0 || length > longestIdBytes) return false;
  if ((kind & kinds.digit) === 0 && length <= longestWordBytes) return false;
  // an e-mail address is an id in small letters
  if ((kind & kinds.at) !== 0 && (kind & (kinds.capital | kinds.wide)) !== 0) return false;
  return isCommonText(row, cell);
}

const mostWords = 200;

/** Cells that hold few different words, such as states: what a word means is asked once, and is then known by its bytes. */
export class CommonWords {
  readonly #meaningOf: (word: string) => number;
  readonly #known: { bytes: Uint8Array; meaning: number }[][] = Array.from({ length: 256 }, () => []);
  #count = 0;

  /** `meaningOf` answers with a number from 0, or -1 for a word that has to be read as text. */
  constructor(meaningOf: (word: string) => number) {
    this.#meaningOf = meaningOf;
  }

  read(row: CommonRow, cell: number): number {
    const { bytes } = row;
    const start = row.starts[cell] as number;
    const end = row.ends[cell] as number;
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (hash * 31 + (bytes[at] as number)) & 255;
    const slot = this.#known[hash] as { bytes: Uint8Array; meaning: number }[];
    for (const known of slot) if (isSame(known.bytes, row, cell)) return known.meaning;
    if (this.#count >= mostWords) return -1;
    const word = Uint8Array.from(bytes.subarray(start, end));
    const meaning = this.#meaningOf(Buffer.from(word).toString());
    slot.push({ bytes: word, meaning });
    this.#count++;
    return meaning;
  }
}

function isSame(word: Uint8Array, { bytes, starts, ends }: CommonRow, cell: number): boolean {
  const start = starts[cell] as number;
  if ((ends[cell] as number) - start !== word.length) return false;
  for (let at = 0; at < word.length; at++) if (word[at] !== bytes[start + at]) return false;
  return true;
}

/** The number of two digits in the bytes; NaN where they are none. */
export function twoDigitsAt(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] as number;
  const ones = bytes[at + 1] as number;
  return tens >= zero && tens <= nine && ones >= zero && ones <= nine
    ? tens * 10 + ones - 11 * zero
    : Number.NaN;
}
