// The inner loops of lib/features/staging, which says what lies where. `npm run kernels` builds it.
// Pages, encodings and codecs are those of Parquet (parquet.apache.org/docs/file-format), LZ4 is its block format without a frame.

/** Of a text that is null. */
const nothing: i32 = -1;
/** Of a whole number in 32 bits that is null. */
const noInteger: i32 = i32.MIN_VALUE;

/** In place of a bucket, of a row that is left out. */
const leftOut: u8 = 255;

/**
 * The bucket of each row: the last of the first four bytes of its id's MD5 (RFC 1321), modulo a power of two; a row that is left out
 * has none. Rows in a row mostly have one customer, whose bucket is computed once, and those of four at a time. `tableAt` holds the 64
 * constants of MD5, four times each, `blockAt` has room for four blocks and five vectors, and `runsAt` for four bytes for each row.
 */
export function bucketRows(
  rows: u32,
  startsAt: usize,
  lengthsAt: usize,
  arenaAt: usize,
  tableAt: usize,
  blockAt: usize,
  mask: u32,
  runsAt: usize,
  bucketsAt: usize,
): void {
  const runs = runsOfRows(rows, startsAt, lengthsAt, arenaAt, runsAt);
  const numbersAt = blockAt + 320;
  for (let run: u32 = 0; run < runs; run += 4) {
    const lanes = min<u32>(4, runs - run);
    let longest: u32 = 0;
    for (let lane: u32 = 0; lane < lanes; lane++)
      longest = max(longest, lengthOf(lengthsAt, firstOfRun(runsAt, run + lane)));
    memory.fill(blockAt, 0, 256);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const row = firstOfRun(runsAt, run + lane);
      const length = lengthOf(lengthsAt, row);
      const at = arenaAt + <usize>load<u32>(startsAt + (row << 2));
      if (longest < 56) fillBlock(at, length, 0, blockAt, lane);
      else store<u32>(numbersAt + ((<usize>lane) << 2), longMd5(at, length, tableAt, blockAt));
    }
    if (longest < 56)
      v128.store(numbersAt, md5Block(initial(0), initial(1), initial(2), initial(3), tableAt, blockAt));
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const bucket = <u8>((load<u32>(numbersAt + ((<usize>lane) << 2)) >>> 24) & mask);
      const end = run + lane + 1 < runs ? firstOfRun(runsAt, run + lane + 1) : <usize>rows;
      for (let row = firstOfRun(runsAt, run + lane); row < end; row++)
        if (load<u8>(bucketsAt + row) !== leftOut) store<u8>(bucketsAt + row, bucket);
    }
  }
}

function firstOfRun(runsAt: usize, run: u32): usize {
  return <usize>load<u32>(runsAt + ((<usize>run) << 2));
}

/** Of a text; of none, as of an empty one. */
function lengthOf(lengthsAt: usize, row: usize): u32 {
  return <u32>max<i32>(0, load<i32>(lengthsAt + (row << 2)));
}

/** The first rows of runs with the same id, and the number of them. */
function runsOfRows(rows: u32, startsAt: usize, lengthsAt: usize, arenaAt: usize, runsAt: usize): u32 {
  let runs: u32 = 0;
  let beforeAt: usize = 0;
  let before: i32 = -2;
  for (let row: u32 = 0; row < rows; row++) {
    const length = max<i32>(0, load<i32>(lengthsAt + ((<usize>row) << 2)));
    const at = arenaAt + <usize>load<u32>(startsAt + ((<usize>row) << 2));
    if (length === before && isSame(at, beforeAt, <u32>length)) continue;
    beforeAt = at;
    before = length;
    store<u32>(runsAt + ((<usize>runs) << 2), row);
    runs++;
  }
  return runs;
}

/** Puts a block of a text, with what MD5 adds behind the text, into one of four lanes, which hold zeros. */
function fillBlock(at: usize, length: u32, block: u32, blockAt: usize, lane: u32): void {
  const first = block << 6;
  const laneAt = blockAt + ((<usize>lane) << 2);
  const whole: u32 = length < first ? 0 : min<u32>(16, (length - first) >>> 2);
  for (let index: u32 = 0; index < whole; index++)
    store<u32>(laneAt + ((<usize>index) << 4), load<u32>(at + <usize>(first + (index << 2))));
  if (length >= first && whole < 16) {
    const bits = (length & 3) << 3;
    const rest = load<u32>(at + <usize>(first + (whole << 2))) & ((1 << bits) - 1);
    store<u32>(laneAt + ((<usize>whole) << 4), rest | ((<u32>0x80) << bits));
  }
  if (block !== (length + 8) >>> 6) return;
  store<u32>(laneAt + 224, length << 3);
  store<u32>(laneAt + 240, length >>> 29);
}

function initial(word: u32): v128 {
  return i32x4.splat(
    word === 0 ? 0x67452301 : word === 1 ? 0xefcdab89 : word === 2 ? 0x98badcfe : 0x10325476,
  );
}

