import { createHash } from 'node:crypto';
import { type PurchaseModel, purchaseModelSchema } from '../models/purchaseModel.ts';
import { readText } from '../store/objects.ts';
import { readPointer } from '../store/pointer.ts';
import type { ModelDataset } from './modelDatasets.ts';
import type { Platform } from './platform.ts';
import { rejectRun } from './rejection.ts';
import { type ModelManifest, modelManifestSchema } from './results.ts';

/** The purchase model that is published: which run fitted it, and what is known of it. */
export interface ModelInUse {
  runId: string;
  manifest: ModelManifest;
}

/** Null as long as no model has been published. Throws where another version of the code has published it. */
export async function readModelInUse({ table }: Platform, dataset: ModelDataset): Promise<ModelInUse | null> {
  const pointer = await readPointer(table, dataset);
  if (pointer === null) return null;
  const { runId } = pointer;
  const manifest = modelManifestSchema.safeParse(pointer.manifest);
  if (manifest.success) return { runId, manifest: manifest.data };
  throw new Error(
    `the model of run ${runId} was published by another version of the code; this one publishes a new one when it next looks at what the model is fitted to`,
  );
}

/** Of a model's artifact as it is stored. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Fetches the artifact itself. Rejects the run where this code cannot read it; throws where it is gone or damaged. */
export async function loadModel(
  { objects, resultsBucket }: Platform,
  model: ModelInUse,
): Promise<PurchaseModel> {
  const { modelKey, modelSha256 } = model.manifest;
  const text = await readText(objects, { bucket: resultsBucket, key: modelKey });
  if (text === null) throw new Error(`the model of run ${model.runId} is gone from ${modelKey}`);
  if (sha256(text) !== modelSha256)
    throw new Error(`${modelKey} is not what run ${model.runId} stored there: its checksum differs`);
  const parsed = purchaseModelSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  return rejectRun(
    'modelOfAnotherVersion',
    `${modelKey} was stored by another version of the code, which this one cannot read; a new model comes with the next look at what it is fitted to, and scores with it`,
  );
}

/** The model as it was tested, for the next one to be measured against; null where it is not there, or this code cannot read it. */
export async function loadTested(
  { objects, resultsBucket }: Platform,
  { tested }: ModelManifest,
): Promise<PurchaseModel | null> {
  const text = tested === null ? null : await readText(objects, { bucket: resultsBucket, key: tested.key });
  if (text === null || sha256(text) !== tested?.sha256) return null;
  return purchaseModelSchema.safeParse(JSON.parse(text)).data ?? null;
}
