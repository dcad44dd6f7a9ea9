import type { OrderLineBatch } from '../../tables/orders/orderLines.ts';
import { readOrders } from '../../tables/orders/readOrders.ts';
import { textAt } from '../../tables/textColumn.ts';
import { sourceOf } from '../readInputs.ts';
import type { Run } from '../run.ts';
import { orderOptions, type StagedInput } from './stageInput.ts';

/** By order the hash of whose it was. Staged order reports lack them, so that their uploads are read. */
export async function ordersOfErased(
  run: Run,
  orderReports: readonly StagedInput[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (run.erased.digest === null) return found;
  const hashes = new Map<string, string | null>();
  const add = async ({ length, customerId, orderId }: OrderLineBatch) => {
    for (let index = 0; index < length; index++) {
      const [customer, order] = [textAt(customerId, index), textAt(orderId, index)];
      if (customer === null || order === null) continue;
      if (!hashes.has(customer)) hashes.set(customer, run.erased.hashOf(customer));
      const idHash = hashes.get(customer) ?? null;
      if (idHash !== null) found.set(order, idHash);
    }
  };
  const files = new Set(orderReports.map(({ report }) => report.key));
  for (const input of run.plan.inputs.filter(({ key }) => files.has(key)))
    await readOrders(sourceOf(run, input), orderOptions(run), { begin: async () => {}, add });
  return found;
}
