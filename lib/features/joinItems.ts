import { stagedOrderColumns } from './canonicalColumns.ts';
import { type DuckDb, sqlText } from './duckdb.ts';
import { stagedSql, writeStaged } from './stagedParquet.ts';

export interface JoinedItems {
  /** Orders whose lines are now those of their articles. */
  orders: number;
  /** Physical lines of the item report whose orders are in no order report, and which tell neither customer nor time themselves. */
  withoutOrder: { line: number; orderId: string | null }[];
}

/**
 * Makes order lines of the articles of an item report and of the orders that order reports tell: customer, time, state and money are the
 * order's, its value being spread over its articles. Of an order that comes again the last row of the last report counts. Rows of the item
 * report that tell customer and time themselves, and whose order is in no order report, stay as they are.
 */
export async function joinItems(
  db: DuckDb,
  {
    items,
    orderReports,
    path,
  }: {
    /** Pattern of the staged files of the item report. */
    items: string;
    /** The same of each order report, in the order in which later ones count. */
    orderReports: readonly string[];
    /** Of the staged file to write. */
    path: string;
  },
): Promise<JoinedItems> {
  await db.run(`CREATE OR REPLACE TEMP TABLE item_lines AS SELECT * FROM read_parquet(${sqlText(items)})`);
  await db.run(`CREATE OR REPLACE TEMP TABLE order_lines_of_items AS ${lastRows(orderReports)}`);
  await db.run(`CREATE OR REPLACE TEMP TABLE articles AS ${articles}`);
  const names = Object.keys(stagedOrderColumns).join(', ');
  const lines = `SELECT ${names} FROM (${shares}) UNION ALL SELECT ${names} FROM item_lines WHERE ${isAlone} AND ordered_at IS NOT NULL`;
  await writeStaged(db, `SELECT ${stagedSql(stagedOrderColumns)} FROM (${lines})`, path);
  const [counted] = await db.rows('SELECT COUNT(DISTINCT order_id) AS orders FROM order_lines_of_items');
  const lost = await db.rows(
    `SELECT DISTINCT source_line, order_id FROM item_lines WHERE ${isAlone} AND ordered_at IS NULL ORDER BY source_line`,
  );
  for (const table of ['item_lines', 'order_lines_of_items', 'articles'])
    await db.run(`DROP TABLE temp.${table}`);
  return {
    orders: Number(counted?.orders),
    withoutOrder: lost.map(({ source_line, order_id }) => ({
      line: Number(source_line),
      orderId: order_id === null ? null : String(order_id),
    })),
  };
}

/** Writes the lines of a staged file but for the orders that others have. */
export const leaveOutOrders = (
  db: DuckDb,
  { from, inOthers, path }: { from: string; inOthers: readonly string[]; path: string },
): Promise<void> =>
  writeStaged(
    db,
    `SELECT * FROM read_parquet(${sqlText(from)})
     WHERE order_id IS NULL OR order_id NOT IN (
       SELECT order_id FROM read_parquet([${inOthers.map(sqlText).join(', ')}]) WHERE order_id IS NOT NULL
     )`,
    path,
  );

const isAlone =
  '(order_id IS NULL OR order_id NOT IN (SELECT order_id FROM order_lines_of_items WHERE order_id IS NOT NULL))';

/** The lines that the last row of each order made: a sale, a sale and its return, or one that is neither. */
function lastRows(orderReports: readonly string[]): string {
  const all = orderReports.map(
    (pattern, file) => `SELECT *, ${file} AS report FROM read_parquet(${sqlText(pattern)})`,
  );
  if (all.length === 0) return 'SELECT * FROM item_lines WHERE FALSE';
  return `SELECT * EXCLUDE (choice) FROM (
    SELECT *, RANK() OVER (PARTITION BY order_id ORDER BY report DESC, source_line DESC) AS choice
    FROM (${all.join(' UNION ALL ')})
    WHERE order_id IN (SELECT order_id FROM item_lines)
  ) WHERE choice = 1`;
}

