import { scoringHeaderTest } from './featureLayout.ts';
import { type FeatureSpec, FeatureTaker } from './featureRows.ts';
import { readRowsWithNumbers } from './numberCells.ts';
import type { FeatureTable, RejectedRow, TableReport, TableSource } from './types.ts';

/** Rows to be scored, with the columns that the model was trained on, in its order and of its kinds. */
export async function readScoring(
  source: TableSource,
  { columns }: { columns: readonly FeatureSpec[] },
): Promise<{ table: FeatureTable; rejected: RejectedRow[]; report: TableReport }> {
  const { taker, rejected, report } = await readRowsWithNumbers(
    source,
    (table, numbers) => new FeatureTaker(table, { kind: 'scoring', specs: columns, numbers }),
    { isHeader: scoringHeaderTest(columns.map(({ name }) => name)) },
  );
  return { table: { ids: taker.ids, columns: taker.columns }, rejected, report };
}
