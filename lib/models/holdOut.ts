import { type RandomGenerator, shuffledIndices } from '../math/random.ts';

/** Splits the rows so that both parts have the same share of label 1, as near as counts allow. Both in table order. */
export function stratifiedHoldOut(
  y: Uint8Array,
  { share, generator }: { share: number; generator: RandomGenerator },
): { fitted: Uint32Array; heldOut: Uint32Array } {
  const isHeldOut = new Uint8Array(y.length);
  for (const label of [0, 1]) {
    const rows = Uint32Array.from(y.keys()).filter((row) => y[row] === label);
    const order = shuffledIndices(generator, rows.length);
    for (const position of order.subarray(0, Math.round(share * rows.length)))
      isHeldOut[rows[position] as number] = 1;
  }
  const all = Uint32Array.from(y.keys());
  return {
    fitted: all.filter((row) => isHeldOut[row] === 0),
    heldOut: all.filter((row) => isHeldOut[row] === 1),
  };
}
