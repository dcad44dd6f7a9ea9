// Finds the rows of a block of CSV and reads their cells, for lib/tables/commonCells.ts. `npm run kernels` builds it.
// Of a row that is not common nothing is said: it is left to whoever reads it as text. Bytes are UTF-8, and the last one is an LF.

const nul: u32 = 0;
const lf: u32 = 10;
const cr: u32 = 13;
const space: u32 = 32;
const quote: u32 = 34;
const apostrophe: u32 = 39;
const dash: u32 = 45;
const point: u32 = 46;
const zero: u32 = 48;
const colon: u32 = 58;
const equals: u32 = 61;
const capitalT: u32 = 84;
const capitalZ: u32 = 90;
const backtick: u32 = 96;

/** In place of a length, a scale or a meaning: of a cell without anything in it, and of one that is not common. */
const empty: i32 = -1;
const uncommon: i32 = -2;

// What a column's cells are read as, as lib/tables/commonColumns.ts counts; 0 is text.
const asId: u32 = 1;
const asFlags: u32 = 2;
const asDecimal: u32 = 3;
const asTime: u32 = 4;
const asWord: u32 = 5;

// What there is among a cell's bytes.
const anyFlag: u32 = 1;
const digitFlag: u32 = 2;
const plusOrStarFlag: u32 = 4;
const atFlag: u32 = 8;
const capitalOrWideFlag: u32 = 16;

/** Longer text is neither a word for a total nor one for nothing. */
const longestWordBytes: u32 = 12;
const longestIdBytes: u32 = 256;
const daySeconds: i64 = 86400;
/** `00:00:00`; what is added to what is above it, so that too much reaches bit 7 of its byte; and these bits. */
const timeZeros: u64 = ((<u64>0x30303a30) << 32) | 0x303a3030;
const timeRoom: u64 = ((<u64>0x76767f76) << 32) | 0x767f7676;
const highBits: u64 = ((<u64>0x80808080) << 32) | 0x80808080;
/** As many digits as a double holds whatever they are. */
const exactDigits: u32 = 15;

// Where things stand in the 48 bytes of a column: what it is read as, where its cell's ends are, where to write (for words, the table of
// them comes last), and the ten bytes of the date before, by which the same date is known again.
const columnBytes: usize = 48;
const cellOffset: usize = 4;
const firstOffset: usize = 8;
const secondOffset: usize = 12;
const thirdOffset: usize = 16;
const fourthOffset: usize = 20;
const dayOffset: usize = 24;
const dateOffset: usize = 32;
const dateEndOffset: usize = 40;

// A table of words: 256 first words of chains, then the words, each with the next one of its chain (from 1), length, meaning and bytes.
const wordsOffset: usize = 256;
const wordBytes: usize = 72;
const wordTextOffset: usize = 8;
const longestKnownWord: u32 = 64;

/** Sets a bit for each byte of the block that ends a cell, or that no common row holds elsewhere. */
export function markBytes(blockAt: usize, length: u32, bitsAt: usize, delimiter: u32): void {
  const delimiters = i8x16.splat(<i8>delimiter);
  for (let at: usize = 0; at < length; at += 16) {
    const bytes = v128.load(blockAt + at);
    const ends = v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, i8x16.splat(<i8>lf)));
    const strays = v128.or(i8x16.eq(bytes, i8x16.splat(<i8>cr)), i8x16.eq(bytes, i8x16.splat(<i8>nul)));
    const quotes = i8x16.eq(bytes, i8x16.splat(<i8>quote));
    store<u16>(bitsAt + (at >> 3), i8x16.bitmask(v128.or(v128.or(ends, strays), quotes)));
  }
}

/**
 * Reads rows of a marked block, from position `from` in it on, until one is not common or `most` are read, and answers how many. Notes
 * at `rowsAt` where each begins and where the last one ends. `cellsAt` has room for both ends of each cell of a row.
 */