/** What MD5 begins with for a text of several blocks, which is rare: one lane is computed in all four. */
function longMd5(at: usize, length: u32, tableAt: usize, blockAt: usize): u32 {
  const stateAt = blockAt + 256;
  for (let word: u32 = 0; word < 4; word++) v128.store(stateAt + ((<usize>word) << 4), initial(word));
  const blocks = ((length + 8) >>> 6) + 1;
  for (let block: u32 = 0; block < blocks; block++) {
    memory.fill(blockAt, 0, 256);
    for (let lane: u32 = 0; lane < 4; lane++) fillBlock(at, length, block, blockAt, lane);
    md5Block(
      v128.load(stateAt),
      v128.load(stateAt, 16),
      v128.load(stateAt, 32),
      v128.load(stateAt, 48),
      tableAt,
      blockAt,
    );
  }
  return load<u32>(stateAt);
}

/** One block of each lane; gives the first word of the state, and leaves all four behind the block. */
function md5Block(a0: v128, b0: v128, c0: v128, d0: v128, tableAt: usize, blockAt: usize): v128 {
  let a = a0;
  let b = b0;
  let c = c0;
  let d = d0;
  for (let step: u32 = 0; step < 16; step += 4) {
    a = stepF(a, b, c, d, added(tableAt, step, blockAt, step), 7);
    d = stepF(d, a, b, c, added(tableAt, step + 1, blockAt, step + 1), 12);
    c = stepF(c, d, a, b, added(tableAt, step + 2, blockAt, step + 2), 17);
    b = stepF(b, c, d, a, added(tableAt, step + 3, blockAt, step + 3), 22);
  }
  for (let step: u32 = 16; step < 32; step += 4) {
    const from = step * 5 + 1;
    // the second function is the first with its arguments turned
    a = stepG(a, b, c, d, added(tableAt, step, blockAt, from & 15), 5);
    d = stepG(d, a, b, c, added(tableAt, step + 1, blockAt, (from + 5) & 15), 9);
    c = stepG(c, d, a, b, added(tableAt, step + 2, blockAt, (from + 10) & 15), 14);
    b = stepG(b, c, d, a, added(tableAt, step + 3, blockAt, (from + 15) & 15), 20);
  }
  for (let step: u32 = 32; step < 48; step += 4) {
    const from = step * 3 + 5;
    a = stepH(a, b, c, d, added(tableAt, step, blockAt, from & 15), 4);
    d = stepH(d, a, b, c, added(tableAt, step + 1, blockAt, (from + 3) & 15), 11);
    c = stepH(c, d, a, b, added(tableAt, step + 2, blockAt, (from + 6) & 15), 16);
    b = stepH(b, c, d, a, added(tableAt, step + 3, blockAt, (from + 9) & 15), 23);
  }
  for (let step: u32 = 48; step < 64; step += 4) {
    const from = step * 7;
    a = stepI(a, b, c, d, added(tableAt, step, blockAt, from & 15), 6);
    d = stepI(d, a, b, c, added(tableAt, step + 1, blockAt, (from + 7) & 15), 10);
    c = stepI(c, d, a, b, added(tableAt, step + 2, blockAt, (from + 14) & 15), 15);
    b = stepI(b, c, d, a, added(tableAt, step + 3, blockAt, (from + 21) & 15), 21);
  }
  const first = i32x4.add(a0, a);
  v128.store(blockAt + 256, first);
  v128.store(blockAt + 272, i32x4.add(b0, b));
  v128.store(blockAt + 288, i32x4.add(c0, c));
  v128.store(blockAt + 304, i32x4.add(d0, d));
  return first;
}

function added(tableAt: usize, step: u32, blockAt: usize, word: u32): v128 {
  return i32x4.add(v128.load(tableAt + ((<usize>step) << 4)), v128.load(blockAt + ((<usize>word) << 4)));
}

function rotated(x: v128, bits: u32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

function stepF(a: v128, b: v128, c: v128, d: v128, x: v128, bits: u32): v128 {
  return i32x4.add(b, rotated(i32x4.add(i32x4.add(a, v128.bitselect(c, d, b)), x), bits));
}

function stepG(a: v128, b: v128, c: v128, d: v128, x: v128, bits: u32): v128 {
  return i32x4.add(b, rotated(i32x4.add(i32x4.add(a, v128.bitselect(b, c, d)), x), bits));
}

function stepH(a: v128, b: v128, c: v128, d: v128, x: v128, bits: u32): v128 {
  return i32x4.add(b, rotated(i32x4.add(i32x4.add(a, v128.xor(v128.xor(b, c), d)), x), bits));
}

function stepI(a: v128, b: v128, c: v128, d: v128, x: v128, bits: u32): v128 {
  return i32x4.add(b, rotated(i32x4.add(i32x4.add(a, v128.xor(c, v128.or(b, v128.not(d)))), x), bits));
}

/** By bucket, where its rows end when they stand one bucket behind the other. */
export function countBuckets(rows: u32, bucketsAt: usize, buckets: u32, endsAt: usize): void {
  memory.fill(endsAt, 0, (<usize>buckets) << 2);
  for (let row: u32 = 0; row < rows; row++) {
    const bucket = load<u8>(bucketsAt + row);
    if (bucket !== leftOut) advance(endsAt, bucket, 1);
  }
  for (let bucket: u32 = 1; bucket < buckets; bucket++) {
    const at = endsAt + ((<usize>bucket) << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at - 4));
  }
}

