-- What is a sale. Every line of order_lines gets one outcome: the first rule below that it meets, else sale.
--
--   reads    order_lines, non_products(product), ledger_settings(newest_at)
--   creates  ruled_lines         order_lines without duplicates, each with the rule that it meets by what it says alone; NULL for a sale
--            set_aside_products  non-products as the shop writes them
--            duplicate_lines     lines that were there before
--            judged_returns      the returns: matched, each with the sale that it reduces, or unmatched
--            ledger_lines        sales and matched returns, which is all that features read
--            ledger_rules        lines and money per outcome; they add up to those of order_lines
--
-- A return keeps its own day beside the day of its sale: it is known from its own day on, and is then taken off the sale,
-- where that stood. Nothing later changes how an earlier return was matched, so no cutoff sees past itself.

-- The one pass over all of order_lines, which come from files; what follows reads this table. A column costs about as much as an
-- aggregate, so none is kept that nothing reads. A line without a customer is demand all the same where it is a sale by itself.
-- A row of a file may say a sale and its refund: then each has a place.
CREATE TABLE ruled_lines AS
SELECT
  line.customer_id, line.order_id, line.ordered_at, line.ordered_day, line.ordered_hour, line.product, line.category,
  line.quantity, line.amount, line.discount, line.country, line.channel,
  (CAST(line.source_file AS BIGINT) * 1000000000000 + line.source_line) * 2 + CASE WHEN line.amount < 0 THEN 1 ELSE 0 END AS place,
  CASE
    WHEN line.customer_id IS NULL AND (
      line.status <> 'sale' OR line.ordered_at > settings.newest_at OR line.quantity <= 0 OR line.amount <= 0
    ) THEN 'noCustomer'
    WHEN line.customer_id IS NULL THEN 'demand'
    WHEN line.status = 'test' THEN 'test'
    WHEN line.ordered_at > settings.newest_at THEN 'futureDate'
    WHEN line.status IN ('cancelled', 'unpaid') THEN 'cancelled'
    WHEN line.status = 'return' OR line.quantity < 0 OR line.amount < 0 THEN 'return'
  END AS rule
FROM order_lines AS line
CROSS JOIN ledger_settings AS settings;

-- Capitals and blanks are dear: they are asked of each product once, not of each line. Of the rules above, those of test and
-- futureDate come before.
CREATE TABLE set_aside_products AS
SELECT seen.product
FROM (SELECT DISTINCT product FROM ruled_lines) AS seen
JOIN non_products ON non_products.product = UPPER(TRIM(seen.product));

UPDATE ruled_lines
SET rule = CASE WHEN customer_id IS NULL THEN 'noCustomer' ELSE 'nonProduct' END
WHERE product IN (SELECT product FROM set_aside_products)
  AND (rule IS NULL OR rule IN ('demand', 'cancelled', 'return'));

-- The first pass reads numbers alone: lines that are alike in time and money are few, and only they are compared in full.
CREATE TABLE duplicate_lines AS
WITH suspects AS (
  SELECT ordered_at * 1000003 + amount AS likeness
  FROM ruled_lines
  GROUP BY ordered_at * 1000003 + amount
  HAVING COUNT(*) > 1
),
compared AS (
  SELECT
    line.place, line.rule, line.amount,
    ROW_NUMBER() OVER (
      PARTITION BY line.customer_id, line.order_id, line.ordered_at, line.product, line.quantity, line.amount
      ORDER BY line.place
    ) AS copy_number
  FROM ruled_lines AS line
  JOIN suspects ON suspects.likeness = line.ordered_at * 1000003 + line.amount
  WHERE line.customer_id IS NOT NULL AND line.order_id IS NOT NULL
)
SELECT place, rule, amount FROM compared WHERE copy_number > 1;

-- Once, since each scan that has to leave them out costs more.
DELETE FROM ruled_lines WHERE place IN (SELECT place FROM duplicate_lines);

