import { createHash } from 'node:crypto';
import type { DuckDb } from '../../features/duckdb.ts';
import { stageEvents, stageOrderLines } from '../../features/stage.ts';
import { fetchToFile, storeFile } from '../../store/files.ts';
import { putObject, readText } from '../../store/objects.ts';
import { readEvents } from '../../tables/orders/readEvents.ts';
import { readOrders } from '../../tables/orders/readOrders.ts';
import type { RunInput } from '../plan.ts';
import { type FileReading, type SettledReading, settled, sourceOf } from '../readInputs.ts';
import type { Run } from '../run.ts';

/** One input in canonical rows, as Parquet on this machine's disk. */
export interface StagedInput extends SettledReading {
  kind: 'orders' | 'events';
  parquetPath: string;
  /** Which layout it was recognised as; null for events. */
  layout: string | null;
}

/** What is kept beside a staged file, so that the file need not be read again to tell how it was read. */
type StagedFacts = SettledReading & Pick<StagedInput, 'layout'>;

export const eventsPrefix = 'events/';

/**
 * Reads an input into Parquet, or takes the Parquet that an earlier run made of the same bytes under the same settings and code: when
 * a file joins a large folder, it alone is read.
 */
export async function stageInput(
  run: Run,
  { input, db, directory }: { input: RunInput; db: DuckDb; directory: string },
): Promise<StagedInput> {
  const { objects, resultsBucket: bucket } = run.platform;
  const kind = input.key.startsWith(eventsPrefix) ? 'events' : 'orders';
  const name = stagedName(run, input);
  const parquetPath = `${directory}/${name}.parquet`;
  const key = `staged/${name}`;
  const known = await readText(objects, { bucket, key: `${key}.json` });
  if (known !== null && (await fetchToFile(objects, { bucket, key: `${key}.parquet` }, parquetPath))) {
    return { ...(JSON.parse(known) as StagedFacts), kind, parquetPath };
  }
  const { layout, ...reading } = await readInto(run, { input, db, kind, parquetPath });
  const facts: StagedFacts = { ...(await settled(run, reading)), layout };
  await storeFile(objects, {
    bucket,
    key: `${key}.parquet`,
    path: parquetPath,
    contentType: 'application/vnd.apache.parquet',
  });
  await putObject(objects, {
    bucket,
    key: `${key}.json`,
    body: JSON.stringify(facts),
    contentType: 'application/json',
  });
  return { ...facts, kind, parquetPath };
}

/** All that the rows of a staged file depend on. */
function stagedName({ settings, platform }: Run, { key, etag }: RunInput): string {
  const { timeZone, currency, orders } = settings;
  return createHash('sha256')
    .update(
      JSON.stringify([
        key,
        etag,
        timeZone,
        currency,
        Object.entries(orders.rates).sort(),
        platform.codeVersion,
      ]),
    )
    .digest('hex')
    .slice(0, 32);
}

async function readInto(
  run: Run,
  {
    input,
    db,
    kind,
    parquetPath,
  }: { input: RunInput; db: DuckDb; kind: StagedInput['kind']; parquetPath: string },
): Promise<FileReading & { layout: string | null }> {
  const { timeZone, currency, orders } = run.settings;
  const source = sourceOf(run, input);
  if (kind === 'events') {
    const stage = stageEvents(db);
    const { report, rejected } = await readEvents(source, { timeZone }, stage);
    await stage.write(parquetPath);
    return { report, rejected, layout: null };
  }
  const stage = stageOrderLines(db);
  const { report, rejected, layout } = await readOrders(
    source,
    { timeZone, currency, rates: orders.rates },
    stage,
  );
  await stage.write(parquetPath);
  return { report, rejected, layout };
}
