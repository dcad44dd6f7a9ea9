-- What a history of order lines is like, before the ledger judges it.
--
--   reads    quality_lines (canonical order lines), quality_settings(newest_at)
--   creates  quality_totals    one row: lines, money, and values and different values of the columns that identify
--            quality_days      lines per day, and sales among them whose time has come
--            quality_hours     lines per hour of the day
--            quality_mix       per column that sorts into kinds: how many kinds, and the most frequent
--            quality_measures  per column that measures: lines per value cut to three significant digits
--            quality_copies    duplicates among lines without a customer, for which the ledger does not look
--
-- All sums are of integers, so no order of adding moves them. APPROX_COUNT_DISTINCT is the name in DuckDB and Spark, in Trino
-- it is approx_distinct; no order of lines moves it either.

CREATE TABLE quality_totals AS
SELECT
  COUNT(*) AS line_count,
  COUNT(customer_id) AS customer_id_present,
  COUNT(order_id) AS order_id_present,
  COUNT(product) AS product_present,
  COUNT(ordered_at) AS ordered_at_present,
  APPROX_COUNT_DISTINCT(customer_id) AS customer_id_distinct,
  APPROX_COUNT_DISTINCT(order_id) AS order_id_distinct,
  APPROX_COUNT_DISTINCT(product) AS product_distinct,
  APPROX_COUNT_DISTINCT(ordered_at) AS ordered_at_distinct,
  MIN(ordered_at) AS ordered_at_min,
  MAX(ordered_at) AS ordered_at_max,
  CAST(COALESCE(SUM(amount) FILTER (WHERE status IN ('sale', 'return')), 0) AS BIGINT) AS revenue,
  CAST(COALESCE(SUM(amount) FILTER (WHERE status IN ('sale', 'return') AND customer_id IS NULL), 0) AS BIGINT)
    AS revenue_without_customer,
  COUNT(*) FILTER (WHERE status = 'sale' AND (quantity < 0 OR amount < 0)) AS negative_sales
FROM quality_lines;

CREATE TABLE quality_days AS
SELECT
  line.ordered_day,
  COUNT(*) AS line_count,
  COUNT(*) FILTER (WHERE line.status = 'sale' AND line.ordered_at <= settings.newest_at) AS sale_lines
FROM quality_lines AS line
CROSS JOIN quality_settings AS settings
GROUP BY line.ordered_day;

CREATE TABLE quality_hours AS
SELECT ordered_hour, COUNT(*) AS line_count
FROM quality_lines
GROUP BY ordered_hour;

CREATE TABLE quality_mix AS
WITH combined AS (
  SELECT currency, country, channel, status, COUNT(*) AS line_count, SUM(amount) AS amount
  FROM quality_lines
  GROUP BY currency, country, channel, status
),
counted AS (
  SELECT 'category' AS name, category AS value, COUNT(*) AS line_count, SUM(amount) AS amount
  FROM quality_lines GROUP BY category
  UNION ALL
  SELECT 'currency' AS name, currency AS value, SUM(line_count) AS line_count, SUM(amount) AS amount
  FROM combined GROUP BY currency
  UNION ALL
  SELECT 'country' AS name, country AS value, SUM(line_count) AS line_count, SUM(amount) AS amount
  FROM combined GROUP BY country
  UNION ALL
  SELECT 'channel' AS name, channel AS value, SUM(line_count) AS line_count, SUM(amount) AS amount
  FROM combined GROUP BY channel
  UNION ALL
  SELECT 'status' AS name, status AS value, SUM(line_count) AS line_count, SUM(amount) AS amount
  FROM combined GROUP BY status
),
ranked AS (
  SELECT
    counted.*,
    COUNT(value) OVER (PARTITION BY name) AS distinct_values,
    SUM(CASE WHEN value IS NULL THEN 0 ELSE line_count END) OVER (PARTITION BY name) AS present,
    ROW_NUMBER() OVER (
      PARTITION BY name
      ORDER BY line_count DESC, CASE WHEN value IS NULL THEN 0 ELSE 1 END, value
    ) AS place
  FROM counted
)
SELECT
  name,
  value,
  CAST(line_count AS BIGINT) AS line_count,
  CAST(COALESCE(amount, 0) AS BIGINT) AS amount,
  distinct_values,
  CAST(present AS BIGINT) AS present,
  place
FROM ranked
WHERE place <= 50;

CREATE TABLE quality_measures AS
WITH measured AS (
  SELECT 'amount' AS name, amount AS value, COUNT(*) AS line_count
  FROM quality_lines WHERE amount IS NOT NULL GROUP BY amount
  UNION ALL
  SELECT 'discount' AS name, discount AS value, COUNT(*) AS line_count
  FROM quality_lines WHERE discount IS NOT NULL GROUP BY discount
  UNION ALL
  -- In thousandths.
  SELECT
    'quantity' AS name,
    CAST(ROUND(LEAST(GREATEST(quantity, -1000000000000), 1000000000000) * 1000) AS BIGINT) AS value,
    COUNT(*) AS line_count
  FROM quality_lines WHERE quantity IS NOT NULL GROUP BY quantity
),
cut AS (
  SELECT
    name, value, line_count,
    value - MOD(value, CAST(
      CASE
        WHEN ABS(value) < 1000 THEN 1
        WHEN ABS(value) < 10000 THEN 10
        WHEN ABS(value) < 100000 THEN 100
        WHEN ABS(value) < 1000000 THEN 1000
        WHEN ABS(value) < 10000000 THEN 10000
        WHEN ABS(value) < 100000000 THEN 100000
        WHEN ABS(value) < 1000000000 THEN 1000000
        WHEN ABS(value) < 10000000000 THEN 10000000
        WHEN ABS(value) < 100000000000 THEN 100000000
        WHEN ABS(value) < 1000000000000 THEN 1000000000
        ELSE 10000000000
      END AS BIGINT)) AS cut_value
  FROM measured
)
SELECT
  name,
  cut_value,
  CAST(SUM(line_count) AS BIGINT) AS line_count,
  COUNT(*) AS distinct_values,
  MIN(value) AS min_value,
  MAX(value) AS max_value
FROM cut
GROUP BY name, cut_value;

CREATE TABLE quality_copies AS
WITH suspects AS (
  SELECT ordered_at * 1000003 + amount AS likeness
  FROM quality_lines
  WHERE customer_id IS NULL
  GROUP BY ordered_at * 1000003 + amount
  HAVING COUNT(*) > 1
),
alike AS (
  SELECT COUNT(*) - 1 AS copies
  FROM quality_lines AS line
  JOIN suspects ON suspects.likeness = line.ordered_at * 1000003 + line.amount
  WHERE line.customer_id IS NULL AND line.order_id IS NOT NULL
  GROUP BY line.order_id, line.ordered_at, line.product, line.quantity, line.amount
)
SELECT CAST(COALESCE(SUM(copies), 0) AS BIGINT) AS copies FROM alike;
