import { expect, it } from 'vitest';
import { takeRows } from '../../../lib/features/rows.ts';

it('takes ids, values and labels of the same rows, in the order asked for', () => {
  const table = {
    ids: ['a', 'b', 'c'],
    columns: [
      { name: 'minutes', kind: 'numeric' as const, values: [1, null, 3] },
      { name: 'channel', kind: 'categorical' as const, values: ['web', 'app', null] },
    ],
    labels: Uint8Array.of(0, 1, 1),
  };
  expect(takeRows(table, Uint32Array.of(2, 1))).toEqual({
    ids: ['c', 'b'],
    columns: [
      { name: 'minutes', kind: 'numeric', values: [3, null] },
      { name: 'channel', kind: 'categorical', values: [null, 'app'] },
    ],
    labels: Uint8Array.of(1, 1),
  });
});
