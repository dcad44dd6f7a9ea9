import type * as z from 'zod/mini';
import { type Pointer, readPointer } from '../../lib/store/pointer.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { Problem } from './problem.ts';

/** What a dataset's pointer names, with its manifest parsed. Null when nothing is published. */
export interface Published<Manifest> {
  runId: string;
  asOf: string;
  manifest: Manifest;
}

export async function readPublished<Schema extends z.ZodMiniType>(
  { table }: ApiWiring,
  dataset: string,
  schema: Schema,
): Promise<Published<z.infer<Schema>> | null> {
  const pointer = await readPointer(table, dataset);
  return pointer && publishedOf(pointer, schema);
}

export function publishedOf<Schema extends z.ZodMiniType>(
  { runId, asOf, manifest }: Pointer,
  schema: Schema,
): Published<z.infer<Schema>> {
  return { runId, asOf, manifest: schema.parse(manifest) };
}

/** The published run of a dataset, or the 404 that says which folder waits for a table. */
export async function requirePublished<Schema extends z.ZodMiniType>(
  wiring: ApiWiring,
  dataset: 'customers' | 'training' | 'ads',
  schema: Schema,
): Promise<Published<z.infer<Schema>>> {
  const published = await readPublished(wiring, dataset, schema);
  if (published) return published;
  throw new Problem(
    'nothingPublished',
    `no table is published yet: upload a CSV to ${dataset}/ in the uploads bucket; GET /runs tells how it went`,
  );
}