/** Moves a bucket's number on, and gives what it was. */
function advance(numbersAt: usize, bucket: u8, by: u32): usize {
  const at = numbersAt + ((<usize>bucket) << 2);
  const number = load<u32>(at);
  store<u32>(at, number + by);
  return <usize>number;
}

/** Numbers of four or eight bytes, which are two to the power of `shift`, one bucket behind the other. */
export function partNumbers(
  rows: u32,
  bucketsAt: usize,
  buckets: u32,
  endsAt: usize,
  cursorsAt: usize,
  valuesAt: usize,
  shift: u32,
  to: usize,
): void {
  store<u32>(cursorsAt, 0);
  memory.copy(cursorsAt + 4, endsAt, (<usize>(buckets - 1)) << 2);
  for (let row: u32 = 0; row < rows; row++) {
    const bucket = load<u8>(bucketsAt + row);
    if (bucket === leftOut) continue;
    const place = to + (advance(cursorsAt, bucket, 1) << shift);
    const from = valuesAt + ((<usize>row) << shift);
    if (shift === 3) store<u64>(place, load<u64>(from));
    else store<u32>(place, load<u32>(from));
  }
}

/** Bytes between the texts of one group of buckets and of the next. */
const gap: u32 = 8;

/**
 * The bytes of texts, whose lengths are dealt out already, to `dealtAt`. `textsAt` gets, by bucket, where its texts begin,
 * counted from `to`. `together` buckets are a group, a power of two.
 */
export function partTexts(
  rows: u32,
  bucketsAt: usize,
  buckets: u32,
  endsAt: usize,
  cursorsAt: usize,
  startsAt: usize,
  lengthsAt: usize,
  arenaAt: usize,
  dealtAt: usize,
  textsAt: usize,
  together: u32,
  to: usize,
): void {
  let begin: u32 = 0;
  let row: u32 = 0;
  for (let bucket: u32 = 0; bucket < buckets; bucket++) {
    store<u32>(cursorsAt + ((<usize>bucket) << 2), begin);
    store<u32>(textsAt + ((<usize>bucket) << 2), begin);
    const end = load<u32>(endsAt + ((<usize>bucket) << 2));
    for (; row < end; row++) begin += <u32>max<i32>(0, load<i32>(dealtAt + ((<usize>row) << 2)));
    if (((bucket + 1) & (together - 1)) === 0) begin += gap;
  }
  for (let row: u32 = 0; row < rows; row++) {
    const bucket = load<u8>(bucketsAt + row);
    if (bucket === leftOut) continue;
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length <= 0) continue;
    const place = advance(cursorsAt, bucket, <u32>length);
    const from = arenaAt + <usize>load<u32>(startsAt + ((<usize>row) << 2));
    const next = load<u32>(textsAt + ((<usize>bucket) << 2), 4);
    // what is beyond is written over by the bucket's next text, or stands in the gap; where there is none, nothing may be
    if (<u32>place + ((<u32>length + 7) & ~7) > next) memory.copy(to + place, from, length);
    else copyEights(to + place, from, <u32>length);
  }
}

// Set by `setUp`: where encoders work.
/** Four bytes for each row: codes of a dictionary. */
let codesAt: usize = 0;
/** Eight bytes for each row: whole numbers. */
let wholesAt: usize = 0;
/** Eight bytes for each entry of a dictionary: where a text begins and how long it is, or a number. */
let entriesAt: usize = 0;
/** Four bytes for each slot of a dictionary's hash table, twice as many as entries. */
let slotsAt: usize = 0;
/** Which rows have a value, as a page tells it. */
let levelsAt: usize = 0;
/** Four bytes for each hash of LZ4. */
let positionsAt: usize = 0;
/** What a chunk left behind. */
let resultsAt: usize = 0;
/** The values of a page, and the same compressed. */
let pageAt: usize = 0;
let packedAt: usize = 0;

/** Lays out what encoders need from `at` on, where what a chunk leaves behind comes first. Gives the end. */
export function setUp(at: usize, rows: u32, pageBytes: u32): usize {
  resultsAt = at;
  positionsAt = resultsAt + 64;
  slotsAt = positionsAt + ((<usize>4) << hashBits);
  entriesAt = slotsAt + ((<usize>mostEntries) << 3);
  levelsAt = entriesAt + ((<usize>mostEntries) << 3);
  codesAt = levelsAt + (((<usize>rows >>> 3) + 127) & ~63);
  wholesAt = codesAt + ((<usize>rows) << 2);
  pageAt = wholesAt + ((<usize>rows) << 3);
  packedAt = pageAt + <usize>pageBytes + 64;
  return packedAt + <usize>packedBound(pageBytes) + 64;
}

