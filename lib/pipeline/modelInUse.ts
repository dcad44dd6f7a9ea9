import { type PurchaseModel, purchaseModelSchema } from '../models/purchaseModel.ts';
import { readText } from '../store/objects.ts';
import { readPointer } from '../store/pointer.ts';
import type { ModelDataset } from './modelDatasets.ts';
import type { Platform } from './platform.ts';
import { type ModelManifest, modelManifestSchema } from './results.ts';

/** The purchase model that is published: which run fitted it, and what is known of it. */
export interface ModelInUse {
  runId: string;
  manifest: ModelManifest;
}

/** Null as long as no model has been published. */
export async function readModelInUse({ table }: Platform, dataset: ModelDataset): Promise<ModelInUse | null> {
  const pointer = await readPointer(table, dataset);
  return pointer === null
    ? null
    : { runId: pointer.runId, manifest: modelManifestSchema.parse(pointer.manifest) };
}

/** Fetches the artifact itself. */
export async function loadModel(
  { objects, resultsBucket }: Platform,
  model: ModelInUse,
): Promise<PurchaseModel> {
  const text = await readText(objects, { bucket: resultsBucket, key: model.manifest.modelKey });
  if (text === null)
    throw new Error(`the model of run ${model.runId} is gone from ${model.manifest.modelKey}`);
  return purchaseModelSchema.parse(JSON.parse(text));
}