/** One row for each article of an order. Equal lines of one order would be taken for copies of each other. */
const articles = `
  SELECT
    order_id, product, MIN(source_line) AS article_line,
    COUNT(*) FILTER (WHERE status = 'sale') > 0 AS is_sold,
    SUM(quantity) FILTER (WHERE status = 'sale') AS sold_quantity,
    SUM(quantity) FILTER (WHERE status <> 'return') AS quantity,
    COALESCE(SUM(GREATEST(amount, 0)) FILTER (WHERE status = 'sale'), 0) AS paid,
    COALESCE(SUM(ABS(amount)) FILTER (WHERE status = 'return'), 0) AS refunded,
    COALESCE(SUM(ABS(amount)) FILTER (WHERE status <> 'return'), 0) AS listed
  FROM item_lines
  WHERE order_id IN (SELECT order_id FROM order_lines_of_items)
  GROUP BY order_id, product`;

/**
 * A line's amount A over weights w in their order: the share of the i-th is ⌊A(w₁+…+wᵢ)/W⌋ − ⌊A(w₁+…+wᵢ₋₁)/W⌋, so that shares add up to A,
 * and none is off by a minor unit or more. An article that was closed has no part in what was sold beside it.
 */
const shares = `
  WITH totals AS (
    SELECT order_id, BOOL_OR(is_sold) AS any_sold, SUM(paid) AS paid, SUM(refunded) AS refunded, SUM(listed) AS listed
    FROM articles GROUP BY order_id
  ),
  weighed AS (
    SELECT
      line.* EXCLUDE (product, quantity), article.product, article.article_line,
      line.status <> 'sale' OR article.is_sold OR NOT totals.any_sold AS takes_part,
      CASE WHEN line.status = 'sale' AND article.is_sold THEN article.sold_quantity ELSE article.quantity END AS quantity,
      CAST(CASE
        WHEN line.status = 'return' AND totals.refunded > 0 THEN article.refunded
        WHEN line.status IN ('sale', 'return') AND totals.any_sold AND NOT article.is_sold THEN 0
        WHEN line.status IN ('sale', 'return') AND totals.any_sold THEN CASE WHEN totals.paid > 0 THEN article.paid ELSE 1 END
        WHEN totals.listed > 0 THEN article.listed
        ELSE 1
      END AS HUGEINT) AS weight
    FROM order_lines_of_items AS line
    JOIN articles AS article ON article.order_id = line.order_id
    JOIN totals ON totals.order_id = line.order_id
  ),
  placed AS (
    SELECT
      *,
      SUM(weight) OVER (PARTITION BY order_id, status) AS total_weight,
      COALESCE(SUM(weight) OVER (
        PARTITION BY order_id, status ORDER BY article_line, product
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ), 0) AS weight_before
    FROM weighed
  ),
  shared AS (
    SELECT
      *,
      CAST(SIGN(amount) * (
        CAST(ABS(amount) AS HUGEINT) * (weight_before + weight) // total_weight
        - CAST(ABS(amount) AS HUGEINT) * weight_before // total_weight
      ) AS BIGINT) AS share
    FROM placed
  ),
  returned AS (
    SELECT *, MAX(CASE WHEN status = 'sale' THEN share END) OVER (PARTITION BY order_id, article_line) AS sale_share
    FROM shared
  )
  SELECT
    customer_id, order_id, ordered_at, ordered_day, ordered_hour, product, NULL AS category,
    CASE
      WHEN status <> 'return' THEN quantity
      WHEN -share = sale_share THEN -ABS(quantity)
    END AS quantity,
    share AS amount, NULL AS discount, country, channel,
    CASE WHEN takes_part THEN status ELSE 'cancelled' END AS status,
    article_line AS source_line, currency
  FROM returned
  WHERE status <> 'return' OR share <> 0`;
