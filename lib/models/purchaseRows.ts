import * as z from 'zod/mini';
import type { TrainingTable } from '../tables/types.ts';

/** What a purchase model is fitted to. `ids` are customers: the same one may stand at several cutoffs. */
export interface PurchaseRows extends TrainingTable {
  /**
   * The last day that each row's features read, ISO 8601; labels are of the days after it. With two or more different days
   * the latest is held out. Absent for a table without time.
   */
  cutoffs?: readonly string[];
}

const columnName = z.nullable(z.string());

/** Columns that baselines and BG/NBD need, by name; null where the table has none. Days, amounts and counts. */
export const columnRolesSchema = z.object({
  /** Days since the last purchase: `days_since_last`. */
  recency: columnName,
  spend: columnName,
  /** Orders: the F of RFM. */
  orders: columnName,
  /** x, t_x and T of BTYD models: `frequency`, `recency_days`, `age_days`. */
  history: z.nullable(z.object({ frequency: z.string(), recency: z.string(), age: z.string() })),
});
export type ColumnRoles = z.infer<typeof columnRolesSchema>;
