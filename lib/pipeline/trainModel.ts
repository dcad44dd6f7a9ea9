import { takeRows } from '../features/rows.ts';
import { readTraining } from '../tables/readTraining.ts';
import type { TableReport } from '../tables/types.ts';
import { rowsWithoutErased } from './erased.ts';
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
    const { table, files } = await run.timed('read', () => readInputsTogether(run, readTraining));
    const kept = rowsWithoutErased(run, { ids: table.ids, fileOf: fileOfRow(files) });
    return storeModel(run, await fitForRun(run, kept === null ? table : takeRows(table, kept), fit));
  },
});

/** The rows of all files stand one after the other. */
function fileOfRow(files: readonly { report: TableReport }[]): (row: number) => string {
  return (row) => {
    let first = 0;
    for (const { report } of files) {
      first += report.rowsOk;
      if (row < first) return report.key;
    }
    throw new Error(`fileOfRow: row ${row} is beyond the ${first} rows of ${files.length} files`);
  };
}
