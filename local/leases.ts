import { datasetsPartition } from '../lib/store/keys.ts';
import { queryItems, type Table, updateItem } from '../lib/store/table.ts';
import { localClient } from './dynamo.ts';

/**
 * Ends the leases that functions of an earlier start held when they were killed: none of them lives on, and nobody
 * should wait a minute for the dead. Fences stay as they are.
 */
export async function endLeases(endpoint: string, tableName: string): Promise<void> {
  const table: Table = { client: localClient(endpoint), name: tableName };
  const datasets = queryItems(table, {
    keys: { expression: '#pk = :datasets', values: { datasets: datasetsPartition } },
  });
  for await (const { pk, sk, leaseOwner } of datasets) {
    if (leaseOwner === undefined) continue;
    await updateItem(
      table,
      { pk: String(pk), sk: String(sk) },
      {
        update: { expression: 'REMOVE #leaseOwner, #leaseUntilMs' },
        condition: { expression: '#leaseOwner = :owner', values: { owner: String(leaseOwner) } },
      },
    );
  }
  table.client.destroy();
}
