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

function addRows(
  rowsAt: usize,
  count: u32,
  codesAt: usize,
  columns: u32,
  gradientsAt: usize,
  histogramsAt: usize,
): void {
  const end = rowsAt + ((<usize>count) << 2);
  for (let at = rowsAt; at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const sums = load<u64>(gradientsAt + (row << 3));
    let codes = codesAt + row * columns;
    const last = codes + columns;
    let histogram = histogramsAt;
    while (codes + 8 <= last) {
      const low = load<u32>(codes);
      const high = load<u32>(codes, 4);
      const a = histogram + ((low & 255) << 3);
      const b = histogram + ((low >> 5) & 0x7f8);
      const c = histogram + ((low >> 13) & 0x7f8);
      const d = histogram + ((low >> 21) & 0x7f8);
      const e = histogram + ((high & 255) << 3);
      const f = histogram + ((high >> 5) & 0x7f8);
      const g = histogram + ((high >> 13) & 0x7f8);
      const h = histogram + ((high >> 21) & 0x7f8);
      store<u64>(a, load<u64>(a) + sums);
      store<u64>(b, load<u64>(b, 2048) + sums, 2048);
      store<u64>(c, load<u64>(c, 4096) + sums, 4096);
      store<u64>(d, load<u64>(d, 6144) + sums, 6144);
      store<u64>(e, load<u64>(e, 8192) + sums, 8192);
      store<u64>(f, load<u64>(f, 10240) + sums, 10240);
      store<u64>(g, load<u64>(g, 12288) + sums, 12288);
      store<u64>(h, load<u64>(h, 14336) + sums, 14336);
      codes += 8;
      histogram += 16384;
    }
    if (codes + 4 <= last) {
      const four = load<u32>(codes);
      const a = histogram + ((four & 255) << 3);
      const b = histogram + ((four >> 5) & 0x7f8);
      const c = histogram + ((four >> 13) & 0x7f8);
      const d = histogram + ((four >> 21) & 0x7f8);
      store<u64>(a, load<u64>(a) + sums);
      store<u64>(b, load<u64>(b, 2048) + sums, 2048);
      store<u64>(c, load<u64>(c, 4096) + sums, 4096);
      store<u64>(d, load<u64>(d, 6144) + sums, 6144);
      codes += 4;
      histogram += 8192;
    }
    for (; codes < last; codes++) {
      const one = histogram + ((<usize>load<u8>(codes)) << 3);
      store<u64>(one, load<u64>(one) + sums);
      histogram += 2048;
    }
  }
}

export function listRows(rowsAt: usize, first: u32, count: u32): void {
  for (let index: u32 = 0; index < count; index++) store<u32>(rowsAt + ((<usize>index) << 2), first + index);
}