export function readRows(
  blockAt: usize,
  length: u32,
  bitsAt: usize,
  from: u32,
  most: u32,
  rowsAt: usize,
  cellsAt: usize,
  width: u32,
  delimiter: u32,
  columnsAt: usize,
  columns: u32,
  pointIsDecimal: bool,
): u32 {
  const cellsEnd = cellsAt + ((<usize>width) << 3);
  const columnsEnd = columnsAt + columnBytes * columns;
  let wordAt = bitsAt + ((from >> 6) << 3);
  let bits = load<u64>(wordAt) & ((<u64>-1) << (from & 63));
  let next = blockAt + from;
  const end = blockAt + length;
  for (let column = columnsAt; column < columnsEnd; column += columnBytes)
    if (load<u32>(column) <= asId) store<u32>(load<u32>(column, thirdOffset), 0);
  let row: u32 = 0;
  for (; row < most && next < end; row++) {
    store<u32>(rowsAt + (row << 2), <u32>(next - blockAt));
    let at = next;
    let any: usize = 0;
    let stop: u32 = 0;
    for (let cell = cellsAt; cell < cellsEnd; cell += 8) {
      for (; bits === 0; bits = load<u64>(wordAt)) wordAt += 8;
      let start = at;
      let stopAt = at;
      if (load<u8>(at) !== quote) {
        at = blockAt + ((wordAt - bitsAt) << 3) + <usize>ctz(bits);
        stopAt = at;
        stop = load<u8>(stopAt);
      } else {
        start++;
        do {
          // the marks of the quote that opens the cell, and of delimiters within it
          bits &= bits - 1;
          for (; bits === 0; bits = load<u64>(wordAt)) wordAt += 8;
          at = blockAt + ((wordAt - bitsAt) << 3) + <usize>ctz(bits);
          stop = load<u8>(at);
        } while (stop === delimiter);
        if (stop !== quote) return row;
        stopAt = at + 1;
        stop = load<u8>(stopAt);
        if (stop !== delimiter && stop !== lf && stop !== cr) return row;
        bits &= bits - 1;
        for (; bits === 0; bits = load<u64>(wordAt)) wordAt += 8;
      }
      bits &= bits - 1;
      store<u32>(cell, <u32>start);
      store<u32>(cell, <u32>at, 4);
      any |= at - start;
      at = stopAt + 1;
      if (stop !== delimiter && cell + 8 < cellsEnd) return row;
    }
    if (stop === cr) {
      stop = load<u8>(at++);
      for (; bits === 0; bits = load<u64>(wordAt)) wordAt += 8;
      bits &= bits - 1;
    }
    // a row of empty cells is no row
    if (stop !== lf || any === 0) return row;
    for (let column = columnsAt; column < columnsEnd; column += columnBytes) {
      const cell = <usize>load<u32>(column, cellOffset);
      const start = <usize>load<u32>(cell);
      const cellEnd = <usize>load<u32>(cell, 4);
      const kind = load<u32>(column);
      if (kind === asDecimal) readDecimal(column, row, start, cellEnd, pointIsDecimal);
      else if (kind === asTime) readTime(column, row, start, cellEnd);
      else if (kind === asFlags)
        store<u8>(<usize>load<u32>(column, firstOffset) + row, flagsOf(start, cellEnd));
      else {
        let textLength = <i32>(cellEnd - start);
        if (kind === asWord) {
          const meaning = meaningOf(load<u32>(column, fourthOffset), start, cellEnd);
          store<i8>(<usize>load<u32>(column, thirdOffset) + row, meaning);
          // where a word is that is known, nobody asks
          if (meaning !== uncommon) continue;
        } else if (textLength === 0) {
          textLength = empty;
        } else if (!isText(start, cellEnd) || (kind === asId && !isId(start, cellEnd))) {
          textLength = uncommon;
          store<u32>(load<u32>(column, thirdOffset), row + 1);
        }
        store<u32>(<usize>load<u32>(column, firstOffset) + (row << 2), <u32>(start - blockAt));
        store<i32>(<usize>load<u32>(column, secondOffset) + (row << 2), textLength);
      }
    }
    next = at;
    store<u32>(rowsAt + (row << 2), <u32>(next - blockAt), 4);
  }
  return row;
}

/** Whether the cell, which is not empty, is text that needs nothing taken off its ends. */
function isText(start: usize, end: usize): bool {
  const first = <u32>load<u8>(start);
  if (first <= space || first === apostrophe || first === backtick || first === equals) return false;
  let last = end - 1;
  const lastByte = <u32>load<u8>(last);
  if (lastByte <= space) return false;
  if (first > 127 && !isSolid(start)) return false;
  if (lastByte < 128) return true;
  while ((load<u8>(last) & 0xc0) === 0x80) last--;
  return isSolid(last);
}

/** Whether the character beyond ASCII is surely no blank, none of which stands in these parts of Unicode. */
function isSolid(at: usize): bool {
  const lead = <u32>load<u8>(at);
  if (lead === 0xe3) return load<u8>(at, 1) > 0x80;
  return lead !== 0xc2 && lead !== 0xe1 && lead !== 0xe2 && lead !== 0xef;
}

