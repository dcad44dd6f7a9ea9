import { afterAll, expect, test } from 'vitest';
import { countOrdersOnce } from '../../../lib/pipeline/history/countOrdersOnce.ts';
import { openTestDuckDb } from '../../support/orderTables.ts';

const { db, directory, close } = await openTestDuckDb();
afterAll(close);

test('an order counts in its last item report, before any order report, wherever these stand', async () => {
  const orders = {
    'a-items': ['o1', 'o2'],
    'b-report': ['o1', 'o2', 'o3', 'o4', null],
    'c-items': ['o2', 'o3'],
    'd-plain': ['o1', 'o5'],
  };
  const staged = [];
  for (const [name, ids] of Object.entries(orders)) {
    const parquetPath = `${directory}/${name}-0.parquet`;
    const rows = ids.map((id) => `(${id === null ? 'NULL' : `'${id}'`}, '${name}', 0)`);
    await db.run(
      `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS line(order_id, file, bucket)) TO '${parquetPath}' (FORMAT parquet)`,
    );
    const layout = { items: 'taobao-items', report: 'taobao', plain: 'plain' }[name.slice(2)] as string;
    staged.push({ name, layout, parquetPath });
  }
  const once = await countOrdersOnce(db, staged, directory);
  const paths = once.map(({ parquetPath }) => `'${parquetPath}'`).join(', ');
  const lines = await db.rows(`SELECT file, order_id FROM read_parquet([${paths}]) ORDER BY file, order_id`);
  expect(lines.map(({ file, order_id }) => [file, order_id])).toEqual([
    ['a-items', 'o1'],
    ['b-report', 'o4'],
    ['b-report', null],
    ['c-items', 'o2'],
    ['c-items', 'o3'],
    // another system's orders are its own
    ['d-plain', 'o1'],
    ['d-plain', 'o5'],
  ]);
});
