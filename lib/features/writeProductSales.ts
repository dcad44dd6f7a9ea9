import { type DuckDb, readStatements, sqlText } from './duckdb.ts';

/** The sales of the bucket whose ledger the connection holds, in a Parquet file: to be called from `onBucket` of computeOrderFeatures. */
export async function writeProductSales(db: DuckDb, parquetPath: string): Promise<void> {
  for (const statement of readStatements('sales'))
    await db.run(statement.replace(/\bCREATE VIEW\b/, 'CREATE OR REPLACE TEMP VIEW'));
  const sales = 'SELECT * FROM product_sales ORDER BY customer_id NULLS LAST, sale_day, product, known_day';
  await db.run(`COPY (${sales}) TO ${sqlText(parquetPath)} (FORMAT parquet)`);
}