/** Whether the text can be an id as it stands. */
function isId(start: usize, end: usize): bool {
  const length = <u32>(end - start);
  if (length <= 16) {
    // most ids are short, and have a digit and nothing that makes a difference
    const bytes = v128.load(start);
    const mask: u32 = (1 << length) - 1;
    const marks = v128.or(plusOrStarsOf(bytes), i8x16.eq(bytes, i8x16.splat(64)));
    if ((mask & i8x16.bitmask(marks)) === 0 && (mask & i8x16.bitmask(digitsOf(bytes))) !== 0) return true;
  }
  if (length > longestIdBytes) return false;
  const flags = flagsOf(start, end);
  if ((flags & plusOrStarFlag) !== 0) return false;
  if ((flags & digitFlag) === 0 && length <= longestWordBytes) return false;
  // an e-mail address is an id in small letters
  return (flags & atFlag) === 0 || (flags & capitalOrWideFlag) === 0;
}

function digitsOf(bytes: v128): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10));
}

/** * is 42, and + 43. */
function plusOrStarsOf(bytes: v128): v128 {
  return i8x16.eq(v128.or(bytes, i8x16.splat(1)), i8x16.splat(43));
}

/** Sixteen bytes at a time; those behind the cell's end are masked. */
function flagsOf(start: usize, end: usize): u32 {
  let any: u32 = 0;
  let digits: u32 = 0;
  let plusOrStars: u32 = 0;
  let ats: u32 = 0;
  let capitalsOrWide: u32 = 0;
  for (let at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    const mask: u32 = end - at < 16 ? (1 << (<u32>(end - at))) - 1 : 0xffff;
    const capitals = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(65)), i8x16.splat(26));
    any |= mask;
    digits |= mask & i8x16.bitmask(digitsOf(bytes));
    plusOrStars |= mask & i8x16.bitmask(plusOrStarsOf(bytes));
    ats |= mask & i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(64)));
    capitalsOrWide |= mask & i8x16.bitmask(v128.or(capitals, bytes));
  }
  let flags: u32 = any !== 0 ? anyFlag : 0;
  if (digits !== 0) flags |= digitFlag;
  if (plusOrStars !== 0) flags |= plusOrStarFlag;
  if (ats !== 0) flags |= atFlag;
  if (capitalsOrWide !== 0) flags |= capitalOrWideFlag;
  return flags;
}

/** Digits, perhaps a minus before and a point within them. */
function readDecimal(column: usize, row: u32, start: usize, end: usize, pointIsDecimal: bool): void {
  const scaleAt = <usize>load<u32>(column, secondOffset) + row;
  const length = <u32>(end - start);
  store<i8>(scaleAt, length === 0 ? empty : uncommon);
  if (length - 1 >= exactDigits) return;
  const negative = load<u8>(start) === dash;
  let pointAt = end;
  let digits: i64 = 0;
  for (let at = start + <usize>negative; at < end; at++) {
    const digit = <u32>load<u8>(at) - zero;
    if (digit < 10) digits = digits * 10 + digit;
    else if (digit === point - zero && pointAt === end && pointIsDecimal) pointAt = at;
    else return;
  }
  if (length === <u32>negative + <u32>(pointAt !== end)) return;
  store<f64>(<usize>load<u32>(column, firstOffset) + (row << 3), <f64>(negative ? -digits : digits));
  store<i8>(scaleAt, pointAt === end ? 0 : <i32>(end - 1 - pointAt));
}

/**
 * `2010-12-01`, with `08:26`, `08:26:00` or `08:26:00.000` behind a blank or T, the last two also with Z: the day, the hour or -1, the
 * second that clocks show since 1970, and whether there is a Z.
 */
function readTime(column: usize, row: u32, start: usize, end: usize): void {
  const dayAt = <usize>load<u32>(column, firstOffset) + (row << 2);
  store<i32>(dayAt, uncommon);
  if (end - start < 10) return;
  const date = load<u64>(start);
  const dateEnd = load<u64>(start, 2);
  let day = load<i32>(column, dayOffset);
  if (date !== load<u64>(column, dateOffset) || dateEnd !== load<u64>(column, dateEndOffset)) {
    day = dayAtBytes(start);
    if (day < 0) return;
    store<u64>(column, date, dateOffset);
    store<u64>(column, dateEnd, dateEndOffset);
    store<i32>(column, day, dayOffset);
  }
  let second: i32 = 0;
  let hour: i32 = -1;
  if (end - start > 10) {
    second = secondAtBytes(start + 10, end);
    if (second < 0) return;
    hour = second / 3600;
  }
  store<i8>(<usize>load<u32>(column, secondOffset) + row, hour);
  store<f64>(<usize>load<u32>(column, thirdOffset) + (row << 3), <f64>(<i64>day * daySeconds + second));
  store<u8>(<usize>load<u32>(column, fourthOffset) + row, <u32>(load<u8>(end - 1) === capitalZ));
  store<i32>(dayAt, day);
}

