/** The folder of the uploads bucket that holds a plain table; `orders/` and `ads/` hold exports as well, and read themselves. */
export type TableKind = 'customers' | 'training' | 'scoring' | 'products';

/** One uploaded CSV. `open` starts again from the first byte at every call, so that another encoding can be tried. */
export interface TableSource {
  /** Object key in the uploads bucket, with its folder: `customers/may.csv`. */
  key: string;
  open(): AsyncIterable<Uint8Array>;
}

/** A row that is set aside: where it stood, why, and its text as it was. */
export interface RejectedRow {
  /** Physical line of the file on which the row begins, the header being line 1. */
  line: number;
  /** Header of the column at fault; null when the row as a whole is. */
  column: string | null;
  reason: string;
  raw: string;
}

/** Something the reader decided or saw that the user should know: a stated rule, and how many rows it met. */
export interface TableNote {
  code: string;
  message: string;
  count?: number;
}

/** How one file was read. Rows in = rows ok + rows quarantined. */
export interface TableReport {
  key: string;
  bytes: number;
  encoding: string;
  delimiter: string;
  /** `zh` when the header is Chinese, so that what we write back can be too. */
  language: 'en' | 'zh';
  rowsIn: number;
  rowsOk: number;
  rowsQuarantined: number;
  /** One entry per header, in file order; `readAs` is null for a column that was not used. */
  columns: { header: string; readAs: string | null }[];
  notes: TableNote[];
}

/** The file as a whole cannot be read as this table; `message` says what, where and what to do. */
export class TableRejected extends Error {
  override readonly name = 'TableRejected';
  constructor(
    readonly key: string,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface ReadTable<Row> {
  rows: Row[];
  rejected: RejectedRow[];
  report: TableReport;
}

/** One customer of a summary table. Money in the shop's currency, major units. */
export interface CustomerRow {
  customerId: string;
  spend: number;
  /** Orders, or orders per period: whatever the table counts. */
  frequency: number;
  browsingMinutes: number;
}

/** One product of the shop's catalogue; null where the table does not say. Money in the shop's currency, major units. */
export interface ProductRow {
  product: string;
  name: string | null;
  category: string | null;
  price: number | null;
  cost: number | null;
  /** Units that can be sold now. */
  stock: number | null;
  leadTimeDays: number | null;
}

/** One advertisement. Counts are null where the table gives rates alone; a rate over nothing is null. */
export interface AdRow {
  adId: string;
  impressions: number | null;
  clicks: number | null;
  conversions: number | null;
  /** Clicks per impression, 0 to 1. */
  clickRate: number | null;
  /** Conversions per click; may pass 1 where conversions without a click are counted. */
  conversionRate: number | null;
  /** In the shop's currency, major units. */
  spend: number;
}

export type FeatureKind = 'numeric' | 'boolean' | 'categorical';

/** One column of a feature table; `null` is a missing value. Booleans are 0 and 1. */
export type FeatureColumn =
  | { name: string; kind: 'numeric' | 'boolean'; values: (number | null)[] }
  | { name: string; kind: 'categorical'; values: (string | null)[] };

/** Rows with features by column: `ids[i]`, `columns[j].values[i]`, `labels[i]` belong together. */
export interface FeatureTable {
  ids: string[];
  columns: FeatureColumn[];
}

export interface TrainingTable extends FeatureTable {
  /** 1 bought, 0 did not; one per row. */
  labels: Uint8Array;
}
