import { type Cutoff, computeOrderFeatures } from '../../lib/features/computeOrderFeatures.ts';
import type { DuckDb, SqlValue } from '../../lib/features/duckdb.ts';
import { orderFeatures } from '../../lib/features/orderFeatures.ts';
import type { PurchaseRows } from '../../lib/models/purchaseRows.ts';
import type { FeatureColumn } from '../../lib/tables/types.ts';

/** Columns of all customers at all cutoffs, from the table `order_history`. */
export type Examples = Map<string, SqlValue[]>;

export async function examplesOf(
  db: DuckDb,
  { cutoffs, newestDay }: { cutoffs: readonly Cutoff[]; newestDay: number },
): Promise<Examples> {
  const found: Examples = new Map();
  await computeOrderFeatures(db, {
    buckets: [{ orders: { table: 'order_history' }, events: null }],
    cutoffs,
    newestAt: (newestDay + 1) * 86_400,
    onBucket: async () => {
      const { names, values } = await db.columns(
        'SELECT * FROM customer_features ORDER BY last_day, customer_id',
      );
      for (const [at, name] of names.entries()) found.set(name, values[at] ?? []);
    },
  });
  return found;
}

/** Customers with the features of some days and the labels of others, which should be the same days. */
export function rowsAt(
  examples: Examples,
  { features, labels = features }: { features: readonly number[]; labels?: readonly number[] },
): PurchaseRows {
  const column = (name: string): SqlValue[] => examples.get(name) ?? [];
  const days = column('last_day').map(Number);
  const rowsOf = (wanted: readonly number[]): number[] =>
    [...days.keys()].filter((row) => wanted.includes(days[row] as number));
  const rows = rowsOf(features);
  return {
    ids: rows.map((row) => String(column('customer_id')[row])),
    columns: orderFeatures.map(({ name, type }) => {
      const kind = type === 'text' ? 'categorical' : 'numeric';
      return { name, kind, values: rows.map((row) => column(name)[row] ?? null) } as FeatureColumn;
    }),
    labels: Uint8Array.from(rowsOf(labels), (row) => Number(column('label_bought')[row])),
    cutoffs: rows.map((row) => isoDate(labels[features.indexOf(days[row] as number)] as number)),
  };
}

const isoDate = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