const mostEntries: u32 = 32_768;

/** Of the chunk that is written. */
let rows: u32 = 0;

// What a chunk leaves behind, in bytes from `resultsAt`.
const dictionaryBytesOf: usize = 0;
const plainBytesOf: usize = 4;
const nullsOf: usize = 8;
const encodingOf: usize = 12;
const leastOf: usize = 16;
const greatestOf: usize = 20;

// Encodings of parquet.thrift.
const plain: u32 = 0;
const deltaBinaryPacked: u32 = 5;
const deltaLengthByteArray: u32 = 6;
const deltaByteArray: u32 = 7;
const rleDictionary: u32 = 8;

/**
 * Writes the chunk of a column of text, whose bytes stand one behind the other, and gives its end: as a dictionary where values come
 * again, by what each shares with the one before where that is shorter, else by their lengths and bytes.
 */
export function writeTexts(count: u32, lengthsAt: usize, bytesAt: usize, to: usize): usize {
  rows = count;
  let values: u32 = 0;
  for (let row: u32 = 0; row < rows; row++)
    values += <u32>(load<i32>(lengthsAt + ((<usize>row) << 2)) !== nothing);
  if (beginLevels(values))
    for (let row: u32 = 0; row < rows; row++)
      if (load<i32>(lengthsAt + ((<usize>row) << 2)) !== nothing) setLevel(row);
  if (values === 0) return writePages(plain, pageAt, to);
  const entries = codeTexts(lengthsAt, bytesAt, values);
  if (entries > 0) {
    let end = pageAt;
    for (let entry: u32 = 0; entry < entries; entry++) {
      const at = entriesAt + ((<usize>entry) << 3);
      const length = load<u32>(at, 4);
      store<u32>(end, length);
      copyEights(end + 4, bytesAt + <usize>load<u32>(at), length);
      end += 4 + <usize>length;
    }
    return writeDictionary(entries, end, values, to);
  }
  if (isShorterBySuffixes(values, lengthsAt, bytesAt)) return writeSuffixes(lengthsAt, bytesAt, values, to);
  let wholes: u32 = 0;
  let bytes: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length === nothing) continue;
    storeWhole(wholes, length);
    wholes++;
    bytes += length;
  }
  const end = packWholes(wholes, pageAt);
  memory.copy(end, bytesAt, bytes);
  return writePages(deltaLengthByteArray, end + <usize>bytes, to);
}

function sharedStart(one: usize, other: usize, most: u32): u32 {
  for (let byte: u32 = 0; byte < most; byte += 8) {
    const differing = load<u64>(one + <usize>byte) ^ load<u64>(other + <usize>byte);
    if (differing !== 0) return min<u32>(most, byte + <u32>(ctz<u64>(differing) >>> 3));
  }
  return most;
}

/** Copies bytes eight at a time: up to seven beyond the last are written too. Short texts take less so than by `memory.copy`. */
function copyEights(to: usize, from: usize, length: u32): void {
  for (let byte: u32 = 0; byte < length; byte += 8)
    store<u64>(to + <usize>byte, load<u64>(from + <usize>byte));
}

/**
 * Whether what texts do not share with the one before takes clearly less room than all of their bytes. Lengths take some six bits, and
 * LZ4 makes about three quarters of text.
 */
function isShorterBySuffixes(values: u32, lengthsAt: usize, bytesAt: usize): bool {
  let bytes: u32 = 0;
  let suffixes: u32 = 0;
  let before: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length === nothing) continue;
    const at = bytesAt + <usize>bytes;
    suffixes += length - sharedStart(at - <usize>before, at, min<u32>(before, length));
    bytes += length;
    before = length;
  }
  return <f64>suffixes + 0.8 * <f64>values < 0.6 * <f64>bytes;
}

/** By what each text shares with the one before, and the rest of it: lengths of both, and then the bytes. */
function writeSuffixes(lengthsAt: usize, bytesAt: usize, values: u32, to: usize): usize {
  let value: u32 = 0;
  let at = bytesAt;
  let before: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length === nothing) continue;
    const shared = sharedStart(at - <usize>before, at, min<u32>(before, length));
    store<u32>(codesAt + ((<usize>value) << 2), shared);
    storeWhole(value, shared);
    value++;
    at += length;
    before = length;
  }
  let end = packWholes(values, pageAt);
  value = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length === nothing) continue;
    storeWhole(value, length - load<u32>(codesAt + ((<usize>value) << 2)));
    value++;
  }
  end = packWholes(values, end);
  value = 0;
  at = bytesAt;
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length === nothing) continue;
    const shared = load<u32>(codesAt + ((<usize>value) << 2));
    value++;
    copyEights(end, at + <usize>shared, <u32>length - shared);
    end += <usize>(length - shared);
    at += length;
  }
  return writePages(deltaByteArray, end, to);
}

