import type { DuckDb } from '../../features/duckdb.ts';
import { settleEachInput } from '../readInputs.ts';
import { rejectRun } from '../rejection.ts';
import type { Run } from '../run.ts';
import { progressOf } from '../runRecorder.ts';
import { type StagedInput, stageInput } from './stageInput.ts';

/** Every input in canonical rows. Rejects the run where none of them holds orders. */
export async function stageInputs(run: Run, db: DuckDb, directory: string): Promise<StagedInput[]> {
  const staged: StagedInput[] = [];
  const { inputs } = run.plan;
  await settleEachInput(run, async (input) => {
    const one = await stageInput(run, { input, db, directory });
    staged.push(one);
    const rows = staged.reduce((sum, { report }) => sum + report.rowsIn, 0);
    run.progress({ ...progressOf('read'), done: staged.length / inputs.length, rows });
    return one;
  });
  if (!staged.some(({ kind }) => kind === 'orders')) {
    rejectRun(
      'noOrders',
      'events/ tells who browsed, and orders/ holds no CSV: upload an order export to orders/',
    );
  }
  return staged;
}
