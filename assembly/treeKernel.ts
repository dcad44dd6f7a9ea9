// The inner loops of lib/models/trees/plainKernel.ts in AssemblyScript: same arguments, same bytes. `npm run kernels` builds it.

/** Counts below this are summed by the codes that occur, others by all codes. */
const sparseCount: u32 = 256;

export function sumColumn(
  entriesAt: usize,
  count: u32,
  columnAt: usize,
  histogramAt: usize,
  sumsAt: usize,
): u32 {
  const end = entriesAt + ((<usize>count) << 3);
  if (count >= sparseCount) {
    const pairs = entriesAt + ((<usize>(count & ~1)) << 3);
    let entry = entriesAt;
    while (entry < pairs) {
      const first = load<u64>(entry);
      const second = load<u64>(entry, 8);
      const firstAt = histogramAt + ((<usize>load<u8>(columnAt + <usize>(<u32>first))) << 3);
      const secondAt = histogramAt + 2048 + ((<usize>load<u8>(columnAt + <usize>(<u32>second))) << 3);
      store<u64>(firstAt, load<u64>(firstAt) + sumsOf(first));
      store<u64>(secondAt, load<u64>(secondAt) + sumsOf(second));
      entry += 16;
    }
    if (entry < end) {
      const last = load<u64>(entry);
      const at = histogramAt + ((<usize>load<u8>(columnAt + <usize>(<u32>last))) << 3);
      store<u64>(at, load<u64>(at) + sumsOf(last));
    }
    let length: u32 = 0;
    for (let code: u32 = 0; code < 256; code++) {
      const at = histogramAt + ((<usize>code) << 3);
      const sums = load<u64>(at) + load<u64>(at, 2048);
      if (sums === 0) continue;
      store<u64>(at, 0);
      store<u64>(at, 0, 2048);
      length = writeSums(sumsAt, length, code, sums);
    }
    return length;
  }
  let low: u64 = 0;
  let second: u64 = 0;
  let third: u64 = 0;
  let high: u64 = 0;
  for (let entry = entriesAt; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const code = <u32>load<u8>(columnAt + <usize>(<u32>packed));
    const bit = (<u64>1) << (code & 63);
    if (code < 128) {
      if (code < 64) low |= bit;
      else second |= bit;
    } else if (code < 192) third |= bit;
    else high |= bit;
    const at = histogramAt + ((<usize>code) << 3);
    store<u64>(at, load<u64>(at) + sumsOf(packed));
  }
  let length = takeSet(low, 0, histogramAt, sumsAt, 0);
  length = takeSet(second, 64, histogramAt, sumsAt, length);
  length = takeSet(third, 128, histogramAt, sumsAt, length);
  return takeSet(high, 192, histogramAt, sumsAt, length);
}

/** Of an entry: weight of label 1 in the low half, weight in the high half. */
function sumsOf(entry: u64): u64 {
  const mass = entry >> 32;
  const weight = mass >> 1;
  return (weight << 32) | (weight * (mass & 1));
}

function takeSet(bits: u64, from: u32, histogramAt: usize, sumsAt: usize, length: u32): u32 {
  while (bits !== 0) {
    const code = from + <u32>ctz(bits);
    bits &= bits - 1;
    const at = histogramAt + ((<usize>code) << 3);
    const sums = load<u64>(at);
    store<u64>(at, 0);
    length = writeSums(sumsAt, length, code, sums);
  }
  return length;
}

function writeSums(sumsAt: usize, length: u32, code: u32, sums: u64): u32 {
  const at = sumsAt + ((<usize>length) << 3);
  store<f64>(at, <f64>(<u32>sums));
  store<f64>(at, <f64>(<u32>(sums >> 32)), 2048);
  store<i32>(sumsAt + ((<usize>length) << 2), code, 4096);
  return length + 1;
}

export function partitionEntries(
  entriesAt: usize,
  count: u32,
  columnAt: usize,
  tableAt: usize,
  spareAt: usize,
): u32 {
  const end = entriesAt + ((<usize>count) << 3);
  let left = entriesAt;
  let right = spareAt;
  for (let entry = entriesAt; entry < end; entry += 8) {
    const packed = load<u64>(entry);
    const goesLeft = (<usize>load<u8>(tableAt + <usize>load<u8>(columnAt + <usize>(<u32>packed)))) << 3;
    store<u64>(left, packed);
    store<u64>(right, packed);
    left += goesLeft;
    right += 8 - goesLeft;
  }
  memory.copy(left, spareAt, right - spareAt);
  return <u32>((left - entriesAt) >> 3);
}

