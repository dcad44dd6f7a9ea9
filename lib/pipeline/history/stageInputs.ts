import type { DuckDb } from '../../features/duckdb.ts';
import type { Staging } from '../../features/staging/staging.ts';
import { ItemReportWaits } from '../../tables/orders/itemReports.ts';
import type { RunInput } from '../plan.ts';
import { settleEachInput } from '../readInputs.ts';
import { rejectRun } from '../rejection.ts';
import type { Run } from '../run.ts';
import { progressOf } from '../runRecorder.ts';
import { countOrdersOnce } from './countOrdersOnce.ts';
import { type StagedInput, stageInput } from './stageInput.ts';
import { stageItemReport } from './stageItems.ts';

/** Every input in canonical rows, each order in one of them. Rejects the run where none of them holds orders. */
export async function stageInputs(
  run: Run,
  { db, staging, directory }: { db: DuckDb; staging: Staging; directory: string },
): Promise<StagedInput[]> {
  const staged: StagedInput[] = [];
  const { inputs } = run.plan;
  const settle = async (input: RunInput, waited: boolean) => {
    const one = waited
      ? await stageItemReport(run, { input, db, staging, directory, staged })
      : await stageInput(run, { input, staging, directory });
    staged.push(one);
    const rows = staged.reduce((sum, { report }) => sum + report.rowsIn, 0);
    run.progress({ ...progressOf('read'), done: staged.length / inputs.length, rows });
    return one;
  };
  await settleEachInput(run, settle, { waits: (error) => error instanceof ItemReportWaits });
  if (!staged.some(({ kind }) => kind === 'orders')) {
    rejectRun(
      'noOrders',
      'events/ tells who browsed, and orders/ holds no CSV: upload an order export to orders/',
    );
  }
  const place = new Map(inputs.map(({ key }, index) => [key, index]));
  const placeOf = ({ report: { key } }: StagedInput) => place.get(key) ?? 0;
  return countOrdersOnce(
    db,
    staged.sort((a, b) => placeOf(a) - placeOf(b)),
    directory,
  );
}