function partitionRows(
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
function setBlock(blockAt: usize, histogramsAt: usize, numbers: u32): void {
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

function addBlock(blockAt: usize, histogramsAt: usize, numbers: u32): void {
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

/** Two codes at a time. */
function takeHistograms(
  partsAt: usize,
  parts: u32,
  columnsAt: usize,
  columns: u32,
  histogramsAt: usize,
  parentAt: usize,
): void {
  const lastPart = partsAt + ((<usize>parts) << 3);
  const lastColumn = columnsAt + ((<usize>columns) << 3);
  for (let at = columnsAt; at < lastColumn; at += 8) {
    const column = <usize>load<u32>(at);
    const length = ((<usize>load<u32>(at, 4) + 1) & ~1) << 4;
    const inBlock = column << 11;
    const offset = column << 12;
    for (let pair: usize = 0; pair < length; pair += 32) {
      let low = f64x2.splat(0);
      let high = f64x2.splat(0);
      for (let part = partsAt; part < lastPart; part += 8) {
        const block = <usize>load<u32>(part) + inBlock + (pair >> 1);
        const four = v128.load(block);
        v128.store(block, i32x4.splat(0));
        low = f64x2.add(low, f64x2.convert_low_i32x4_s(four));
        high = f64x2.add(high, f64x2.convert_low_i32x4_s(i32x4.shuffle(four, four, 2, 3, 2, 3)));
        const sums = <usize>load<u32>(part, 4);
        if (sums === 0) continue;
        low = f64x2.add(low, v128.load(sums + offset + pair));
        high = f64x2.add(high, v128.load(sums + offset + pair, 16));
      }
      const into = histogramsAt + offset + pair;
      v128.store(into, low);
      v128.store(into, high, 16);
      if (parentAt === 0) continue;
      const parent = parentAt + offset + pair;
      v128.store(parent, f64x2.sub(v128.load(parent), low));
      v128.store(parent, f64x2.sub(v128.load(parent, 16), high), 16);
    }
  }
}

function bestThreshold(
  histogramsAt: usize,
  columnsAt: usize,
  columns: u32,
  nodeWeight: f64,
  nodeTarget: f64,
  lambda: f64,
  minWeight: f64,
  least: f64,
  foundAt: usize,
): u32 {
  let best = least;
  const end = columnsAt + ((<usize>columns) << 3);
  for (let at = columnsAt; at < end; at += 8) {
    const column = <usize>load<u32>(at);
    const codes = load<u32>(at, 4);
    const from = histogramsAt + (column << 12);
    const hasMissing = <u32>(load<f64>(from) !== 0 || load<f64>(from, 8) !== 0);
    for (let skipped: u32 = 0; skipped <= hasMissing; skipped++) {
      if (!thresholdOf(from, codes, skipped, nodeWeight, nodeTarget, lambda, minWeight, best, foundAt))
        continue;
      best = load<f64>(foundAt);
      store<f64>(foundAt, <f64>column, 40);
      store<f64>(foundAt, <f64>(hasMissing + skipped), 48);
    }
  }
  return <u32>(best > least);
}

/**
 * `skipped` is 1 to leave the missing values at the right. A code without rows gains what the code before it does, and so is never
 * the first of equals: no need to tell it from others on the way.
 */
function thresholdOf(
  sumsAt: usize,
  codes: u32,
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
  const node = f64x2.replace_lane(f64x2.splat(nodeWeight), 1, nodeTarget);
  const lambdas = f64x2.splat(lambda);
  const last = sumsAt + ((<usize>codes) << 4);
  let left = f64x2.splat(0);
  let best = least;
  let bestAt: usize = 0;
  let bestLeft = left;
  for (let at = sumsAt + ((<usize>skipped) << 4); at < last; at += 16) {
    left = f64x2.add(left, v128.load(at));
    const right = f64x2.sub(node, left);
    if (f64x2.extract_lane(right, 0) < minWeight) break;
    if (f64x2.extract_lane(left, 0) < minWeight) continue;
    const weights = f64x2.add(i64x2.shuffle(left, right, 0, 2), lambdas);
    const targets = i64x2.shuffle(left, right, 1, 3);
    const isSome = f64x2.gt(weights, f64x2.splat(0));
    const scores = v128.and(f64x2.div(f64x2.mul(targets, targets), weights), isSome);
    const gain = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1) - parent;
    if (gain > best) {
      best = gain;
      bestAt = at;
      bestLeft = left;
    }
  }
  if (bestAt === 0) return false;
  let behind = bestAt + 16;
  while (load<f64>(behind) === 0 && load<f64>(behind, 8) === 0) behind += 16;
  store<f64>(foundAt, best);
  v128.store(foundAt, bestLeft, 8);
  store<f64>(foundAt, <f64>((bestAt - sumsAt) >> 4), 24);
  store<f64>(foundAt, <f64>((behind - sumsAt) >> 4), 32);
  return true;
}

// A plan is what lib/models/trees/boostingPlan.ts writes: 24 words for the fit, and 12 for each shard.

const rowsPerBlock: u32 = 8192;

function shardOf(planAt: usize, shard: u32): usize {
  return planAt + 96 + <usize>shard * 48;
}

/** Histograms of all columns in a slot. */
function slotOf(planAt: usize, slot: u32): usize {
  return <usize>load<u32>(planAt, 24) + ((<usize>slot * load<u32>(planAt, 4)) << 12);
}

export function countRows(planAt: usize, shard: u32, first: u32, rows: u32): void {
  const own = shardOf(planAt, shard);
  const columns = load<u32>(planAt, 4);
  const blockAt = <usize>load<u32>(own, 16);
  const sumsAt = <usize>load<u32>(own, 20);
  const rowsAt = <usize>load<u32>(own) + ((<usize>first) << 2);
  for (let from: u32 = 0; from < rows; from += rowsPerBlock) {
    if (from === rowsPerBlock) setBlock(blockAt, sumsAt, columns << 9);
    else if (from > rowsPerBlock) addBlock(blockAt, sumsAt, columns << 9);
    const count = min<u32>(rowsPerBlock, rows - from);
    addRows(
      rowsAt + ((<usize>from) << 2),
      count,
      load<u32>(planAt, 8),
      columns,
      load<u32>(planAt, 12),
      blockAt,
    );
  }
  const partAt = <usize>load<u32>(own, 12);
  store<u32>(partAt, <u32>blockAt);
  store<u32>(partAt, rows > rowsPerBlock ? <u32>sumsAt : 0, 4);
}

export function splitRows(
  planAt: usize,
  shard: u32,
  leaf: u32,
  newLeaf: u32,
  column: u32,
  counted: u32,
): void {
  const own = shardOf(planAt, shard);
  const leafAt = <usize>load<u32>(own, 24) + ((<usize>leaf) << 4);
  const first = load<u32>(leafAt);
  const rows = load<u32>(leafAt, 4);
  const firstValidation = load<u32>(leafAt, 8);
  const validation = load<u32>(leafAt, 12);
  const left = splitList(planAt, own, load<u32>(own), first, rows, column);
  const leftValidation = splitList(planAt, own, load<u32>(own, 4), firstValidation, validation, column);
  store<u32>(leafAt, left, 4);
  store<u32>(leafAt, leftValidation, 12);
  const newAt = <usize>load<u32>(own, 24) + ((<usize>newLeaf) << 4);
  store<u32>(newAt, first + left);
  store<u32>(newAt, rows - left, 4);
  store<u32>(newAt, firstValidation + leftValidation, 8);
  store<u32>(newAt, validation - leftValidation, 12);
  if (counted === 1) countRows(planAt, shard, first, left);
  else if (counted === 2) countRows(planAt, shard, first + left, rows - left);
}

function splitList(planAt: usize, own: usize, listAt: usize, first: u32, rows: u32, column: u32): u32 {
  const codesAt = <usize>load<u32>(planAt, 8) + column;
  const rowsAt = listAt + ((<usize>first) << 2);
  return partitionRows(rowsAt, rows, codesAt, load<u32>(planAt, 4), load<u32>(planAt, 16), load<u32>(own, 8));
}

export function searchColumns(planAt: usize, shard: u32, counted: i32, parent: i32): void {
  const own = shardOf(planAt, shard);
  const columnsAt = <usize>load<u32>(own, 28);
  if (counted >= 0) {
    const parentAt = parent < 0 ? 0 : slotOf(planAt, parent);
    const columns = load<u32>(columnsAt, 4);
    takeHistograms(
      load<u32>(planAt, 20),
      load<u32>(planAt),
      columnsAt + 8,
      columns,
      slotOf(planAt, counted),
      parentAt,
    );
  }
  for (let index: usize = 0; index < 2; index++) {
    const foundAt = <usize>load<u32>(own, 32) + index * 56;
    store<f64>(foundAt, -Infinity);
    const node = <usize>load<u32>(planAt, 28) + index * 24;
    const slot = load<f64>(node);
    if (slot < 0) continue;
    bestThreshold(
      slotOf(planAt, <u32>slot),
      columnsAt + 8,
      load<u32>(columnsAt),
      load<f64>(node, 8),
      load<f64>(node, 16),
      load<f64>(planAt, 64),
      load<f64>(planAt, 72),
      load<f64>(planAt, 80),
      foundAt,
    );
  }
}

// Of a leaf while its tree grows, 64 bytes: weight, target, gain, weight and target of its left side; node, slot, depth, column,
// code, and whether missing values go right.

/**
 * Splits leaf after leaf of a tree whose root is counted, where the order of all its columns is free: as `growSplits` of
 * lib/models/trees/growBoostedTree.ts. Gives the number of nodes, 40 bytes each: value; column or -1, code, rule, left, right, cover.
 */
export function growSplits(planAt: usize, rootWeight: f64, rootTarget: f64): u32 {
  const maxLeaves = load<u32>(planAt, 32);
  const root = <usize>load<u32>(planAt, 48);
  store<f64>(root, rootWeight);
  store<f64>(root, rootTarget, 8);
  store<u32>(root, 0, 44);
  store<u32>(root, 0, 48);
  addNode(planAt, 0, 0);
  let nodes: u32 = 1;
  let leaves: u32 = 1;
  let open: u32 = 0;
  if (maxLeaves > 1 && mayBeSplit(planAt, root) && rowsOf(planAt, 0) > 1) {
    setSearched(planAt, 0, root);
    setSearched(planAt, 1, 0);
    searchAll(planAt, -1, -1);
    if (takeFound(planAt, 0, root)) open = openLeaf(planAt, open, 0);
  }
  while (leaves < maxLeaves && open > 0) {
    const leaf = takeNext(planAt, open--);
    const newLeaf = leaves++;
    const left = stateOf(planAt, leaf);
    const right = stateOf(planAt, newLeaf);
    const parentNode = load<u32>(left, 40);
    const column = load<u32>(left, 52);
    const parentSlot = load<u32>(left, 44);
    const depth = load<u32>(left, 48) + 1;
    const rightWeight = load<f64>(left) - load<f64>(left, 24);
    store<f64>(right, rightWeight);
    store<f64>(right, load<f64>(left, 8) - load<f64>(left, 32), 8);
    store<f64>(left, load<f64>(left, 24));
    store<f64>(left, load<f64>(left, 32), 8);
    const leftIsLess = load<f64>(left) <= rightWeight;
    store<u32>(left, leftIsLess ? newLeaf : parentSlot, 44);
    store<u32>(right, leftIsLess ? parentSlot : newLeaf, 44);
    store<u32>(left, depth, 48);
    store<u32>(right, depth, 48);
    const isSearched = leaves < maxLeaves && (mayBeSplit(planAt, left) || mayBeSplit(planAt, right));
    fillSideTable(load<u32>(planAt, 16), load<u32>(left, 56), load<u32>(left, 60));
    splitAll(planAt, leaf, newLeaf, column, isSearched ? (leftIsLess ? 1 : 2) : 0);
    setSplit(planAt, parentNode, left, nodes);
    addNode(planAt, nodes, leaf);
    addNode(planAt, nodes + 1, newLeaf);
    nodes += 2;
    if (!isSearched) continue;
    const leftIsOpen = mayBeSplit(planAt, left) && rowsOf(planAt, leaf) > 1;
    const rightIsOpen = mayBeSplit(planAt, right) && rowsOf(planAt, newLeaf) > 1;
    setSearched(planAt, 0, leftIsOpen ? left : 0);
    setSearched(planAt, 1, rightIsOpen ? right : 0);
    searchAll(planAt, newLeaf, parentSlot);
    if (leftIsOpen && takeFound(planAt, 0, left)) open = openLeaf(planAt, open, leaf);
    if (rightIsOpen && takeFound(planAt, 1, right)) open = openLeaf(planAt, open, newLeaf);
  }
  return nodes;
}

function stateOf(planAt: usize, leaf: u32): usize {
  return <usize>load<u32>(planAt, 48) + ((<usize>leaf) << 6);
}

function mayBeSplit(planAt: usize, state: usize): bool {
  return load<u32>(state, 48) < load<u32>(planAt, 36) && load<f64>(state) >= 2 * load<f64>(planAt, 72);
}

/** Of all shards. */
function rowsOf(planAt: usize, leaf: u32): u32 {
  let rows: u32 = 0;
  for (let shard: u32 = 0; shard < load<u32>(planAt); shard++)
    rows += load<u32>(<usize>load<u32>(shardOf(planAt, shard), 24) + ((<usize>leaf) << 4), 4);
  return rows;
}

function addNode(planAt: usize, node: u32, leaf: u32): void {
  const state = stateOf(planAt, leaf);
  store<u32>(state, node, 40);
  const at = <usize>load<u32>(planAt, 56) + <usize>node * 40;
  const weight = load<f64>(state) + load<f64>(planAt, 64);
  store<f64>(at, weight > 0 ? load<f64>(state, 8) / weight : 0);
  store<i32>(at, -1, 8);
  store<u32>(at, rowsOf(planAt, leaf), 28);
}

function setSplit(planAt: usize, node: u32, state: usize, children: u32): void {
  const at = <usize>load<u32>(planAt, 56) + <usize>node * 40;
  store<u32>(at, load<u32>(state, 52), 8);
  store<u32>(at, load<u32>(state, 56), 12);
  store<u32>(at, load<u32>(state, 60), 16);
  store<u32>(at, children, 20);
  store<u32>(at, children + 1, 24);
}

function setSearched(planAt: usize, index: u32, state: usize): void {
  const at = <usize>load<u32>(planAt, 28) + <usize>index * 24;
  store<f64>(at, state === 0 ? -1 : <f64>load<u32>(state, 44));
  if (state === 0) return;
  store<f64>(at, load<f64>(state), 8);
  store<f64>(at, load<f64>(state, 8), 16);
}

/** The best of what the shards found: of equals that of the first column. */
function takeFound(planAt: usize, index: u32, state: usize): bool {
  let gain: f64 = -Infinity;
  let column: f64 = 0;
  for (let shard: u32 = 0; shard < load<u32>(planAt); shard++) {
    const at = <usize>load<u32>(shardOf(planAt, shard), 32) + <usize>index * 56;
    const found = load<f64>(at);
    if (found < gain || found === -Infinity || (found === gain && load<f64>(at, 40) > column)) continue;
    gain = found;
    column = load<f64>(at, 40);
    const leftWeight = load<f64>(at, 8);
    store<f64>(state, gain, 16);
    store<f64>(state, leftWeight, 24);
    store<f64>(state, load<f64>(at, 16), 32);
    store<u32>(state, <u32>column, 52);
    const before = <u32>load<f64>(at, 24);
    const behind = <u32>load<f64>(at, 32);
    store<u32>(state, before === 0 ? 0 : (before + behind - 1) >> 1, 56);
    const missing = load<f64>(at, 48);
    // without missing values to learn from, they follow the larger side
    const isRight = missing === 0 ? 2 * leftWeight < load<f64>(state) : missing === 2;
    store<u32>(state, <u32>isRight, 60);
  }
  return gain !== -Infinity;
}

/** Takes a leaf out of those that are open, in the order in which they were found: the one that gains most, or by depth the first. */
function takeNext(planAt: usize, open: u32): u32 {
  const openAt = <usize>load<u32>(planAt, 52);
  let best: u32 = 0;
  if (load<u32>(planAt, 40) === 1)
    for (let index: u32 = 1; index < open; index++)
      if (gainOf(planAt, index) > gainOf(planAt, best)) best = index;
  const at = openAt + ((<usize>best) << 2);
  const leaf = load<u32>(at);
  memory.copy(at, at + 4, (<usize>(open - best - 1)) << 2);
  return leaf;
}

function openLeaf(planAt: usize, open: u32, leaf: u32): u32 {
  store<u32>(<usize>load<u32>(planAt, 52) + ((<usize>open) << 2), leaf);
  return open + 1;
}

function gainOf(planAt: usize, index: u32): f64 {
  return load<f64>(stateOf(planAt, load<u32>(<usize>load<u32>(planAt, 52) + ((<usize>index) << 2))), 16);
}

/** 1 for each code that goes left. */
function fillSideTable(tableAt: usize, code: u32, missingRight: u32): void {
  memory.fill(tableAt, 0, 256);
  memory.fill(tableAt + missingRight, 1, code + 1 - missingRight);
}

// The words of lib/models/trees/boostingTeam.ts: order, command, four parameters; pending at byte 128, looks and misses at byte 192.

function splitAll(planAt: usize, leaf: u32, newLeaf: u32, column: u32, counted: u32): void {
  order(planAt, 1, leaf, newLeaf, column, counted);
  splitRows(planAt, 0, leaf, newLeaf, column, counted);
  awaitAll(planAt);
}

function searchAll(planAt: usize, counted: i32, parent: i32): void {
  order(planAt, 2, counted, parent, 0, 0);
  searchColumns(planAt, 0, counted, parent);
  awaitAll(planAt);
}

function order(planAt: usize, command: u32, a: u32, b: u32, c: u32, d: u32): void {
  const followers = load<u32>(planAt) - 1;
  if (followers === 0) return;
  const at = <usize>load<u32>(planAt, 44);
  store<u32>(at, command, 4);
  store<u32>(at, a, 8);
  store<u32>(at, b, 12);
  store<u32>(at, c, 16);
  store<u32>(at, d, 20);
  atomic.store<i32>(at, followers, 128);
  atomic.add<i32>(at, 1);
  atomic.notify(at, followers);
}

/** Looks for the less long the more often that was in vain, and now and then as long as at first. */
function awaitAll(planAt: usize): void {
  if (load<u32>(planAt) === 1) return;
  const at = <usize>load<u32>(planAt, 44);
  const misses = load<u32>(at, 196);
  const looks = load<u32>(at, 192) >> min<u32>(misses, 8);
  for (let look: u32 = 0; look < looks; look++) {
    if (atomic.load<i32>(at, 128) !== 0) continue;
    store<u32>(at, 0, 196);
    return;
  }
  store<u32>(at, (misses + 1) & 31, 196);
  for (;;) {
    const pending = atomic.load<i32>(at, 128);
    if (pending === 0) return;
    atomic.wait<i32>(at + 128, pending, -1);
  }
}

/** By 11 bits of them at a time, each moved so that its bits sort as it does. */
export function sortNumbers(numbersAt: usize, count: u32, spareAt: usize, countsAt: usize): void {
  const end = (<usize>count) << 3;
  for (let at: usize = 0; at < end; at += 8) {
    const bits = load<u64>(numbersAt + at);
    store<u64>(numbersAt + at, bits ^ (<u64>(<i64>bits >> 63) | 0x8000000000000000));
  }
  let from = numbersAt;
  let into = spareAt;
  for (let shift: u64 = 0; shift < 66; shift += 11) {
    memory.fill(countsAt, 0, 8192);
    for (let at: usize = 0; at < end; at += 8) {
      const place = countsAt + ((<usize>(load<u64>(from + at) >> shift) & 2047) << 2);
      store<u32>(place, load<u32>(place) + 8);
    }
    let before: u32 = 0;
    for (let at: usize = 0; at < 8192; at += 4) {
      const some = load<u32>(countsAt + at);
      store<u32>(countsAt + at, before);
      before += some;
    }
    for (let at: usize = 0; at < end; at += 8) {
      const bits = load<u64>(from + at);
      const place = countsAt + ((<usize>(bits >> shift) & 2047) << 2);
      const to = load<u32>(place);
      store<u32>(place, to + 8);
      store<u64>(into + to, bits);
    }
    const swapped = from;
    from = into;
    into = swapped;
  }
  for (let at: usize = 0; at < end; at += 8) {
    const bits = load<u64>(numbersAt + at);
    store<u64>(numbersAt + at, bits ^ (<u64>(~(<i64>bits) >> 63) | 0x8000000000000000));
  }
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

/** What moves a whole number into the low half of a 64-bit one. */
const wholeUnits: f64 = 6755399441055744;

/** Second derivatives and negative gradients of the logistic loss, in whole units, by a table of the sigmoid; two rows at a time. */
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
  let row = <usize>first;
  for (; row + 2 <= end; row += 2) {
    const gradients = gradientsOf(
      v128.load(marginsAt + (row << 3)),
      v128.load(weightsAt + (row << 3)),
      f64x2.replace_lane(f64x2.splat(<f64>load<u8>(labelsAt + row)), 1, <f64>load<u8>(labelsAt + row, 1)),
      sigmoidAt,
    );
    v128.store(gradientsAt + (row << 3), gradients);
  }
  if (row === end) return;
  const gradients = gradientsOf(
    f64x2.splat(load<f64>(marginsAt + (row << 3))),
    f64x2.splat(load<f64>(weightsAt + (row << 3))),
    f64x2.splat(<f64>load<u8>(labelsAt + row)),
    sigmoidAt,
  );
  store<i64>(gradientsAt + (row << 3), i64x2.extract_lane(gradients, 0));
}

/** Of two rows: a pair of 32 bits each. */
function gradientsOf(margins: v128, weights: v128, labels: v128, sigmoidAt: usize): v128 {
  const reach = f64x2.splat(16);
  const units = f64x2.splat(wholeUnits);
  const half = f64x2.splat(0.5);
  const within = f64x2.pmin(f64x2.pmax(margins, f64x2.splat(-16)), reach);
  const positions = f64x2.mul(f64x2.add(within, reach), f64x2.splat(256));
  const steps = f64x2.floor(positions);
  const whole = f64x2.add(steps, units);
  const one = v128.load(sigmoidAt + ((<usize>i32x4.extract_lane(whole, 0)) << 3));
  const other = v128.load(sigmoidAt + ((<usize>i32x4.extract_lane(whole, 2)) << 3));
  const below = i64x2.shuffle(one, other, 0, 2);
  const rise = f64x2.sub(i64x2.shuffle(one, other, 1, 3), below);
  const p = f64x2.add(below, f64x2.mul(f64x2.sub(positions, steps), rise));
  const curvatures = f64x2.mul(
    f64x2.mul(f64x2.mul(p, f64x2.sub(f64x2.splat(1), p)), weights),
    f64x2.splat(524288),
  );
  const targets = f64x2.mul(f64x2.mul(f64x2.sub(labels, p), weights), f64x2.splat(131072));
  return i32x4.shuffle(
    f64x2.add(f64x2.floor(f64x2.add(curvatures, half)), units),
    f64x2.add(f64x2.floor(f64x2.add(targets, half)), units),
    0,
    4,
    2,
    6,
  );
}

export function addToMargins(rowsAt: usize, count: u32, marginsAt: usize, value: f64): void {
  const end = rowsAt + ((<usize>count) << 2);
  for (let at = rowsAt; at < end; at += 4) {
    const margin = marginsAt + ((<usize>load<u32>(at)) << 3);
    store<f64>(margin, load<f64>(margin) + value);
  }
}