export function addRows(
  rowsAt: usize,
  count: u32,
  codesAt: usize,
  columns: u32,
  gradientsAt: usize,
  histogramsAt: usize,
): void {
  const end = rowsAt + ((<usize>count) << 2);
  const fours = columns & ~3;
  for (let at = rowsAt; at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const sums = load<u64>(gradientsAt + (row << 3));
    let codes = codesAt + row * columns;
    let histogram = histogramsAt;
    for (let column: u32 = 0; column < fours; column += 4) {
      const four = <usize>load<u32>(codes);
      const a = histogram + ((four & 255) << 3);
      const b = histogram + (((four >> 8) & 255) << 3);
      const c = histogram + (((four >> 16) & 255) << 3);
      const d = histogram + ((four >> 24) << 3);
      store<u64>(a, load<u64>(a) + sums);
      store<u64>(b, load<u64>(b, 2048) + sums, 2048);
      store<u64>(c, load<u64>(c, 4096) + sums, 4096);
      store<u64>(d, load<u64>(d, 6144) + sums, 6144);
      codes += 4;
      histogram += 8192;
    }
    for (let column = fours; column < columns; column++) {
      const one = histogram + ((<usize>load<u8>(codes)) << 3);
      store<u64>(one, load<u64>(one) + sums);
      codes += 1;
      histogram += 2048;
    }
  }
}

export function listRows(rowsAt: usize, first: u32, count: u32): void {
  for (let index: u32 = 0; index < count; index++) store<u32>(rowsAt + ((<usize>index) << 2), first + index);
}

export function partitionRows(
  rowsAt: usize,
  count: u32,
  codesAt: usize,
  columns: u32,
  tableAt: usize,
  spareAt: usize,
): u32 {
  const end = rowsAt + ((<usize>count) << 2);
  let left = rowsAt;
  let right = spareAt;
  for (let at = rowsAt; at < end; at += 4) {
    const row = load<u32>(at);
    const goesLeft = (<usize>load<u8>(tableAt + <usize>load<u8>(codesAt + <usize>row * columns))) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft;
    right += 4 - goesLeft;
  }
  memory.copy(left, spareAt, right - spareAt);
  return <u32>((left - rowsAt) >> 2);
}

/** Four 32-bit numbers at a time; `numbers` is a multiple of 4. */
export function setBlock(blockAt: usize, histogramsAt: usize, numbers: u32): void {
  const end = blockAt + ((<usize>numbers) << 2);
  let into = histogramsAt;
  for (let at = blockAt; at < end; at += 16) {
    const four = v128.load(at);
    v128.store(into, f64x2.convert_low_i32x4_s(four));
    v128.store(into, f64x2.convert_low_i32x4_s(i32x4.shuffle(four, four, 2, 3, 2, 3)), 16);
    v128.store(at, i32x4.splat(0));
    into += 32;
  }
}

export function addBlock(blockAt: usize, histogramsAt: usize, numbers: u32): void {
  const end = blockAt + ((<usize>numbers) << 2);
  let into = histogramsAt;
  for (let at = blockAt; at < end; at += 16) {
    const four = v128.load(at);
    const low = f64x2.convert_low_i32x4_s(four);
    const high = f64x2.convert_low_i32x4_s(i32x4.shuffle(four, four, 2, 3, 2, 3));
    v128.store(into, f64x2.add(v128.load(into), low));
    v128.store(into, f64x2.add(v128.load(into, 16), high), 16);
    v128.store(at, i32x4.splat(0));
    into += 32;
  }
}

export function subtract(histogramsAt: usize, takenAt: usize, numbers: u32): void {
  for (let at: usize = 0; at < (<usize>numbers) << 3; at += 32) {
    const one = f64x2.sub(v128.load(histogramsAt + at), v128.load(takenAt + at));
    const other = f64x2.sub(v128.load(histogramsAt + at, 16), v128.load(takenAt + at, 16));
    v128.store(histogramsAt + at, one);
    v128.store(histogramsAt + at, other, 16);
  }
}

export function mergeColumn(partsAt: usize, parts: u32, offset: usize, sumsAt: usize): void {
  const end = partsAt + ((<usize>parts) << 2);
  for (let at: usize = 0; at < 4096; at += 16) {
    let pair = v128.load(<usize>load<u32>(partsAt) + offset + at);
    for (let part = partsAt + 4; part < end; part += 4)
      pair = f64x2.add(pair, v128.load(<usize>load<u32>(part) + offset + at));
    v128.store(sumsAt + at, pair);
  }
}

