import { putObject } from '../store/objects.ts';
import { type Cell, writeCsv } from '../tables/csv.ts';
import { type Run, runObjectKey } from './run.ts';

/** Stores a table among the run's objects. */
export async function putCsv(
  { platform, plan }: Run,
  name: string,
  {
    header,
    rows,
    bom = false,
  }: { header: readonly string[]; rows: readonly (readonly Cell[])[]; bom?: boolean },
): Promise<void> {
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key: runObjectKey(plan, name),
    body: writeCsv(header, rows, { bom }),
    contentType: 'text/csv; charset=utf-8',
  });
}
