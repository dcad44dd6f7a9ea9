import { createHash } from 'node:crypto';
import { stageEvents, stageOrderLines } from '../../features/staging/stage.ts';
import type { Staging } from '../../features/staging/staging.ts';
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
  /** All that its rows depend on, as a hash. */
  name: string;
  /** A pattern for one file or several, which hold its rows together. */
  parquetPath: string;
  /** Which layout it was recognised as; null for events. */
  layout: string | null;
}

/** What is kept beside a staged file, so that the file need not be read again to tell how it was read. */
type StagedFacts = SettledReading &
  Pick<StagedInput, 'layout'> & { files: number; erased: { idHash: string; rows: number }[] };

export const eventsPrefix = 'events/';

/**
 * Reads an input into Parquet, or takes the Parquet that an earlier run made of the same bytes under the same settings and code: when
 * a file joins a large folder, it alone is read.
 */
export async function stageInput(
  run: Run,
  { input, staging, directory }: { input: RunInput; staging: Staging; directory: string },
): Promise<StagedInput> {
  const kind = input.key.startsWith(eventsPrefix) ? 'events' : 'orders';
  const place = { name: stagedName(run, input), input, directory, kind } as const;
  return stageUnder(run, place, (path, erased) => readInto(run, { input, staging, kind, path, erased }));
}

/** What a file was read into: its rows are in files on this machine's disk. */
export type StagedReading = FileReading & Pick<StagedInput, 'layout'> & { files: string[] };

/** Takes up what is kept under the name, or reads the input into files that begin with the path which `read` is given, and keeps them. */
export async function stageUnder(
  run: Run,
  {
    name,
    input,
    directory,
    kind,
  }: { name: string; input: RunInput; directory: string; kind: StagedInput['kind'] },
  read: (path: string, erased: Map<string, number>) => Promise<StagedReading>,
): Promise<StagedInput> {
  const { objects, resultsBucket: bucket } = run.platform;
  const path = `${directory}/${name}`;
  const parquetPath = `${path}-*.parquet`;
  const key = stagedKey(name);
  const known = await readText(objects, { bucket, key: `${key}.json` });
  if (known !== null) {
    const facts = JSON.parse(known) as StagedFacts;
    if (await fetchStaged(run, { key, path, files: facts.files })) {
      tellErased(run, { file: input.key, erased: facts.erased });
      return { ...facts, kind, name, parquetPath };
    }
  }
  // Kept under its name, it is not read again by an invocation that goes on.
  const facts = await run.platform.pace.unit(() =>
    stageAnew(run, { name, read: (erased) => read(path, erased) }),
  );
  tellErased(run, { file: input.key, erased: facts.erased });
  return { ...facts, kind, name, parquetPath };
}

async function stageAnew(
  run: Run,
  { name, read }: { name: string; read: (erased: Map<string, number>) => Promise<StagedReading> },
): Promise<StagedFacts> {
  const { objects, resultsBucket: bucket } = run.platform;
  const key = stagedKey(name);
  const erased = new Map<string, number>();
  const { layout, files, ...reading } = await read(erased);
  const facts: StagedFacts = {
    ...(await settled(run, reading, { readingId: name })),
    layout,
    files: files.length,
    erased: Array.from(erased, ([idHash, rows]) => ({ idHash, rows })),
  };
  for (const [index, from] of files.entries()) {
    await storeFile(objects, {
      bucket,
      key: `${key}-${index}.parquet`,
      path: from,
      contentType: 'application/vnd.apache.parquet',
    });
  }
  await putObject(objects, {
    bucket,
    key: `${key}.json`,
    body: JSON.stringify(facts),
    contentType: 'application/json',
  });
  return facts;
}

const stagedKey = (name: string): string => `staged/${name}`;

function tellErased(
  run: Run,
  { file, erased }: { file: string; erased: readonly { idHash: string; rows: number }[] },
): void {
  for (const one of erased) run.foundErased({ file, ...one });
}

/** Answers whether all of them were there. */
async function fetchStaged(
  { platform: { objects, resultsBucket: bucket } }: Run,
  { key, path, files }: { key: string; path: string; files: number },
): Promise<boolean> {
  for (let index = 0; index < files; index++) {
    const file = { bucket, key: `${key}-${index}.parquet` };
    if (!(await fetchToFile(objects, file, `${path}-${index}.parquet`))) return false;
  }
  return true;
}

/** All that the rows of a staged file depend on. */
export function stagedName({ settings, platform, erased }: Run, { key, etag }: RunInput): string {
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
        ...(erased.digest === null ? [] : [erased.digest]),
      ]),
    )
    .digest('hex')
    .slice(0, 32);
}

async function readInto(
  run: Run,
  {
    input,
    staging,
    kind,
    path,
    erased,
  }: {
    input: RunInput;
    staging: Staging;
    kind: StagedInput['kind'];
    path: string;
    /** Rows by hash of who was left out; filled here. */
    erased: Map<string, number>;
  },
): Promise<StagedReading> {
  const source = sourceOf(run, input);
  const leavesOut = leavesOutErased(run, erased);
  if (kind === 'events') {
    const stage = stageEvents(staging, { path, leavesOut });
    const { report, rejected } = await readEvents(source, { timeZone: run.settings.timeZone }, stage);
    return { report, rejected, layout: null, files: await stage.end() };
  }
  const stage = stageOrderLines(staging, { path, leavesOut });
  const { report, rejected, layout } = await readOrders(source, orderOptions(run), stage);
  return { report, rejected, layout, files: await stage.end() };
}

export const orderOptions = ({ settings }: Run) => ({
  timeZone: settings.timeZone,
  currency: settings.currency,
  rates: settings.orders.rates,
});

/** Counts, by the hash of their id, the rows of those who are left out. */
export function leavesOutErased({ erased: { digest, hashOf } }: Run, found: Map<string, number>) {
  if (digest === null) return undefined;
  return (customerId: string, rows: number): boolean => {
    const idHash = hashOf(customerId);
    if (idHash !== null) found.set(idHash, rows + (found.get(idHash) ?? 0));
    return idHash !== null;
  };
}
