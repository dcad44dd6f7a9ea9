import { forEachConcurrently } from './concurrency.ts';
import { modelKey, runPartition, runRecordKey } from './keys.ts';
import { queryItems, type Table, updateItem } from './table.ts';

/**
 * From `expiresAtSeconds` on nobody reads this run's pages; its record, and what is known of its model, stay. With `fence`, pages that
 * a newer lease has written again since, because the run was made anew, are left alone. Pages that expire already are too.
 */
export async function expireRun(
  table: Table,
  { runId, expiresAtSeconds, fence }: { runId: string; expiresAtSeconds: number; fence?: number },
): Promise<void> {
  const pages = queryItems(table, {
    keys: { expression: '#pk = :run', values: { run: runPartition(runId) } },
    only: ['pk', 'sk'],
  });
  await forEachConcurrently(pages, 16, async ({ pk, sk, expiresAtSeconds: already }) => {
    const key = { pk: String(pk), sk: String(sk) };
    const stays = key.sk === runRecordKey(runId).sk || key.sk === modelKey(runId).sk;
    if (stays || already !== undefined) return;
    await updateItem(table, key, {
      update: { expression: 'SET #expiresAtSeconds = :at', values: { at: expiresAtSeconds } },
      condition:
        fence === undefined
          ? { expression: 'attribute_exists(#pk)' }
          : {
              expression: 'attribute_exists(#pk) AND (attribute_not_exists(#fence) OR #fence <= :fence)',
              values: { fence },
            },
    });
  });
}
