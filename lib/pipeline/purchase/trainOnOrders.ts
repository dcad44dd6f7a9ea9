import { fitPurchaseModel } from '../../models/fitPurchaseModel.ts';
import { modelDatasets } from '../modelDatasets.ts';
import type { Platform } from '../platform.ts';
import type { Dataset, Run, RunResult } from '../run.ts';
import { readExamples } from './featureTable.ts';
import { inputsFrom, readOrdersInUse } from './ordersInUse.ts';
import { storeModel } from './storeModel.ts';

/** The published order history becomes a purchase model too, fitted to customers as they were at several cutoffs. */
export const ordersModelDataset: Dataset = {
  name: modelDatasets.orders,
  prefixes: [],
  inputs: examplesInUse,
  modelFrom: null,
  lastingFiles: [],
  work: trainOnOrders,
};

async function examplesInUse(platform: Platform): Promise<Awaited<ReturnType<typeof inputsFrom>>> {
  const orders = await readOrdersInUse(platform);
  const examples = orders?.manifest.examples ?? null;
  return orders === null || examples === null ? [] : inputsFrom(platform, orders, [examples.key]);
}

async function trainOnOrders(run: Run): Promise<RunResult> {
  const { seed, horizonDays, currency, purchase } = run.settings;
  const [input] = run.plan.inputs;
  if (input === undefined) throw new Error('trainOnOrders was called without examples');
  const rows = await run.timed('read', () => readExamples(run.platform, input.key));
  run.amend({ counts: { examples: rows.ids.length } });
  const model = await run.timed('fit', async () =>
    fitPurchaseModel(rows, { seed, horizonDays, currency, settings: purchase }),
  );
  return storeModel(run, model);
}
