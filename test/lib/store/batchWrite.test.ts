import { expect, test } from 'vitest';
import { writeItems } from '../../../lib/store/batchWrite.ts';
import { queryItems, type Table } from '../../../lib/store/table.ts';
import { localTable } from './localTable.ts';

const items = (run: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ pk: `RUN#${run}`, sk: `LIST#${index}`, fence: index }));

/** A table that answers some batches as a busy DynamoDB does: it takes the first items and hands back the others. */
async function busyTable(refuse: (attempt: number) => 'rest' | 'all' | 'none'): Promise<Table> {
  const table = await localTable();
  let attempts = 0;
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'BatchWriteItemCommand') return next(args);
      const how = refuse(attempts++);
      if (how === 'none') return next(args);
      const input = args.input as { RequestItems: Record<string, unknown[]> };
      const requests = input.RequestItems[table.name] ?? [];
      if (how === 'all') throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      const answer = await next({
        ...args,
        input: { RequestItems: { [table.name]: requests.slice(0, 1) } } as never,
      });
      const left = requests.slice(1);
      return {
        ...answer,
        output: { ...answer.output, UnprocessedItems: left.length > 0 ? { [table.name]: left } : {} },
      };
    },
    { step: 'initialize' },
  );
  return table;
}

async function stored(table: Table, run: string): Promise<number> {
  let count = 0;
  for await (const _ of queryItems(table, {
    keys: { expression: '#pk = :run', values: { run: `RUN#${run}` } },
    pageSize: 7,
  }))
    count++;
  return count;
}

test('items handed back, and batches refused as a whole, are written in the end', async () => {
  const table = await busyTable((attempt) => (['rest', 'all', 'none'] as const)[attempt % 3] ?? 'none');
  await writeItems(table, items('busy', 130), { firstWaitMs: 1 });
  expect(await stored(table, 'busy')).toBe(130);
});

test('a table that goes on refusing ends in an error, not in silence', async () => {
  const table = await busyTable(() => 'all');
  await expect(
    writeItems(table, items('refused', 30), { firstWaitMs: 1, deadlineSeconds: 0.05 }),
  ).rejects.toThrow(/still refuses \d+ of \d+ items/);
});

test('an error that waiting does not cure is thrown at once', async () => {
  const table = await localTable();
  await expect(writeItems({ ...table, name: 'nowhere' }, items('lost', 3))).rejects.toThrow(
    /non-existent|not found/i,
  );
});