CREATE TABLE judged_returns AS
WITH returned AS (
  SELECT
    line.*,
    ROW_NUMBER() OVER (ORDER BY customer_id, ordered_at, place, product, quantity, amount) AS return_number,
    COALESCE(product, '') AS product_key,
    -- Thousandths, so that sums are exact. No units where the line says none: then its money has to be covered.
    NULLIF(CAST(ROUND(ABS(quantity) * 1000) AS BIGINT), 0) AS units,
    ABS(amount) AS money
  FROM ruled_lines AS line
  WHERE rule = 'return'
),
returned_products AS (
  SELECT DISTINCT customer_id, product_key FROM returned
),
sold AS (
  SELECT
    line.customer_id, returned_products.product_key, line.order_id, line.ordered_at, line.ordered_day,
    COALESCE(CAST(ROUND(line.quantity * 1000) AS BIGINT), 0) AS units,
    line.amount AS money
  FROM ruled_lines AS line
  JOIN returned_products
    ON returned_products.customer_id = line.customer_id
    AND returned_products.product_key = COALESCE(line.product, '')
  WHERE line.rule IS NULL
),
-- The sale that a return reduces: one that can hold it, of the same order if there is one, else the latest.
paired AS (
  SELECT
    returned.return_number, sold.order_id AS sale_order_id, sold.ordered_day AS sale_day,
    ROW_NUMBER() OVER (
      PARTITION BY returned.return_number
      ORDER BY
        CASE WHEN sold.order_id = returned.order_id THEN 0 ELSE 1 END,
        sold.ordered_at DESC,
        COALESCE(sold.order_id, '') DESC
    ) AS choice
  FROM returned
  JOIN sold
    ON sold.customer_id = returned.customer_id
    AND sold.product_key = returned.product_key
    AND sold.ordered_at <= returned.ordered_at
    AND (sold.units >= returned.units OR (returned.units IS NULL AND sold.money >= returned.money))
),
-- What was bought of a product can come back once only. Running totals, in the order of time, a sale before a return:
movements AS (
  SELECT
    customer_id, product_key, ordered_at, CAST(0 AS BIGINT) AS return_number,
    units AS units_sold, money AS money_sold, CAST(0 AS BIGINT) AS units_returned, CAST(0 AS BIGINT) AS money_returned
  FROM sold
  UNION ALL
  SELECT
    returned.customer_id, returned.product_key, returned.ordered_at, returned.return_number,
    CAST(0 AS BIGINT), CAST(0 AS BIGINT), COALESCE(returned.units, 0), returned.money
  FROM returned
  JOIN paired ON paired.return_number = returned.return_number AND paired.choice = 1
),
balances AS (
  SELECT
    customer_id, product_key, ordered_at, return_number, units_returned, money_returned,
    SUM(units_sold - units_returned) OVER (
      PARTITION BY customer_id, product_key ORDER BY ordered_at, return_number
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS units_left,
    SUM(money_sold - money_returned) OVER (
      PARTITION BY customer_id, product_key ORDER BY ordered_at, return_number
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS money_left
  FROM movements
),
-- A balance below zero is a return that was not covered. It is forgiven, so that it does not count against later ones.
covered AS (
  SELECT
    return_number,
    units_left - LEAST(0, COALESCE(MIN(units_left) OVER (
      PARTITION BY customer_id, product_key ORDER BY ordered_at, return_number
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0)) AS units_left,
    money_left - LEAST(0, COALESCE(MIN(money_left) OVER (
      PARTITION BY customer_id, product_key ORDER BY ordered_at, return_number
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0)) AS money_left
  FROM balances
)
SELECT
  returned.*, paired.sale_order_id, paired.sale_day,
  CASE
    WHEN returned.units IS NOT NULL AND covered.units_left >= 0 THEN 'matchedReturn'
    WHEN returned.units IS NULL AND covered.money_left >= 0 THEN 'matchedReturn'
    ELSE 'unmatchedReturn'
  END AS judgement
FROM returned
LEFT JOIN paired ON paired.return_number = returned.return_number AND paired.choice = 1
LEFT JOIN covered ON covered.return_number = returned.return_number;

CREATE VIEW ledger_lines AS
SELECT
  customer_id, order_id, ordered_at, ordered_day, ordered_hour, product, category, country, channel, discount,
  'sale' AS kind,
  amount AS net_amount, quantity AS net_quantity, order_id AS sale_order_id, ordered_day AS sale_day
FROM ruled_lines
WHERE rule IS NULL
UNION ALL
SELECT
  customer_id, order_id, ordered_at, ordered_day, ordered_hour, product, category, country, channel, discount,
  'return' AS kind,
  -money AS net_amount, -ABS(quantity) AS net_quantity, sale_order_id, sale_day
FROM judged_returns
WHERE judgement = 'matchedReturn';

CREATE TABLE ledger_rules AS
WITH counts AS (
  SELECT rule, COUNT(*) AS line_count, SUM(amount) AS amount FROM ruled_lines WHERE rule IS NOT NULL GROUP BY rule
  UNION ALL
  SELECT 'sale' AS rule, COUNT(*) AS line_count, SUM(amount) AS amount FROM ruled_lines WHERE rule IS NULL
  UNION ALL
  SELECT 'duplicate' AS rule, COUNT(*) AS line_count, SUM(amount) AS amount FROM duplicate_lines
  UNION ALL
  SELECT judgement AS rule, COUNT(*) AS line_count, SUM(amount) AS amount FROM judged_returns GROUP BY judgement
)
SELECT
  CASE WHEN rule = 'demand' THEN 'noCustomer' ELSE rule END AS outcome,
  CAST(SUM(line_count) AS BIGINT) AS line_count,
  CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount
FROM counts
WHERE rule <> 'return'
GROUP BY CASE WHEN rule = 'demand' THEN 'noCustomer' ELSE rule END
HAVING SUM(line_count) > 0;
