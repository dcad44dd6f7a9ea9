import { orderFeatures } from '../../features/orderFeatures.ts';
import { type ParquetValue, readParquet } from '../../features/readParquet.ts';
import type { PurchaseRows } from '../../models/purchaseRows.ts';
import { readBytes } from '../../store/objects.ts';
import { isoDay } from '../../tables/cells/calendar.ts';
import type { FeatureColumn, FeatureTable } from '../../tables/types.ts';
import { keptPlaces } from '../erased.ts';
import type { Platform } from '../platform.ts';
import type { Run } from '../run.ts';

/** What of a run reading takes. */
type Reader = Pick<Run, 'platform' | 'erased'>;

/** Customers' features as a run of `orders` left them in a Parquet file, without those who were erased since. */
export async function readFeatureTable(run: Reader, key: string): Promise<FeatureTable> {
  return tableOf((await readKept(run, key)).columns);
}

/** The same with labels, at several cutoffs. */
export async function readExamples(run: Reader, key: string): Promise<Required<PurchaseRows>> {
  const { columns } = await readKept(run, key);
  const column = (name: string): ParquetValue[] => columns.get(name) ?? missing(key, name);
  return {
    ...tableOf(columns),
    labels: Uint8Array.from(column('label_bought') as number[]),
    cutoffs: column('last_day').map((day) => isoDay(Number(day))),
  };
}

async function readKept({ platform, erased }: Reader, key: string): ReturnType<typeof readFile> {
  const { columns, ...file } = await readFile(platform, key);
  const ids = (columns.get('customer_id') ?? missing(key, 'customer_id')).map(String);
  const kept = keptPlaces(erased, ids);
  if (kept.length === ids.length) return { columns, ...file };
  const take = (values: ParquetValue[]) => Array.from(kept, (place) => values[place] as ParquetValue);
  return { ...file, columns: new Map(Array.from(columns, ([name, values]) => [name, take(values)])) };
}

async function readFile(
  { objects, resultsBucket: bucket }: Platform,
  key: string,
): Promise<Awaited<ReturnType<typeof readParquet>>> {
  const bytes = await readBytes(objects, { bucket, key });
  if (bytes === null)
    throw new Error(`${key} is gone from the results bucket; the next run of orders/ writes it again`);
  return readParquet(bytes);
}

function tableOf(columns: Map<string, ParquetValue[]>): FeatureTable {
  const column = (name: string): ParquetValue[] => columns.get(name) ?? missing('the Parquet file', name);
  return {
    ids: column('customer_id').map(String),
    columns: orderFeatures.map(
      ({ name, type }): FeatureColumn =>
        type === 'text'
          ? { name, kind: 'categorical', values: column(name) as (string | null)[] }
          : { name, kind: 'numeric', values: column(name).map(asFloat) },
    ),
  };
}

/** Examples are stored as FLOAT, and what is scored must not differ from what was fitted to. */
const asFloat = (value: ParquetValue): number | null =>
  value === null ? null : Math.fround(value as number);

function missing(key: string, name: string): never {
  throw new Error(`${key} has no column ${name}`);
}
