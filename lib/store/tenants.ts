import { createHmac } from 'node:crypto';

/**
 * Several shops in one table and one pair of buckets. Each has a prefix of its own, in the keys of objects and in the partitions of items,
 * which `objects.ts` and `table.ts` put before whatever goes out and take off whatever comes in: nothing above them knows of it, so nothing
 * above them can reach past it. A name holds no separator, so that no prefix begins with another.
 */

/** What may stand in a prefix, in a claim and in IAM's patterns alike. */
export const isTenant = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(name);

/** Of the folders of all tenants, in both buckets. */
export const tenantsPrefix = 'tenants/';

/** What the keys of a tenant's objects begin with; nothing for the one shop of a deployment without tenants. */
export const objectPrefixOf = (tenant: string | undefined): string =>
  tenant === undefined ? '' : `${tenantsPrefix}${checked(tenant)}/`;

/** What the partitions of a tenant's items begin with. */
export const partitionPrefixOf = (tenant: string | undefined): string =>
  tenant === undefined ? '' : `TENANT#${checked(tenant)}#`;

/** Whose an object is; null for one that is no tenant's. */
export function tenantOfKey(key: string): string | null {
  const [folder, name, ...rest] = key.split('/');
  return `${folder}/` === tenantsPrefix && rest.length > 0 && isTenant(name) ? name : null;
}

/** Of the keyed hashes of a tenant's customers: the same id is another hash in another shop. */
export const idKeyOfTenant = (idKey: string, tenant: string): string =>
  createHmac('sha256', idKey)
    .update(`tenant ${checked(tenant)}`)
    .digest('hex');

/** Something that is scoped to a tenant, or to none. */
export interface Scope {
  /** Who sees and writes through it nothing but its own. */
  tenant?: string;
}

function checked(tenant: string): string {
  if (!isTenant(tenant))
    throw new Error('a tenant is called by small letters, digits and hyphens, 63 at most');
  return tenant;
}
