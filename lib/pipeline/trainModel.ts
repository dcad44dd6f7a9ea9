import { takeRows } from '../features/rows.ts';
import { exceededShifts, type TableFacts } from '../features/tableShift.ts';
import { groupBy } from '../math/groupBy.ts';
import { readRun } from '../store/runs.ts';
import { readTraining } from '../tables/readTraining.ts';
import type { TableReport } from '../tables/types.ts';
import { rowsWithoutErased } from './erased.ts';
import { holdShiftedTable } from './holdShiftedTable.ts';
import { modelDatasets } from './modelDatasets.ts';
import { type FitModel, fitForRun } from './purchase/fitModel.ts';
import { storeModel } from './purchase/storeModel.ts';
import { readInputsTogether } from './readInputs.ts';
import { RunHeld } from './rejection.ts';
import type { Dataset, Run } from './run.ts';

/** `training/`: rows that say who bought become the purchase model. */
export const trainingDataset = (fit: FitModel): Dataset => ({
  name: modelDatasets.training,
  prefixes: ['training/'],
  modelFrom: null,
  lastingFiles: [],
  work: async (run) => {
    const { table, files } = await run.timed('read', () => readInputsTogether(run, readTraining));
    const fileOf = fileOfRow(files);
    const kept = withinCustomersShare(run, table.ids, rowsWithoutErased(run, { ids: table.ids, fileOf }));
    const fitted = kept === null ? table : takeRows(table, kept);
    await holdShiftedTable(run, {
      facts: labelFacts(fitted.labels),
      settings: run.settings.training.drift,
      setting: 'training.drift.acceptShift',
    });
    await holdUnlikeFile(run, table.labels, fileOf);
    return storeModel(run, await fitForRun(run, fitted, fit));
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

/** The first rows of each customer; null for all rows. */
function withinCustomersShare(
  run: Run,
  ids: readonly string[],
  rows: Uint32Array | null,
): Uint32Array | null {
  const { maxRowsPerCustomer } = run.settings.training;
  const taken = new Map<string, number>();
  const all = rows ?? Uint32Array.from(ids.keys());
  const kept = all.filter((row) => {
    const before = taken.get(ids[row] as string) ?? 0;
    taken.set(ids[row] as string, before + 1);
    return before < maxRowsPerCustomer;
  });
  if (kept.length === all.length) return rows;
  const message = `rows are beyond the ${maxRowsPerCustomer} that training.maxRowsPerCustomer allows each customer, and were left out`;
  run.amend({ notes: [{ code: 'rowsBeyondCustomersShare', message, count: all.length - kept.length }] });
  return kept;
}

const labelFacts = (labels: Uint8Array): TableFacts => ({
  rows: labels.length,
  rates: { shareOfBuyers: { count: labels.reduce((sum, label) => sum + label, 0), of: labels.length } },
});

/** One file whose buyers are of another share than all others' is more often a wrong label than another kind of customers. */
async function holdUnlikeFile(run: Run, labels: Uint8Array, fileOf: (row: number) => string): Promise<void> {
  const { drift } = run.settings.training;
  const byFile = groupBy([...labels.keys()], fileOf);
  if (byFile.size < 2) return;
  const all = labelFacts(labels);
  const buyers = all.rates.shareOfBuyers?.count ?? 0;
  const unlike = [...byFile].filter(([, rows]) => {
    const own = labelFacts(Uint8Array.from(rows, (row) => labels[row] as number));
    const count = buyers - (own.rates.shareOfBuyers?.count ?? 0);
    const others = {
      rows: all.rows - own.rows,
      rates: { shareOfBuyers: { count, of: all.rows - own.rows } },
    };
    return exceededShifts(others, own, { ...drift, maxRowShift: 1 }).length > 0;
  });
  const accepted = await filesAccepted(run, drift.acceptShift);
  const held = unlike.filter(([file]) => !accepted.includes(file));
  if (held.length === 0) return;
  throw new RunHeld(
    held.map(([file]) => ({
      code: 'unlikeFile',
      file,
      message: `the share of buyers in ${file} is far from that of all other files: what was published before stays. If it is right, set training.drift.acceptShift to "${run.plan.runId}" in settings.json; else mend the file`,
    })),
  );
}

/** Files for which the named run was held. */
async function filesAccepted({ platform }: Run, acceptShift: string | null): Promise<(string | undefined)[]> {
  const record = acceptShift === null ? null : await readRun(platform.table, acceptShift);
  return record?.status === 'held'
    ? record.problems.filter(({ code }) => code === 'unlikeFile').map(({ file }) => file)
    : [];
}
