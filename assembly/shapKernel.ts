// The inner loops of lib/models/trees/shapKernel.ts, which says what lies where. `npm run kernels` builds it.

/** Adds to each row's key what its code stands for; of the first column, in place of what was there. */
export function addKeys(keysAt: usize, rows: u32, codesAt: usize, addedAt: usize, isFirst: u32): void {
  const end = (<usize>rows) << 2;
  let codes = codesAt;
  if (isFirst) {
    for (let at: usize = 0; at < end; at += 4) {
      store<u32>(keysAt + at, load<u32>(addedAt + ((<usize>load<u16>(codes)) << 2)));
      codes += 2;
    }
    return;
  }
  for (let at: usize = 0; at < end; at += 4) {
    const added = load<u32>(addedAt + ((<usize>load<u16>(codes)) << 2));
    store<u32>(keysAt + at, load<u32>(keysAt + at) + added);
    codes += 2;
  }
}

/** Numbers the keys that occur, from 0; `numbersAt` is empty before and after. Gives the number of them. */
export function numberKeys(keysAt: usize, rows: u32, numbersAt: usize, rowOfAt: usize, keyOfAt: usize): u32 {
  let count: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const at = keysAt + ((<usize>row) << 2);
    const key = load<u32>(at);
    const numberAt = numbersAt + ((<usize>key) << 2);
    let number = load<u32>(numberAt);
    if (number === 0) {
      store<u32>(rowOfAt + ((<usize>count) << 2), row);
      store<u32>(keyOfAt + ((<usize>count) << 2), key);
      count++;
      number = count;
      store<u32>(numberAt, number);
    }
    store<u32>(at, number - 1);
  }
  for (let index: u32 = 0; index < count; index++)
    store<u32>(numbersAt + ((<usize>load<u32>(keyOfAt + ((<usize>index) << 2))) << 2), 0);
  return count;
}

/** Adds to each row's sum the value of its group. */
export function addOfGroups(sumsAt: usize, rows: u32, groupsAt: usize, valuesAt: usize): void {
  const end = groupsAt + ((<usize>rows) << 2);
  let sums = sumsAt;
  for (let at = groupsAt; at < end; at += 4) {
    store<f64>(sums, load<f64>(sums) + load<f64>(valuesAt + ((<usize>load<u32>(at)) << 3)));
    sums += 8;
  }
}

/** Bytes of a node and of a column. */
const nodeBytes: usize = 40;
const columnBytes: usize = 8;

/**
 * The contributions of a subtree's leaves to each of its columns, for a row of each group. `tableBytes` are those of a table of
 * quadrature nodes, a multiple of 16. `spareAt` has room for products and sums of all nodes and for a byte per node and column.
 */