export function bestThreshold(
  partsAt: usize,
  parts: u32,
  columnsAt: usize,
  columns: u32,
  nodeWeight: f64,
  nodeTarget: f64,
  lambda: f64,
  minWeight: f64,
  least: f64,
  sumsAt: usize,
  foundAt: usize,
): u32 {
  let best = least;
  const end = columnsAt + ((<usize>columns) << 2);
  for (let at = columnsAt; at < end; at += 4) {
    const column = load<u32>(at);
    const offset = (<usize>column) << 12;
    let from = sumsAt;
    if (parts === 1) from = <usize>load<u32>(partsAt) + offset;
    else mergeColumn(partsAt, parts, offset, sumsAt);
    const hasMissing = <u32>(load<f64>(from) !== 0 || load<f64>(from, 8) !== 0);
    for (let skipped: u32 = 0; skipped <= hasMissing; skipped++) {
      if (!thresholdOf(from, skipped, nodeWeight, nodeTarget, lambda, minWeight, best, foundAt)) continue;
      best = load<f64>(foundAt);
      store<f64>(foundAt, <f64>column, 40);
      store<f64>(foundAt, <f64>(hasMissing + skipped), 48);
    }
  }
  return <u32>(best > least);
}

/** `skipped` is 1 to leave the missing values at the right. */
function thresholdOf(
  sumsAt: usize,
  skipped: u32,
  nodeWeight: f64,
  nodeTarget: f64,
  lambda: f64,
  minWeight: f64,
  least: f64,
  foundAt: usize,
): bool {
  const parentWeight = nodeWeight + lambda;
  const parent = parentWeight > 0 ? (nodeTarget * nodeTarget) / parentWeight : 0;
  let best = least;
  let found = false;
  let before: u32 = 256;
  let leftWeight: f64 = 0;
  let leftTarget: f64 = 0;
  for (let code = skipped; code < 256; code++) {
    const at = sumsAt + ((<usize>code) << 4);
    const weight = load<f64>(at);
    const target = load<f64>(at, 8);
    if (weight === 0 && target === 0) continue;
    if (before !== 256) {
      const rightWeight = nodeWeight - leftWeight;
      if (leftWeight >= minWeight) {
        if (rightWeight < minWeight) break;
        const rightTarget = nodeTarget - leftTarget;
        const targets = f64x2.replace_lane(f64x2.splat(leftTarget), 1, rightTarget);
        const weights = f64x2.replace_lane(f64x2.splat(leftWeight + lambda), 1, rightWeight + lambda);
        const isSome = f64x2.gt(weights, f64x2.splat(0));
        const scores = v128.and(f64x2.div(f64x2.mul(targets, targets), weights), isSome);
        const gain = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1) - parent;
        if (gain > best) {
          best = gain;
          found = true;
          store<f64>(foundAt, gain);
          store<f64>(foundAt, leftWeight, 8);
          store<f64>(foundAt, leftTarget, 16);
          store<f64>(foundAt, <f64>before, 24);
          store<f64>(foundAt, <f64>code, 32);
        }
      }
    }
    leftWeight += weight;
    leftTarget += target;
    before = code;
  }
  return found;
}

/** Codes of values by edges that are padded with NaN to 256. */
export function encodeOrdered(valuesAt: usize, count: u32, edgesAt: usize, codesAt: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const value = load<f64>(valuesAt + (index << 3));
    let below: usize = 0;
    for (let step: usize = 1024; step >= 8; step >>= 1) {
      const next = below + step;
      below = select<usize>(next, below, load<f64>(edgesAt + next - 8) <= value);
    }
    const code = <u32>(below >> 3) + 1;
    // biome-ignore lint/suspicious/noGlobalIsNan: AssemblyScript's, of a number
    store<u8>(codesAt + index, select<u32>(0, code, isNaN(value)));
  }
}

/**
 * Adds the leaf that each of the rows, eight at a time, reaches in a tree. A node is 7 bits of column, 8 bits of code and 17
 * bits of left child, the right child being the next one; a leaf has code 255 and itself as child. Codes are column-major,
 * a byte each, with `stride` rows.
 */