/** Days since 1970-01-01 (Hinnant 2013, "days_from_civil"); -1 where the ten bytes are no date of 1970 to 2199. */
function dayAtBytes(at: usize): i32 {
  if (load<u8>(at, 4) !== dash || load<u8>(at, 7) !== dash) return -1;
  const century = twoDigits(at);
  const yearOfCentury = twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  if ((century | yearOfCentury | month | day) < 0) return -1;
  const year = century * 100 + yearOfCentury;
  if (year < 1970 || year > 2199 || month < 1 || month > 12) return -1;
  if (day < 1 || day > daysInMonth(year, month)) return -1;
  const marchYear = month <= 2 ? year - 1 : year;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719468;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return 30 + ((month + (month >> 3)) & 1);
}

/** The second of the day in what follows the date; -1 where it is written in another way. */
function secondAtBytes(at: usize, end: usize): i32 {
  const separator = <u32>load<u8>(at);
  if ((separator !== space && separator !== capitalT) || end - at < 6) return -1;
  if (end - at < 9) {
    const hours = twoDigits(at + 1);
    const minutes = twoDigits(at + 4);
    const isTime = end - at === 6 && load<u8>(at, 3) === colon && (hours | minutes) >= 0;
    return isTime && hours < 24 && minutes < 60 ? hours * 3600 + minutes * 60 : -1;
  }
  // eight bytes at once: each that is no digit, or not the colon that it has to be, reaches bit 7
  const bytes = load<u64>(at, 1) ^ timeZeros;
  if (((bytes | (bytes + timeRoom)) & highBits) !== 0) return -1;
  // tens times ten and ones, in the bytes of the ones
  const pairs = bytes * 10 + (bytes >> 8);
  const hours = <i32>(pairs & 0xff);
  const minutes = <i32>((pairs >> 24) & 0xff);
  const seconds = <i32>((pairs >> 48) & 0xff);
  if (hours > 23 || minutes > 59 || seconds > 59 || !isRest(at + 9, end)) return -1;
  return hours * 3600 + minutes * 60 + seconds;
}

/** Nothing, a fraction of a second, `Z`, or both. */
function isRest(from: usize, to: usize): bool {
  const end = to > from && load<u8>(to - 1) === capitalZ ? to - 1 : to;
  if (end === from) return true;
  if (load<u8>(from) !== point || end === from + 1) return false;
  for (let at = from + 1; at < end; at++) if (<u32>load<u8>(at) - zero > 9) return false;
  return true;
}

/** The number of two digits; below 0 where they are none. */
function twoDigits(at: usize): i32 {
  const tens = <u32>load<u8>(at) - zero;
  const ones = <u32>load<u8>(at, 1) - zero;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}

/** What `addWord` said that the word means, or that it is not known. */
function meaningOf(tableAt: usize, start: usize, end: usize): i32 {
  const length = <u32>(end - start);
  if (length > longestKnownWord) return empty;
  const head = bytesUpTo(start, length);
  let number = <u32>load<u8>(tableAt + slotOf(head, length));
  while (number !== 0) {
    const word = tableAt + wordsOffset + wordBytes * (number - 1);
    const isSameHead = load<u8>(word, 1) === length && load<u64>(word, wordTextOffset) === head;
    if (isSameHead && isSameBehind(word + wordTextOffset, start, length)) return load<i16>(word, 2);
    number = load<u8>(word);
  }
  return uncommon;
}

/** Whether the words, whose first eight bytes are the same, are the same as a whole. */
function isSameBehind(one: usize, other: usize, length: u32): bool {
  for (let at: u32 = 8; at < length; at += 8)
    if (load<u64>(one + at) !== bytesUpTo(other + at, length - at)) return false;
  return true;
}

/** Eight bytes at most, zeros behind them. */
function bytesUpTo(at: usize, length: u32): u64 {
  const bytes = load<u64>(at);
  return length >= 8 ? bytes : bytes & (((<u64>1) << (length << 3)) - 1);
}

/** By Fibonacci's hash (Knuth 1973, 6.4) of the first eight bytes and the length. */
function slotOf(head: u64, length: u32): u32 {
  return ((<u32>(head ^ (head >> 32)) + length) * 0x9e3779b1) >> 24;
}

/** Makes a word known as the one with that number, from 1; it begins at `start`, and its length is one that words may have. */
export function addWord(tableAt: usize, number: u32, start: usize, length: u32, meaning: i32): void {
  const slotAt = tableAt + slotOf(bytesUpTo(start, length), length);
  const word = tableAt + wordsOffset + wordBytes * (number - 1);
  memory.fill(word, 0, wordBytes);
  memory.copy(word + wordTextOffset, start, length);
  store<u8>(word, load<u8>(slotAt));
  store<u8>(word, length, 1);
  store<i16>(word, meaning, 2);
  store<u8>(slotAt, number);
}
