import { describe, expect, it } from 'vitest';
import { encodeFeatures } from '../../../lib/features/encoder.ts';
import { applyEncoder } from '../../../lib/features/matrix.ts';
import type { FeatureColumn, FeatureTable } from '../../../lib/tables/types.ts';

const tableOf = (...columns: FeatureColumn[]): FeatureTable => ({
  ids: (columns[0]?.values ?? []).map((_, row) => `c${row}`),
  columns,
});

const rowsOf = ({ X, rows, columns }: { X: Float64Array; rows: number; columns: number }): number[][] =>
  Array.from({ length: rows }, (_, row) => [...X.subarray(row * columns, (row + 1) * columns)]);

const shop = tableOf(
  { name: 'minutes', kind: 'numeric', values: [10, null, 30, 20] },
  { name: 'member', kind: 'boolean', values: [1, 0, 1, 1] },
  { name: 'channel', kind: 'categorical', values: ['web', 'app', 'web', null] },
);

describe('encodeFeatures and applyEncoder', () => {
  it('give each number a column, each category one, and each gap the middle value and a mark', () => {
    const { encoder, notes } = encodeFeatures(shop);
    const matrix = applyEncoder(encoder, shop);
    expect(notes).toEqual([]);
    expect(matrix.notes).toEqual([]);
    expect(matrix.columnNames).toEqual([
      'minutes',
      'minutes is missing',
      'member',
      'channel = web',
      'channel = app',
      'channel is missing',
    ]);
    expect(rowsOf(matrix)).toEqual([
      [10, 0, 1, 1, 0, 0],
      [20, 1, 0, 0, 1, 0],
      [30, 0, 1, 1, 0, 0],
      [20, 0, 1, 0, 0, 1],
    ]);
  });

  it('find columns by name, in whatever order the table to be scored has them', () => {
    const { encoder } = encodeFeatures(shop);
    const turned = { ...shop, columns: shop.columns.toReversed() };
    expect(applyEncoder(encoder, turned)).toEqual(applyEncoder(encoder, shop));
  });

  it('keep the 20 most frequent categories and count the rest as other', () => {
    const common = Array.from({ length: 20 }, (_, index) => `city ${index}`);
    const values = [...common, ...common, ...common, 'village 1', 'village 2'];
    const table = tableOf({ name: 'city', kind: 'categorical', values });
    const { encoder } = encodeFeatures(table);
    const matrix = applyEncoder(encoder, table);
    expect(matrix.columns).toBe(21);
    expect(matrix.columnNames.at(-1)).toBe('city = (other)');
    expect(rowsOf(matrix).map((row) => row.reduce((sum, cell) => sum + cell, 0))).toEqual(
      values.map(() => 1),
    );
    expect(rowsOf(matrix).slice(-2)).toEqual([rowsOf(matrix).at(-1), [...Array(20).fill(0), 1]]);
    expect(matrix.notes).toMatchObject([{ code: 'otherCategory', count: 2 }]);
  });

  it('order categories of equal frequency by their text, whatever the order of the rows', () => {
    const orders = [
      ['b', 'a', 'ä', '频繁', 'a', 'b', 'ä', '频繁'],
      ['频繁', 'ä', 'b', 'a', 'ä', '频繁', 'a', 'b'],
    ].map((values) => encodeFeatures(tableOf({ name: 'x', kind: 'categorical', values })).encoder);
    expect(orders[0]?.columns[0]).toMatchObject({ categories: ['a', 'b', 'ä', '频繁'] });
    expect(orders[1]).toEqual(orders[0]);
  });

  it('count the values that training did not have', () => {
    const { encoder } = encodeFeatures(
      tableOf(
        { name: 'channel', kind: 'categorical', values: ['web', 'app'] },
        { name: 'minutes', kind: 'numeric', values: [1, 3] },
        { name: 'member', kind: 'boolean', values: [0, 1] },
      ),
    );
    const { notes, ...matrix } = applyEncoder(
      encoder,
      tableOf(
        { name: 'channel', kind: 'categorical', values: ['kiosk', 'fair', null, 'constructor'] },
        { name: 'minutes', kind: 'numeric', values: [null, 5, 5, 5] },
        { name: 'member', kind: 'boolean', values: [null, null, 1, 0] },
      ),
    );
    expect(rowsOf(matrix)).toEqual([
      [0, 0, 1, 1],
      [0, 0, 5, 1],
      [0, 0, 5, 1],
      [0, 0, 5, 0],
    ]);
    expect(notes.map(({ code, count }) => [code, count])).toEqual([
      ['missingOnlyInScoring', 1],
      ['unseenCategory', 3],
      ['missingOnlyInScoring', 1],
      ['missingOnlyInScoring', 2],
    ]);
  });

  it('leave the columns beside a category alone when it is one that training did not have', () => {
    const channels = (values: string[]): FeatureTable =>
      tableOf({ name: 'channel', kind: 'categorical', values });
    const { encoder } = encodeFeatures(channels(['web', 'app']));
    expect(rowsOf(applyEncoder(encoder, channels(['fair', 'web', 'app'])))).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('leave out columns that cannot help: one value only, nothing at all, a text for each customer', () => {
    const rows = Array.from({ length: 30 }, (_, row) => row);
    const { encoder, notes } = encodeFeatures(
      tableOf(
        { name: 'country', kind: 'categorical', values: rows.map(() => 'CN') },
        { name: 'empty', kind: 'numeric', values: rows.map(() => null) },
        { name: 'email', kind: 'categorical', values: rows.map((row) => `${row}@example.com`) },
        { name: 'orders', kind: 'numeric', values: rows },
      ),
    );
    expect(encoder.columns.map(({ name }) => name)).toEqual(['orders']);
    expect(notes.map(({ code }) => code)).toEqual(['constantColumn', 'constantColumn', 'identifyingColumn']);
    expect(JSON.stringify(notes)).not.toContain('@example.com');
  });

  it('bound the width of a table with many categorical columns', () => {
    const columns = Array.from(
      { length: 100 },
      (_, column): FeatureColumn => ({
        name: `c${column}`,
        kind: 'categorical',
        values: Array.from({ length: 60 }, (_, row) => `v${row % 15}`),
      }),
    );
    const table = tableOf(...columns);
    expect(applyEncoder(encodeFeatures(table).encoder, table).columns).toBe(500);
  });

  it('name the column that a table to be scored lacks, or has in another kind', () => {
    const { encoder } = encodeFeatures(shop);
    const [minutes, ...others] = shop.columns;
    expect(() => applyEncoder(encoder, { ...shop, columns: others })).toThrow('"minutes"');
    const asText: FeatureColumn = { name: 'minutes', kind: 'categorical', values: ['a', 'b', 'c', 'd'] };
    expect(minutes?.kind).toBe('numeric');
    expect(() => applyEncoder(encoder, { ...shop, columns: [asText, ...others] })).toThrow('to be numeric');
  });
});
