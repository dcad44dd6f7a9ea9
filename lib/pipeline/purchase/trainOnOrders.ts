import { modelDatasets } from '../modelDatasets.ts';
import type { RunInput } from '../plan.ts';
import type { Platform } from '../platform.ts';
import type { Dataset } from '../run.ts';
import { readExamples } from './featureTable.ts';
import { type FitModel, fitForRun } from './fitModel.ts';
import { inputsFrom, readOrdersInUse } from './ordersInUse.ts';
import { storeModel } from './storeModel.ts';

/** The published order history becomes a purchase model too, fitted to customers as they were at several cutoffs. */
export const ordersModelDataset = (fit: FitModel): Dataset => ({
  name: modelDatasets.orders,
  prefixes: [],
  inputs: examplesInUse,
  modelFrom: null,
  lastingFiles: [],
  work: async (run) => {
    const [input] = run.plan.inputs;
    if (input === undefined) throw new Error('ordersModelDataset was run without examples');
    // How the model before did belongs to what is known when this one is judged.
    const orders = await readOrdersInUse(run.platform);
    if (orders?.manifest.purchaseDrift)
      run.amend({ metrics: { purchaseDrift: orders.manifest.purchaseDrift } });
    const rows = await run.timed('read', () => readExamples(run, input.key));
    return storeModel(run, await fitForRun(run, rows, fit));
  },
});

async function examplesInUse(platform: Platform): Promise<RunInput[]> {
  const orders = await readOrdersInUse(platform);
  const examples = orders?.manifest.examples ?? null;
  return orders === null || examples === null ? [] : inputsFrom(platform, orders, [examples.key]);
}
