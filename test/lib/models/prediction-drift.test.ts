import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededGenerator, uniform } from '../../../lib/math/random.ts';
import { predictionDrift } from '../../../lib/models/evaluation/predictionDrift.ts';

/** Customers of two deciles, of whom as many buy as a draw with these chances says. */
function drawn(seed: number, { said, real }: { said: number[]; real: number[] }) {
  const generator = seededGenerator(seed);
  const deciles = Uint8Array.from({ length: 4000 }, (_, row) => 1 + (row % 2));
  const probabilities = Float64Array.from(deciles, (decile) => said[decile - 1] as number);
  const y = Uint8Array.from(deciles, (decile) => (uniform(generator) < (real[decile - 1] as number) ? 1 : 0));
  return predictionDrift(y, probabilities, { deciles });
}

test('probabilities that are right are found as said, decile by decile', () => {
  const drift = drawn(1, { said: [0.3, 0.05], real: [0.3, 0.05] });
  expect(drift).toMatchObject({ customers: 4000, verdict: 'asSaid' });
  expect(Math.abs(drift.standardErrors)).toBeLessThan(3);
  for (const [index, chance] of [0.3, 0.05].entries()) {
    const decile = drift.deciles[index];
    expect(decile?.meanProbability).toBeCloseTo(chance, 12);
    expect(decile?.low).toBeLessThan(chance);
    expect(decile?.high).toBeGreaterThan(chance);
  }
});

test('too many or too few buyers are told from chance, and which way', () => {
  expect(drawn(2, { said: [0.3, 0.05], real: [0.24, 0.03] }).verdict).toBe('saidTooMuch');
  expect(drawn(3, { said: [0.3, 0.05], real: [0.36, 0.08] }).verdict).toBe('saidTooLittle');
});

test('deciles add up to the whole, whatever was said and came', () => {
  const customer = fc.record({
    y: fc.integer({ min: 0, max: 1 }),
    p: fc.double({ min: 0, max: 1, noNaN: true }),
    decile: fc.integer({ min: 1, max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(customer, { minLength: 1, maxLength: 60 }), (customers) => {
      const drift = predictionDrift(
        Uint8Array.from(customers, ({ y }) => y),
        Float64Array.from(customers, ({ p }) => p),
        { deciles: Uint8Array.from(customers, ({ decile }) => decile) },
      );
      const sum = (of: (decile: (typeof drift.deciles)[number]) => number) =>
        drift.deciles.reduce((total, decile) => total + of(decile), 0);
      expect(sum((decile) => decile.customers)).toBe(customers.length);
      expect(sum((decile) => decile.buyers)).toBe(drift.buyers);
      expect(sum((decile) => decile.meanProbability * decile.customers)).toBeCloseTo(
        drift.meanProbability * customers.length,
        9,
      );
    }),
  );
});

test('without a customer there is nothing to compare', () => {
  expect(() => predictionDrift(new Uint8Array(), new Float64Array(), { deciles: new Uint8Array() })).toThrow(
    'predictionDrift needs at least one customer',
  );
});