export function explainGroups(
  nodesAt: usize,
  nodes: u32,
  tablesAt: usize,
  tableBytes: usize,
  columnsAt: usize,
  columns: u32,
  pathColumns: u32,
  pathTablesAt: usize,
  coldWeightsAt: usize,
  rowOfAt: usize,
  groups: u32,
  valuesAt: usize,
  spareAt: usize,
): void {
  const productsAt = spareAt;
  const sumsAt = productsAt + <usize>nodes * tableBytes;
  // whether the splits on a column leave a row out: as far as each node, and before the subtree for each column
  const coldAt = sumsAt + <usize>nodes * tableBytes;
  const outsideAt = coldAt + <usize>nodes;
  const perColumn = (<usize>groups) << 3;
  for (let group: u32 = 0; group < groups; group++) {
    const row = <usize>load<u32>(rowOfAt + ((<usize>group) << 2));
    const values = valuesAt + ((<usize>group) << 3);
    enterSubtree(productsAt, row, columnsAt, columns, pathColumns, pathTablesAt, tableBytes, outsideAt);
    for (let column: u32 = 0; column < columns; column++) store<f64>(values + <usize>column * perColumn, 0);

    for (let node: u32 = 0; node < nodes; node++) {
      const at = nodesAt + <usize>node * nodeBytes;
      const column = load<i32>(at);
      if (column < 0) continue;
      const codesAt = <usize>load<u32>(columnsAt + <usize>column * columnBytes);
      const code = <u32>load<u16>(codesAt + (row << 1));
      const passes = goesLeft(code, load<u32>(at, 4), load<u32>(at, 8));
      const wasCold = <u32>load<u8>(coldAt + <usize>load<u32>(at, 16));
      const left = node + 1;
      const right = load<u32>(at, 12);
      const from = productsAt + <usize>node * tableBytes;
      descend(left, wasCold, wasCold | (passes ^ 1), from, productsAt, tablesAt, tableBytes, coldAt);
      descend(right, wasCold, wasCold | passes, from, productsAt, tablesAt, tableBytes, coldAt);
    }

    for (let node = <i32>nodes - 1; node >= 0; node--) {
      const at = nodesAt + <usize>node * nodeBytes;
      const column = load<i32>(at);
      const own = sumsAt + <usize>node * tableBytes;
      if (column < 0) {
        const value = f64x2.splat(load<f64>(at, 24));
        const products = productsAt + <usize>node * tableBytes;
        for (let q: usize = 0; q < tableBytes; q += 16)
          v128.store(own + q, f64x2.mul(v128.load(products + q), value));
        continue;
      }
      const left = <u32>node + 1;
      const right = load<u32>(at, 12);
      const leftSums = sumsAt + <usize>left * tableBytes;
      const rightSums = sumsAt + <usize>right * tableBytes;
      const leftWeights = weightsOf(left, tablesAt, tableBytes, coldAt, coldWeightsAt);
      const rightWeights = weightsOf(right, tablesAt, tableBytes, coldAt, coldWeightsAt);
      let phi = f64x2.splat(0);
      for (let q: usize = 0; q < tableBytes; q += 16) {
        const leftSum = v128.load(leftSums + q);
        const rightSum = v128.load(rightSums + q);
        v128.store(own + q, f64x2.add(leftSum, rightSum));
        phi = f64x2.add(phi, f64x2.mul(leftSum, v128.load(leftWeights + q)));
        phi = f64x2.add(phi, f64x2.mul(rightSum, v128.load(rightWeights + q)));
      }
      // what the column's splits above gave these leaves is replaced by what these ones give
      const outerWeights = <usize>load<u32>(at, 32);
      if (outerWeights !== 0) {
        const isCold = load<u8>(coldAt + <usize>load<u32>(at, 16));
        const weights = isCold ? coldWeightsAt : outerWeights;
        for (let q: usize = 0; q < tableBytes; q += 16)
          phi = f64x2.sub(phi, f64x2.mul(v128.load(own + q), v128.load(weights + q)));
      }
      addTo(values + <usize>column * perColumn, phi);
    }

    for (let column: u32 = 0; column < pathColumns; column++) {
      const isCold = load<u8>(outsideAt + <usize>column);
      const hotWeights = pathTablesAt + (3 * <usize>column + 2) * tableBytes;
      const weights = isCold ? coldWeightsAt : hotWeights;
      let phi = f64x2.splat(0);
      for (let q: usize = 0; q < tableBytes; q += 16)
        phi = f64x2.add(phi, f64x2.mul(v128.load(sumsAt + q), v128.load(weights + q)));
      addTo(values + <usize>column * perColumn, phi);
    }
  }
}

/** The product of the path's factors. A code of a column on the path that does not lead to the subtree has key 0. */
function enterSubtree(
  productsAt: usize,
  row: usize,
  columnsAt: usize,
  columns: u32,
  pathColumns: u32,
  pathTablesAt: usize,
  tableBytes: usize,
  outsideAt: usize,
): void {
  for (let q: usize = 0; q < tableBytes; q += 16) v128.store(productsAt + q, f64x2.splat(1));
  for (let column: u32 = 0; column < columns; column++) {
    if (column >= pathColumns) {
      store<u8>(outsideAt + <usize>column, 0);
      continue;
    }
    const at = columnsAt + <usize>column * columnBytes;
    const code = <usize>load<u16>(<usize>load<u32>(at) + (row << 1));
    const isCold = <usize>(load<u32>(<usize>load<u32>(at, 4) + (code << 2)) === 0);
    store<u8>(outsideAt + <usize>column, <u8>isCold);
    const factors = pathTablesAt + (3 * <usize>column + isCold) * tableBytes;
    for (let q: usize = 0; q < tableBytes; q += 16)
      v128.store(productsAt + q, f64x2.mul(v128.load(productsAt + q), v128.load(factors + q)));
  }
}

function goesLeft(code: u32, limit: u32, rule: u32): u32 {
  if (rule === 2) return <u32>(code === limit);
  return <u32>(code <= limit) & <u32>(rule === 0 || code !== 0);
}

/** A node's tables: what the product is multiplied by while its column lets the row through, when it ceases to, and thereafter. */
function descend(
  child: u32,
  wasCold: u32,
  isCold: u32,
  from: usize,
  productsAt: usize,
  tablesAt: usize,
  tableBytes: usize,
  coldAt: usize,
): void {
  store<u8>(coldAt + <usize>child, <u8>isCold);
  const into = productsAt + <usize>child * tableBytes;
  const factors = tablesAt + (((<usize>child) << 2) + <usize>(wasCold + isCold)) * tableBytes;
  for (let q: usize = 0; q < tableBytes; q += 16)
    v128.store(into + q, f64x2.mul(v128.load(from + q), v128.load(factors + q)));
}

/** The fourth table is of the weights where the row is let through. */
function weightsOf(
  child: u32,
  tablesAt: usize,
  tableBytes: usize,
  coldAt: usize,
  coldWeightsAt: usize,
): usize {
  return load<u8>(coldAt + <usize>child)
    ? coldWeightsAt
    : tablesAt + (((<usize>child) << 2) + 3) * tableBytes;
}

function addTo(at: usize, pair: v128): void {
  store<f64>(at, load<f64>(at) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
}
