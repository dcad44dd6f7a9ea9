-- Who bought how much of what on which day: what recommendations and the forecast of stock are computed from.
--
--   reads    ledger_lines, ruled_lines, purchase_span(last_day)
--   creates  product_sales  one row per customer, product, day of the sale and day from which it is known
--
-- Units that came back are a row of their own, below 0, on the day of the sale that they reduce and known from the day of the return, so
-- that a model that is judged on past days sees what was known then. Sales without a customer are demand all the same: they have a row
-- with a customer_id of NULL. A line that does not say its quantity counts as one unit. Lines without a product are left out.

CREATE VIEW product_sales AS
WITH lines AS (
  SELECT
    line.customer_id, TRIM(line.product) AS product, line.category, line.sale_day, line.ordered_day AS known_day,
    COALESCE(line.net_quantity, CASE WHEN line.kind = 'sale' THEN 1 ELSE -1 END) AS units
  FROM ledger_lines AS line
  WHERE line.product IS NOT NULL
  UNION ALL
  SELECT
    line.customer_id, TRIM(line.product) AS product, line.category, line.ordered_day AS sale_day,
    line.ordered_day AS known_day, COALESCE(line.quantity, 1) AS units
  FROM ruled_lines AS line
  WHERE line.rule = 'demand' AND line.product IS NOT NULL
)
SELECT
  lines.customer_id, lines.product, MIN(lines.category) AS category, lines.sale_day, lines.known_day,
  SUM(lines.units) AS units
FROM lines
JOIN purchase_span AS span ON lines.known_day <= span.last_day
GROUP BY lines.customer_id, lines.product, lines.sale_day, lines.known_day;
