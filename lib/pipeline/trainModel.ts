import { fitPurchaseModel } from '../models/fitPurchaseModel.ts';
import { readTraining } from '../tables/readTraining.ts';
import { modelDatasets } from './modelDatasets.ts';
import { storeModel } from './purchase/storeModel.ts';
import { readInputsTogether } from './readInputs.ts';
import type { Dataset, Run, RunResult } from './run.ts';

/** `training/`: rows that say who bought become the purchase model. */
export const trainingDataset: Dataset = {
  name: modelDatasets.training,
  prefixes: ['training/'],
  modelFrom: null,
  lastingFiles: [],
  work: trainModel,
};

async function trainModel(run: Run): Promise<RunResult> {
  const { seed, horizonDays, currency, purchase } = run.settings;
  const { table } = await run.timed('read', () => readInputsTogether(run, readTraining));
  const model = await run.timed('fit', async () =>
    fitPurchaseModel(table, { seed, horizonDays, currency, settings: purchase }),
  );
  return storeModel(run, model);
}
