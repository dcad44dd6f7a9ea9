import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nonProducts } from '../../../lib/features/nonProducts.ts';
import { orderFeatures, orderLabels } from '../../../lib/features/orderFeatures.ts';

const page = readFileSync(new URL('../../../docs/features.md', import.meta.url), 'utf8');

test('docs/features.md lists every column with its unit and meaning, in the order of the rows', () => {
  const listed = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, ...cells]) => cells);
  expect(listed).toEqual(
    [...orderFeatures, ...orderLabels].map(({ name, unit, meaning }) => [name, unit, meaning]),
  );
});

test('docs/features.md lists every name that is no product', () => {
  expect(page).toContain(`${nonProducts.map((name) => `\`${name}\``).join(', ')}.`);
});

test('no two columns have the same name', () => {
  const names = [...orderFeatures, ...orderLabels].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