/** Whole numbers in doubles, of which NaN is null; 0 where one is no whole number of at most 53 bits. */
export function writeWholes(count: u32, valuesAt: usize, to: usize): usize {
  rows = count;
  let values: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<f64>(valuesAt + ((<usize>row) << 3));
    if (isNothing(value)) continue;
    if (abs<f64>(value) > <f64>f64.MAX_SAFE_INTEGER || floor<f64>(value) !== value) return 0;
    storeWhole(values, <i64>value);
    values++;
  }
  levelsOfDoubles(values, valuesAt);
  const end = packWholes(values, pageAt);
  if (end > 0) return writePages(deltaBinaryPacked, end, to);
  memory.copy(pageAt, wholesAt, (<usize>values) << 3);
  return writePages(plain, pageAt + ((<usize>values) << 3), to);
}

/** Whole numbers of 32 bits, of which the least is null. */
export function writeIntegers(count: u32, valuesAt: usize, to: usize): usize {
  rows = count;
  let values: u32 = 0;
  let least = i32.MAX_VALUE;
  let greatest = i32.MIN_VALUE;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<i32>(valuesAt + ((<usize>row) << 2));
    if (value === noInteger) continue;
    least = min(least, value);
    greatest = max(greatest, value);
    storeWhole(values, value);
    values++;
  }
  store<i32>(resultsAt + leastOf, least);
  store<i32>(resultsAt + greatestOf, greatest);
  if (beginLevels(values))
    for (let row: u32 = 0; row < rows; row++)
      if (load<i32>(valuesAt + ((<usize>row) << 2)) !== noInteger) setLevel(row);
  const end = packWholes(values, pageAt);
  if (end > 0) return writePages(deltaBinaryPacked, end, to);
  for (let index: u32 = 0; index < values; index++)
    store<i32>(pageAt + ((<usize>index) << 2), <i32>load<i64>(wholesAt + ((<usize>index) << 3)));
  return writePages(plain, pageAt + ((<usize>values) << 2), to);
}

/** Doubles, of which NaN is null. */
export function writeDoubles(count: u32, valuesAt: usize, to: usize): usize {
  rows = count;
  let values: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<f64>(valuesAt + ((<usize>row) << 3));
    values += <u32>!isNothing(value);
  }
  levelsOfDoubles(values, valuesAt);
  const entries = codeDoubles(valuesAt, values);
  if (entries > 0) {
    memory.copy(pageAt, entriesAt, (<usize>entries) << 3);
    return writeDictionary(entries, pageAt + ((<usize>entries) << 3), values, to);
  }
  let end = pageAt;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<f64>(valuesAt + ((<usize>row) << 3));
    if (isNothing(value)) continue;
    store<f64>(end, value);
    end += 8;
  }
  return writePages(plain, end, to);
}

/** Whether a double is NaN, which compares with nothing. */
function isNothing(value: f64): bool {
  return !(value <= 0 || value > 0);
}

function storeWhole(index: u32, value: i64): void {
  store<i64>(wholesAt + ((<usize>index) << 3), value);
}

// Levels: how many bytes of them there are, the bytes at `levelsAt`, and where the bits of rows begin among them.
let levelBytes: u32 = 0;
let bitsAt: usize = 0;
let nulls: u32 = 0;

/** As a run where all rows have a value or none has; else the bits of those that have one are to be set, which it answers. */
function beginLevels(values: u32): bool {
  nulls = rows - values;
  if (nulls === 0 || values === 0) {
    const end = writeVarint(levelsAt, rows << 1);
    store<u8>(end, <u8>(nulls === 0));
    levelBytes = <u32>(end + 1 - levelsAt);
    return false;
  }
  const groups = (rows + 7) >>> 3;
  bitsAt = writeVarint(levelsAt, (groups << 1) | 1);
  memory.fill(bitsAt, 0, groups);
  levelBytes = <u32>(bitsAt + <usize>groups - levelsAt);
  return true;
}

function setLevel(row: u32): void {
  const at = bitsAt + <usize>(row >>> 3);
  store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (row & 7)));
}

function levelsOfDoubles(values: u32, valuesAt: usize): void {
  if (!beginLevels(values)) return;
  for (let row: u32 = 0; row < rows; row++) {
    const value = load<f64>(valuesAt + ((<usize>row) << 3));
    if (!isNothing(value)) setLevel(row);
  }
}

