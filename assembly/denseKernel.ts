// The inner loops of lib/math/dense/: an inverse by Cholesky's factors, and sums of weighted rows. `npm run kernels` builds it.
// Matrices are row by row; every product is one of rows with rows, so that all memory is read in its order.

/** Rows and columns of a block; matrices are padded to a multiple of it. */
const block: u32 = 32;
/** Terms of a product that are summed before they are taken off: rows of a block then stay in the cache. */
const depth: u32 = 256;

/**
 * A symmetric positive definite matrix of doubles, whose lower triangle is at `matrixAt`: that is overwritten with the lower triangle of
 * its negative inverse. `spareAt` has room for as many. Answers 1 where the matrix is not positive definite, else 0.
 */
export function invertNegated(matrixAt: usize, spareAt: usize, size: u32): u32 {
  const stride = (<usize>size) << 3;
  for (let first: u32 = 0; first < size; first += block) {
    const rows = size - first;
    takeProducts(
      at(matrixAt, stride, first, first),
      at(matrixAt, stride, first, 0),
      at(matrixAt, stride, first, 0),
      rows,
      block,
      first,
      stride,
    );
    if (factorBlock(matrixAt, stride, first, size) === 1) return 1;
  }
  invertFactor(matrixAt, spareAt, size, stride);
  for (let row: u32 = 0; row < size; row += block) {
    for (let column: u32 = 0; column <= row; column += block) {
      const target = at(matrixAt, stride, row, column);
      for (let r: u32 = 0; r < block; r++) memory.fill(target + r * stride, 0, block << 3);
      takeProducts(
        target,
        at(spareAt, stride, row, row),
        at(spareAt, stride, column, row),
        block,
        block,
        size - row,
        stride,
      );
    }
  }
  return 0;
}

/** Cholesky's factor of a block of columns from which the columns before have been taken off. */
function factorBlock(matrixAt: usize, stride: usize, first: u32, size: u32): u32 {
  for (let row = first; row < size; row++) {
    const end = row < first + block ? row + 1 : first + block;
    const rowAt = at(matrixAt, stride, row, 0);
    for (let column = first; column < end; column++) {
      const otherAt = at(matrixAt, stride, column, 0);
      let sum = load<f64>(rowAt + ((<usize>column) << 3));
      for (let m = first; m < column; m++)
        sum -= load<f64>(rowAt + ((<usize>m) << 3)) * load<f64>(otherAt + ((<usize>m) << 3));
      if (column === row) {
        if (!(sum > 0)) return 1;
        store<f64>(rowAt + ((<usize>column) << 3), Math.sqrt(sum));
      } else {
        store<f64>(rowAt + ((<usize>column) << 3), sum / load<f64>(otherAt + ((<usize>column) << 3)));
      }
    }
  }
  return 0;
}

/** The transposed inverse of the factor, an upper triangle, at `spareAt`. */
function invertFactor(matrixAt: usize, spareAt: usize, size: u32, stride: usize): void {
  for (let first: u32 = 0; first < size; first += block) {
    for (let row: u32 = 0; row <= first; row += block) {
      const target = at(spareAt, stride, row, first);
      for (let r: u32 = 0; r < block; r++) {
        memory.fill(target + r * stride, 0, block << 3);
        if (row === first) store<f64>(target + r * stride + (r << 3), 1);
      }
      takeProducts(
        target,
        at(spareAt, stride, row, row),
        at(matrixAt, stride, first, row),
        block,
        block,
        first - row,
        stride,
      );
    }
    for (let row: u32 = 0; row < first + block; row++) {
      const rowAt = at(spareAt, stride, row, 0);
      for (let column = first; column < first + block; column++) {
        const factorAt = at(matrixAt, stride, column, 0);
        let sum = load<f64>(rowAt + ((<usize>column) << 3));
        for (let m = first; m < column; m++)
          sum -= load<f64>(rowAt + ((<usize>m) << 3)) * load<f64>(factorAt + ((<usize>m) << 3));
        store<f64>(rowAt + ((<usize>column) << 3), sum / load<f64>(factorAt + ((<usize>column) << 3)));
      }
    }
  }
}

/** target[i, j] -= the sum over m of left[i, m] * right[j, m]; rows even, columns and length multiples of 4. */
function takeProducts(
  targetAt: usize,
  leftAt: usize,
  rightAt: usize,
  rows: u32,
  columns: u32,
  length: u32,
  stride: usize,
): void {
  for (let from: u32 = 0; from < length; from += depth) {
    const terms = length - from < depth ? length - from : depth;
    const offset = (<usize>from) << 3;
    for (let i: u32 = 0; i < rows; i += 2)
      for (let j: u32 = 0; j < columns; j += 4)
        takeTile(
          targetAt + i * stride + ((<usize>j) << 3),
          leftAt + i * stride + offset,
          rightAt + j * stride + offset,
          terms,
          stride,
        );
  }
}

