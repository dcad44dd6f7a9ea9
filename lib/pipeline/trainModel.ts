import { readTraining } from '../tables/readTraining.ts';
import { modelDatasets } from './modelDatasets.ts';
import { type FitModel, fitForRun } from './purchase/fitModel.ts';
import { storeModel } from './purchase/storeModel.ts';
import { readInputsTogether } from './readInputs.ts';
import type { Dataset } from './run.ts';

/** `training/`: rows that say who bought become the purchase model. */
export const trainingDataset = (fit: FitModel): Dataset => ({
  name: modelDatasets.training,
  prefixes: ['training/'],
  modelFrom: null,
  lastingFiles: [],
  work: async (run) => {
    const { table } = await run.timed('read', () => readInputsTogether(run, readTraining));
    return storeModel(run, await fitForRun(run, table, fit));
  },
});