export function scoreNarrow(
  nodesAt: usize,
  valuesAt: usize,
  codesAt: usize,
  stride: usize,
  rows: u32,
  sumsAt: usize,
): void {
  for (let row: usize = 0; row < <usize>rows; row += 8) {
    const at = codesAt + row;
    let a = load<u32>(nodesAt);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    while ((a & b & c & d & e & f & g & h & 0x7f80) !== 0x7f80) {
      a = next(nodesAt, at + 0, stride, a);
      b = next(nodesAt, at + 1, stride, b);
      c = next(nodesAt, at + 2, stride, c);
      d = next(nodesAt, at + 3, stride, d);
      e = next(nodesAt, at + 4, stride, e);
      f = next(nodesAt, at + 5, stride, f);
      g = next(nodesAt, at + 6, stride, g);
      h = next(nodesAt, at + 7, stride, h);
    }
    const sums = sumsAt + (row << 3);
    addLeaf(sums + 0, valuesAt, a);
    addLeaf(sums + 8, valuesAt, b);
    addLeaf(sums + 16, valuesAt, c);
    addLeaf(sums + 24, valuesAt, d);
    addLeaf(sums + 32, valuesAt, e);
    addLeaf(sums + 40, valuesAt, f);
    addLeaf(sums + 48, valuesAt, g);
    addLeaf(sums + 56, valuesAt, h);
  }
}

function next(nodesAt: usize, codesAt: usize, stride: usize, node: u32): u32 {
  const code = <u32>load<u8>(codesAt + <usize>(node & 127) * stride);
  return load<u32>(nodesAt + ((<usize>((node >> 15) + <u32>(code > ((node >> 7) & 255)))) << 2));
}

/** A leaf's child is itself. */
function addLeaf(sumAt: usize, valuesAt: usize, leaf: u32): void {
  store<f64>(sumAt, load<f64>(sumAt) + <f64>load<f32>(valuesAt + ((<usize>(leaf >> 15)) << 2)));
}

/** The same with nodes of 64 bits, 16 of column, 16 of code and 32 of child, and codes of 16 bits; a leaf has code 65535. */
export function scoreWide(
  nodesAt: usize,
  valuesAt: usize,
  codesAt: usize,
  stride: usize,
  rows: u32,
  sumsAt: usize,
): void {
  for (let row: usize = 0; row < <usize>rows; row += 2) {
    const at = codesAt + (row << 1);
    let a = load<u64>(nodesAt);
    let b = a;
    let nodeA: usize = 0;
    let nodeB: usize = 0;
    while ((a & b & 0xffff0000) !== 0xffff0000) {
      nodeA =
        <usize>(a >> 32) +
        <usize>(<u32>load<u16>(at + ((<usize>(a & 0xffff) * stride) << 1)) > <u32>((a >> 16) & 0xffff));
      nodeB =
        <usize>(b >> 32) +
        <usize>(<u32>load<u16>(at + ((<usize>(b & 0xffff) * stride) << 1), 2) > <u32>((b >> 16) & 0xffff));
      a = load<u64>(nodesAt + (nodeA << 3));
      b = load<u64>(nodesAt + (nodeB << 3));
    }
    const sums = sumsAt + (row << 3);
    store<f64>(sums, load<f64>(sums) + <f64>load<f32>(valuesAt + (nodeA << 2)));
    store<f64>(sums, load<f64>(sums, 8) + <f64>load<f32>(valuesAt + (nodeB << 2)), 8);
  }
}

/** Second derivatives and negative gradients of the logistic loss, in whole units, by a table of the sigmoid. */
export function takeGradients(
  first: u32,
  count: u32,
  marginsAt: usize,
  weightsAt: usize,
  labelsAt: usize,
  gradientsAt: usize,
  sigmoidAt: usize,
): void {
  const end = <usize>(first + count);
  for (let row = <usize>first; row < end; row++) {
    const margin = load<f64>(marginsAt + (row << 3));
    const position = (min<f64>(max<f64>(margin, -16), 16) + 16) * 256;
    const step = <u32>position;
    const at = sigmoidAt + ((<usize>step) << 3);
    const below = load<f64>(at);
    const p = below + (position - <f64>step) * (load<f64>(at, 8) - below);
    const weight = load<f64>(weightsAt + (row << 3));
    const curvature = <i32>floor<f64>(p * (1 - p) * weight * 524288 + 0.5);
    const target = <i32>floor<f64>((<f64>load<u8>(labelsAt + row) - p) * weight * 131072 + 0.5);
    store<i32>(gradientsAt + (row << 3), curvature);
    store<i32>(gradientsAt + (row << 3), target, 4);
  }
}
