import type { Table } from './table.ts';
import { idKeyOfTenant } from './tenants.ts';

/** What a tenant has of its own of what all share: a part of the table, and a key. */
export function scopedTo<Shared extends { table: Table; idKey: string }>(
  tenant: string,
  shared: Shared,
): Shared {
  const idKey = idKeyOfTenant(shared.idKey, tenant);
  return { ...shared, idKey, table: { ...shared.table, idKey, tenant } };
}
