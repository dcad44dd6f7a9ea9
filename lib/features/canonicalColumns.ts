/** Names and SQL types of the canonical rows: what `ledger.sql` and `features.sql` read of them. */
export type CanonicalColumns = Record<string, 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'SMALLINT' | 'DOUBLE'>;

export const orderColumns: CanonicalColumns = {
  customer_id: 'VARCHAR',
  order_id: 'VARCHAR',
  ordered_at: 'BIGINT',
  ordered_day: 'INTEGER',
  ordered_hour: 'SMALLINT',
  product: 'VARCHAR',
  category: 'VARCHAR',
  quantity: 'DOUBLE',
  amount: 'BIGINT',
  discount: 'BIGINT',
  country: 'VARCHAR',
  channel: 'VARCHAR',
  status: 'VARCHAR',
  source_line: 'BIGINT',
};

export const eventColumns: CanonicalColumns = {
  customer_id: 'VARCHAR',
  session_id: 'VARCHAR',
  occurred_day: 'INTEGER',
  minutes: 'DOUBLE',
  kind: 'VARCHAR',
};

/** Columns of staged files; each has the customer's `bucket` too, by which its rows are sorted. */
export const stagedOrderColumns: CanonicalColumns = { ...orderColumns, currency: 'VARCHAR' };
export const stagedEventColumns: CanonicalColumns = {
  ...eventColumns,
  occurred_at: 'BIGINT',
  channel: 'VARCHAR',
};
