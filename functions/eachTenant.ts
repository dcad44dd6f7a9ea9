import * as z from 'zod/mini';
import type { Platform } from '../lib/pipeline/platform.ts';
import { listFolders } from '../lib/store/objects.ts';
import { scopedTo } from '../lib/store/scopedTo.ts';
import { isTenant, tenantOfKey, tenantsPrefix } from '../lib/store/tenants.ts';
import { servesTenants } from './wiring/apiWiring.ts';
import { type InvocationContext, invocationWiring } from './wiring/dataWiring.ts';

const objectEventSchema = z.object({ detail: z.object({ object: z.object({ key: z.string() }) }) });

/**
 * Looks for whom an event concerns: the one shop; or, where there are several, the one below whose prefix an object came or went, and each
 * of them for any other event. One that fails keeps no other from its look: what went wrong is thrown after all.
 */
export async function lookForEach<Result>(
  event: unknown,
  context: InvocationContext | undefined,
  look: (platform: Platform) => Promise<Result>,
): Promise<Result | undefined> {
  const platform = invocationWiring(context);
  if (!servesTenants()) return look(platform);
  const failures: unknown[] = [];
  const tenants = await tenantsOf(platform, event);
  for (const tenant of tenants)
    await look(ofTenant(tenant, platform)).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `the looks for ${failures.length} of ${tenants.length} tenants failed`,
    );
  return undefined;
}

async function tenantsOf(platform: Platform, event: unknown): Promise<string[]> {
  const parsed = objectEventSchema.safeParse(event);
  if (!parsed.success) return listTenants(platform);
  const tenant = tenantOfKey(parsed.data.detail.object.key);
  return tenant === null ? [] : [tenant];
}

/** Who has an upload, or still has results of uploads that are gone. */
async function listTenants({ objects, uploadsBucket, resultsBucket, log }: Platform): Promise<string[]> {
  const folders = await Promise.all(
    [uploadsBucket, resultsBucket].map((bucket) => listFolders(objects, { bucket, prefix: tenantsPrefix })),
  );
  const names = [...new Set(folders.flat())].sort();
  const ignored = names.filter((name) => !isTenant(name)).length;
  if (ignored > 0) log('folders that no tenant can be called are not looked at', { ignored });
  return names.filter(isTenant);
}

function ofTenant(tenant: string, platform: Platform): Platform {
  return {
    ...scopedTo(tenant, platform),
    objects: { ...platform.objects, tenant },
    log: (message, facts) => platform.log(message, { ...facts, tenant }),
  };
}