/** Two rows with four: eight sums of two lanes, and what they are summed from, are all the registers there are. */
function takeTile(targetAt: usize, leftAt: usize, rightAt: usize, terms: u32, stride: usize): void {
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s02 = f64x2.splat(0);
  let s03 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  let s12 = f64x2.splat(0);
  let s13 = f64x2.splat(0);
  const end = leftAt + ((<usize>terms) << 3);
  const right1 = rightAt + stride - leftAt;
  const right2 = right1 + stride;
  const right3 = right2 + stride;
  const right0 = rightAt - leftAt;
  while (leftAt < end) {
    const l0 = v128.load(leftAt);
    const l1 = v128.load(leftAt + stride);
    const r0 = v128.load(leftAt + right0);
    s00 = f64x2.add(s00, f64x2.mul(l0, r0));
    s10 = f64x2.add(s10, f64x2.mul(l1, r0));
    const r1 = v128.load(leftAt + right1);
    s01 = f64x2.add(s01, f64x2.mul(l0, r1));
    s11 = f64x2.add(s11, f64x2.mul(l1, r1));
    const r2 = v128.load(leftAt + right2);
    s02 = f64x2.add(s02, f64x2.mul(l0, r2));
    s12 = f64x2.add(s12, f64x2.mul(l1, r2));
    const r3 = v128.load(leftAt + right3);
    s03 = f64x2.add(s03, f64x2.mul(l0, r3));
    s13 = f64x2.add(s13, f64x2.mul(l1, r3));
    leftAt += 16;
  }
  take(targetAt, s00);
  take(targetAt + 8, s01);
  take(targetAt + 16, s02);
  take(targetAt + 24, s03);
  take(targetAt + stride, s10);
  take(targetAt + stride + 8, s11);
  take(targetAt + stride + 16, s12);
  take(targetAt + stride + 24, s13);
}

function take(targetAt: usize, sums: v128): void {
  store<f64>(targetAt, load<f64>(targetAt) - (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
}

function at(matrixAt: usize, stride: usize, row: u32, column: u32): usize {
  return matrixAt + row * stride + ((<usize>column) << 3);
}

/** target[j] = the sum of weights[n] * matrix[rows[n], j], in single precision; `width` is a multiple of 4. */
export function sumRows(
  targetAt: usize,
  matrixAt: usize,
  width: u32,
  rowsAt: usize,
  weightsAt: usize,
  count: u32,
): void {
  const bytes = (<usize>width) << 2;
  memory.fill(targetAt, 0, bytes);
  let n: u32 = 0;
  for (; n + 4 <= count; n += 4) {
    const offset = (<usize>n) << 2;
    const w0 = f32x4.splat(load<f32>(weightsAt + offset));
    const w1 = f32x4.splat(load<f32>(weightsAt + offset, 4));
    const w2 = f32x4.splat(load<f32>(weightsAt + offset, 8));
    const w3 = f32x4.splat(load<f32>(weightsAt + offset, 12));
    const m0 = matrixAt + <usize>load<u32>(rowsAt + offset) * bytes;
    const m1 = matrixAt + <usize>load<u32>(rowsAt + offset, 4) * bytes;
    const m2 = matrixAt + <usize>load<u32>(rowsAt + offset, 8) * bytes;
    const m3 = matrixAt + <usize>load<u32>(rowsAt + offset, 12) * bytes;
    for (let j: usize = 0; j < bytes; j += 16) {
      let sum = v128.load(targetAt + j);
      sum = f32x4.add(sum, f32x4.mul(w0, v128.load(m0 + j)));
      sum = f32x4.add(sum, f32x4.mul(w1, v128.load(m1 + j)));
      sum = f32x4.add(sum, f32x4.mul(w2, v128.load(m2 + j)));
      sum = f32x4.add(sum, f32x4.mul(w3, v128.load(m3 + j)));
      v128.store(targetAt + j, sum);
    }
  }
  for (; n < count; n++) {
    const offset = (<usize>n) << 2;
    const weight = f32x4.splat(load<f32>(weightsAt + offset));
    const rowAt = matrixAt + <usize>load<u32>(rowsAt + offset) * bytes;
    for (let j: usize = 0; j < bytes; j += 16)
      v128.store(targetAt + j, f32x4.add(v128.load(targetAt + j), f32x4.mul(weight, v128.load(rowAt + j))));
  }
}
