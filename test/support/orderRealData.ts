import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type DuckDb, sqlText } from '../../lib/features/duckdb.ts';

const data = (path: string): string =>
  fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url));

const onlineRetail = data('online-retail/online_retail.csv.gz');
const cdnow = { sample: data('cdnow/sample.csv'), master: data('cdnow/master.txt') };

export const onlineRetailIsThere = existsSync(onlineRetail);
export const cdnowIsThere = existsSync(cdnow.sample) && existsSync(cdnow.master);

/** UCI Online Retail (D. Chen 2015, doi 10.24432/C5BW33, CC BY 4.0) as the table `order_history`, and raw as `retail`. */
export async function loadOnlineRetail(db: DuckDb, directory: string): Promise<void> {
  const copy = join(directory, 'online_retail.csv');
  writeFileSync(copy, gunzipSync(readFileSync(onlineRetail)));
  await db.run(`CREATE TABLE retail AS SELECT *, ROW_NUMBER() OVER () + 1 AS source_line FROM read_csv(${sqlText(copy)},
    header = true, quote = '"', escape = '"', delim = ',', nullstr = '', columns = {InvoiceNo: 'VARCHAR', StockCode: 'VARCHAR',
    Description: 'VARCHAR', Quantity: 'BIGINT', InvoiceDate: 'TIMESTAMP', UnitPrice: 'DECIMAL(12, 3)', CustomerID: 'VARCHAR',
    Country: 'VARCHAR'}, parallel = false)`);
  await db.run(`CREATE TABLE order_history AS SELECT
      CustomerID AS customer_id, InvoiceNo AS order_id,
      CAST(epoch(InvoiceDate) AS BIGINT) AS ordered_at,
      CAST(InvoiceDate AS DATE) - DATE '1970-01-01' AS ordered_day,
      hour(InvoiceDate) AS ordered_hour,
      StockCode AS product, NULL AS category, CAST(Quantity AS DOUBLE) AS quantity,
      CAST(round(Quantity * UnitPrice * 100) AS BIGINT) AS amount, NULL AS discount, Country AS country, NULL AS channel,
      CASE WHEN InvoiceNo LIKE 'C%' THEN 'return' ELSE 'sale' END AS status, 1 AS source_file, source_line
    FROM retail`);
}

/** CDNOW (Fader & Hardie, brucehardie.com) as the table `order_history`: a line per purchase, no order ids, days only. */
export async function loadCdnow(db: DuckDb, directory: string, which: 'sample' | 'master'): Promise<void> {
  const [, ...lines] = readFileSync(cdnow[which], 'utf8').trim().split(/\r?\n/);
  const cells = lines.map((line) => line.trim().split(which === 'sample' ? ',' : /\s+/));
  const copy = join(directory, `${which}.csv`);
  // The sample's first column is the customer's number in the master; amounts are its last one.
  writeFileSync(copy, cells.map((row) => [row[0], row.at(-3), row.at(-1)].join(',')).join('\n'));
  await db.run(`CREATE OR REPLACE TABLE order_history AS
    SELECT customer_id, NULL AS order_id, CAST(day AS BIGINT) * 86400 AS ordered_at, day AS ordered_day,
      NULL AS ordered_hour, NULL AS product, NULL AS category, NULL AS quantity,
      CAST(round(dollars * 100) AS BIGINT) AS amount, NULL AS discount, NULL AS country, NULL AS channel, 'sale' AS status,
      1 AS source_file, ROW_NUMBER() OVER () + 1 AS source_line
    FROM (SELECT customer_id, CAST(strptime(date, '%Y%m%d') AS DATE) - DATE '1970-01-01' AS day, dollars
      FROM read_csv(${sqlText(copy)}, header = false, delim = ',',
        columns = {customer_id: 'VARCHAR', date: 'VARCHAR', dollars: 'DECIMAL(12, 2)'}))`);
}

/** Days since 1970-01-01. */
export const dayNumber = (isoDate: string): number => Date.parse(`${isoDate}T00:00:00Z`) / 86_400_000;
