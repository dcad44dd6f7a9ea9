import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededGenerator } from '../../../lib/math/random.ts';
import { stratifiedHoldOut } from '../../../lib/models/holdOut.ts';

it('each row is on one side, and each label has its share on both', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1), { maxLength: 80 }), fc.integer(), (labels, seed) => {
      const generator = seededGenerator(seed);
      const { fitted, heldOut } = stratifiedHoldOut(Uint8Array.from(labels), { share: 0.3, generator });
      expect([...fitted, ...heldOut].sort((a, b) => a - b)).toEqual([...labels.keys()]);
      for (const label of [0, 1]) {
        const all = labels.filter((other) => other === label).length;
        const held = [...heldOut].filter((row) => labels[row] === label).length;
        expect(Math.abs(held - 0.3 * all)).toBeLessThanOrEqual(0.5);
      }
    }),
  );
});

it('another seed holds out other rows, the same seed the same', () => {
  const y = Uint8Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? 1 : 0));
  const heldOutBy = (seed: number) => [
    ...stratifiedHoldOut(y, { share: 0.3, generator: seededGenerator(seed) }).heldOut,
  ];
  expect(heldOutBy(1)).toEqual(heldOutBy(1));
  expect(heldOutBy(1)).not.toEqual(heldOutBy(2));
});