/** Gives the texts' codes and entries of a dictionary, and the number of these: 0 where too few values come again. */
function codeTexts(lengthsAt: usize, bytesAt: usize, values: u32): u32 {
  const most = min(mostEntries, values - (values >>> 2));
  const mask = clearSlots(most);
  let entries: u32 = 0;
  let coded: u32 = 0;
  let place: u32 = 0;
  let lengthBefore: i32 = nothing;
  let code: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const length = load<i32>(lengthsAt + ((<usize>row) << 2));
    if (length === nothing) continue;
    const at = bytesAt + <usize>place;
    if (length !== lengthBefore || !isSame(at, at - <usize>length, <u32>length)) {
      let slot = hashOf(at, <u32>length) & mask;
      for (;;) {
        const slotAt = slotsAt + ((<usize>slot) << 2);
        const found = load<u32>(slotAt);
        if (found === 0) {
          if (entries === most) return 0;
          code = entries++;
          store<u32>(slotAt, entries);
          const entryAt = entriesAt + ((<usize>code) << 3);
          store<u32>(entryAt, place);
          store<u32>(entryAt, length, 4);
          break;
        }
        const entryAt = entriesAt + ((<usize>(found - 1)) << 3);
        if (
          load<u32>(entryAt, 4) === <u32>length &&
          isSame(at, bytesAt + <usize>load<u32>(entryAt), <u32>length)
        ) {
          code = found - 1;
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
    lengthBefore = length;
    place += length;
    store<u32>(codesAt + ((<usize>coded) << 2), code);
    coded++;
  }
  return entries;
}

/** The same for doubles, which are told apart by their bits. */
function codeDoubles(valuesAt: usize, values: u32): u32 {
  const most = min<u32>(1_024, values >>> 1);
  const mask = clearSlots(most);
  let entries: u32 = 0;
  let coded: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const at = valuesAt + ((<usize>row) << 3);
    if (isNothing(load<f64>(at))) continue;
    const bits = load<u64>(at);
    let code: u32 = 0;
    let slot = (((<u32>(bits >>> 32) * 0x85ebca6b) ^ (<u32>bits * 0x9e3779b1)) >>> 7) & mask;
    for (;;) {
      const slotAt = slotsAt + ((<usize>slot) << 2);
      const found = load<u32>(slotAt);
      if (found === 0) {
        if (entries === most) return 0;
        code = entries++;
        store<u32>(slotAt, entries);
        store<u64>(entriesAt + ((<usize>code) << 3), bits);
        break;
      }
      if (load<u64>(entriesAt + ((<usize>(found - 1)) << 3)) === bits) {
        code = found - 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    store<u32>(codesAt + ((<usize>coded) << 2), code);
    coded++;
  }
  return entries;
}

/** Empties a hash table for so many entries, and gives the mask of its slots. */
function clearSlots(entries: u32): u32 {
  let slots: u32 = 16;
  while (slots < entries << 1) slots <<= 1;
  memory.fill(slotsAt, 0, (<usize>slots) << 2);
  return slots - 1;
}

// Texts are read four bytes at a time: behind each there are three bytes more, which do not count.

function hashOf(at: usize, length: u32): u32 {
  let hash: u32 = length * 0x9e3779b1;
  let byte: u32 = 0;
  for (; byte + 4 <= length; byte += 4)
    hash = rotl<u32>((hash ^ load<u32>(at + <usize>byte)) * 0x85ebca6b, 13);
  if (byte < length)
    hash = rotl<u32>(
      (hash ^ (load<u32>(at + <usize>byte) & ((1 << ((length - byte) << 3)) - 1))) * 0x85ebca6b,
      13,
    );
  hash = (hash ^ (hash >>> 15)) * 0xc2b2ae35;
  return hash ^ (hash >>> 13);
}

function isSame(one: usize, other: usize, length: u32): bool {
  let byte: u32 = 0;
  for (; byte + 4 <= length; byte += 4)
    if (load<u32>(one + <usize>byte) !== load<u32>(other + <usize>byte)) return false;
  if (byte === length) return true;
  const differing = load<u32>(one + <usize>byte) ^ load<u32>(other + <usize>byte);
  return (differing & ((1 << ((length - byte) << 3)) - 1)) === 0;
}

/** Writes the page of a dictionary, whose entries are at `pageAt`, and that of the codes. */
function writeDictionary(entries: u32, end: usize, values: u32, to: usize): usize {
  const plainBytes = <u32>(end - pageAt);
  const packedBytes = pack(pageAt, plainBytes, packedAt);
  let at = to;
  // of parquet.thrift: a page of type 2, with the structure of field 7
  at = writeField(at, 0x15, 2);
  at = writeField(at, 0x15, plainBytes);
  at = writeField(at, 0x15, packedBytes);
  store<u8>(at++, 0x4c);
  at = writeField(at, 0x15, entries);
  at = writeField(at, 0x15, plain);
  store<u16>(at, 0);
  at += 2;
  const headerBytes = <u32>(at - to);
  memory.copy(at, packedAt, packedBytes);
  at += <usize>packedBytes;
  const written = writePages(rleDictionary, writeCodes(entries, values), at);
  store<u32>(resultsAt + dictionaryBytesOf, <u32>(at - to));
  const plainAt = resultsAt + plainBytesOf;
  store<u32>(plainAt, load<u32>(plainAt) + headerBytes + plainBytes);
  return written;
}

function codeBits(entries: u32): u32 {
  return entries <= 1 ? 1 : 32 - <u32>clz<u32>(entries - 1);
}

/** Codes at `pageAt`: the bits of each, and then all of them packed, or one run of the only one. */
function writeCodes(entries: u32, values: u32): usize {
  const width = codeBits(entries);
  store<u8>(pageAt, <u8>width);
  if (entries <= 1) {
    const end = writeVarint(pageAt + 1, values << 1);
    store<u8>(end, 0);
    return end + 1;
  }
  const groups = (values + 7) >>> 3;
  let at = writeVarint(pageAt + 1, (groups << 1) | 1);
  memory.fill(codesAt + ((<usize>values) << 2), 0, (<usize>groups * 8 - <usize>values) << 2);
  let bits: u64 = 0;
  let count: u32 = 0;
  const end = codesAt + ((<usize>groups) << 5);
  for (let codeAt = codesAt; codeAt < end; codeAt += 4) {
    bits |= (<u64>load<u32>(codeAt)) << (<u64>count);
    count += width;
    if (count < 32) continue;
    store<u32>(at, <u32>bits);
    at += 4;
    bits >>>= 32;
    count -= 32;
  }
  // a group of eight codes ends with a byte
  for (; count > 0; count -= 8) {
    store<u8>(at++, <u8>bits);
    bits >>>= 8;
  }
  return at;
}

/** Writes the page of the values between `pageAt` and `end`, and gives its end. LZ4 finds next to nothing in packed bits of numbers. */
function writePages(encoding: u32, end: usize, to: usize): usize {
  const plainBytes = <u32>(end - pageAt);
  let packedBytes = encoding === deltaBinaryPacked ? plainBytes : pack(pageAt, plainBytes, packedAt);
  const isPacked = packedBytes + (packedBytes >>> 4) < plainBytes;
  if (!isPacked) packedBytes = plainBytes;
  let at = to;
  // of parquet.thrift: a page of type 3, with the structure of field 8
  at = writeField(at, 0x15, 3);
  at = writeField(at, 0x15, plainBytes + levelBytes);
  at = writeField(at, 0x15, packedBytes + levelBytes);
  store<u8>(at++, 0x5c);
  at = writeField(at, 0x15, rows);
  at = writeField(at, 0x15, nulls);
  at = writeField(at, 0x15, rows);
  at = writeField(at, 0x15, encoding);
  at = writeField(at, 0x15, levelBytes);
  at = writeField(at, 0x15, 0);
  store<u8>(at++, isPacked ? 0x11 : 0x12);
  store<u16>(at, 0);
  at += 2;
  store<u32>(resultsAt + dictionaryBytesOf, 0);
  store<u32>(resultsAt + plainBytesOf, <u32>(at - to) + plainBytes + levelBytes);
  store<u32>(resultsAt + nullsOf, nulls);
  store<u32>(resultsAt + encodingOf, encoding);
  memory.copy(at, levelsAt, levelBytes);
  at += <usize>levelBytes;
  memory.copy(at, isPacked ? packedAt : pageAt, packedBytes);
  return at + <usize>packedBytes;
}

/** A number from 0 in a field of Thrift's compact protocol, which doubles it. */
function writeField(at: usize, header: u8, value: u32): usize {
  store<u8>(at, header);
  return writeVarint(at + 1, value << 1);
}

function writeVarint(at: usize, value: u32): usize {
  let left = value;
  for (; left > 127; left >>>= 7) store<u8>(at++, <u8>((left & 127) | 128));
  store<u8>(at, <u8>left);
  return at + 1;
}

function writeSigned(at: usize, value: i64): usize {
  let left = <u64>((value << 1) ^ (value >> 63));
  for (; left > 127; left >>>= 7) store<u8>(at++, <u8>((left & 127) | 128));
  store<u8>(at, <u8>left);
  return at + 1;
}

/**
 * DELTA_BINARY_PACKED: blocks of 128 differences in four parts, each with as many bits as its greatest needs above the block's least.
 * Gives the end, or 0 where one needs more than 32.
 */
function packWholes(count: u32, to: usize): usize {
  let at = writeVarint(to, 128);
  at = writeVarint(at, 4);
  at = writeVarint(at, count);
  at = writeSigned(at, count === 0 ? 0 : load<i64>(wholesAt));
  const last = wholesAt + ((<usize>count) << 3);
  // differences in place of the numbers: of the first, which has none, the place is passed over
  for (let whole = last - 8; whole > wholesAt && count > 0; whole -= 8)
    store<i64>(whole, load<i64>(whole) - load<i64>(whole - 8));
  for (let block = wholesAt + 8; block < last; block += 1024) {
    const blockEnd = min(block + 1024, last);
    let least = load<i64>(block);
    for (let whole = block + 8; whole < blockEnd; whole += 8) least = min(least, load<i64>(whole));
    if (least < <i64>i32.MIN_VALUE || least > <i64>i32.MAX_VALUE) return restore(count);
    at = writeSigned(at, least);
    const widthsAt = at;
    at += 4;
    for (let part: usize = 0; part < 4; part++) {
      const from = block + part * 256;
      const end = min(from + 256, blockEnd);
      let all: u64 = 0;
      for (let whole = from; whole < end; whole += 8) all |= <u64>(load<i64>(whole) - least);
      const width: u32 = 64 - <u32>clz<u64>(all);
      if (width > 32) return restore(count);
      store<u8>(widthsAt + part, <u8>width);
      if (width > 0) at = packPart(from, end, least, width, at);
    }
  }
  return at;
}

/** The 32 differences of a part; those that are beyond the last are 0. */
function packPart(from: usize, end: usize, least: i64, width: u32, to: usize): usize {
  let at = to;
  let bits: u64 = 0;
  let count: u32 = 0;
  for (let whole = from; whole < end; whole += 8) {
    bits |= (<u64>(load<i64>(whole) - least)) << (<u64>count);
    count += width;
    if (count < 32) continue;
    store<u32>(at, <u32>bits);
    at += 4;
    bits >>>= 32;
    count -= 32;
  }
  const partEnd = to + ((<usize>width) << 2);
  if (at < partEnd) {
    memory.fill(at, 0, partEnd - at);
    for (; count > 0 && at < partEnd; count -= min<u32>(8, count)) {
      store<u8>(at++, <u8>bits);
      bits >>>= 8;
    }
  }
  return partEnd;
}

/** Makes numbers of the differences again. */
function restore(count: u32): usize {
  const end = wholesAt + ((<usize>count) << 3);
  for (let whole = wholesAt + 8; whole < end; whole += 8)
    store<i64>(whole, load<i64>(whole) + load<i64>(whole - 8));
  return 0;
}

const hashBits: u32 = 13;

/** What LZ4 makes of so many bytes at most. */
function packedBound(bytes: u32): u32 {
  return bytes + bytes / 255 + 16;
}

/** LZ4's block format; gives the bytes it takes. */
function pack(from: usize, bytes: u32, to: usize): u32 {
  const end = from + <usize>bytes;
  let anchor = from;
  let out = to;
  if (bytes > 12) {
    memory.fill(positionsAt, 0, (<usize>4) << hashBits);
    // of the format: the last match begins twelve bytes before the end, and the last five are literals
    const lastMatch = end - 12;
    const lastByte = end - 5;
    let at = from + 1;
    let tries: u32 = 64;
    while (at <= lastMatch) {
      const four = load<u32>(at);
      const positionAt = positionsAt + ((<usize>((four * 2654435761) >>> (32 - hashBits))) << 2);
      let match = from + <usize>load<u32>(positionAt);
      store<u32>(positionAt, <u32>(at - from));
      if (at - match > 65_535 || match >= at || load<u32>(match) !== four) {
        at += <usize>(tries++ >>> 6);
        continue;
      }
      tries = 64;
      while (at > anchor && match > from && load<u8>(at - 1) === load<u8>(match - 1)) {
        at--;
        match--;
      }
      let matchEnd = at + 4;
      const ahead = at - match;
      while (matchEnd < lastByte && load<u8>(matchEnd) === load<u8>(matchEnd - ahead)) matchEnd++;
      out = writeSequence(anchor, at, <u32>ahead, <u32>(matchEnd - at), out);
      at = matchEnd;
      anchor = at;
      if (at <= lastMatch) {
        const behind = at - 2;
        store<u32>(
          positionsAt + ((<usize>((load<u32>(behind) * 2654435761) >>> (32 - hashBits))) << 2),
          <u32>(behind - from),
        );
      }
    }
  }
  return <u32>(writeSequence(anchor, end, 0, 0, out) - to);
}

/** Literals, and a match where it is not the last sequence. */
function writeSequence(anchor: usize, at: usize, ahead: u32, matched: u32, to: usize): usize {
  const literals = <u32>(at - anchor);
  let out = to + 1;
  store<u8>(to, <u8>((min<u32>(literals, 15) << 4) | (matched === 0 ? 0 : min<u32>(matched - 4, 15))));
  if (literals >= 15) out = writeRest(out, literals - 15);
  copyEights(out, anchor, literals);
  out += <usize>literals;
  if (matched === 0) return out;
  store<u16>(out, <u16>ahead);
  out += 2;
  return matched >= 19 ? writeRest(out, matched - 19) : out;
}

function writeRest(at: usize, length: u32): usize {
  let left = length;
  for (; left >= 255; left -= 255) store<u8>(at++, 255);
  store<u8>(at, <u8>left);
  return at + 1;
}
