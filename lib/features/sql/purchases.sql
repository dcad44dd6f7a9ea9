-- What customers bought by day, as buy-till-you-die models and cohorts look at it.
--
--   reads    ledger_lines, purchase_span(last_day, holdout_day), calendar_months(month, first_day, last_day)
--   creates  purchase_days       one row per customer and day with a sale, net of the returns known by last_day
--            customer_purchases  one row per customer: what was known at the end of holdout_day, what came after it until last_day,
--                                and where the first order came from
--            cohort_cells        customers and money by month of the first purchase and month of purchase
--
-- Without a holdout_day (NULL) all of the history lies after it. Sums are of integers, so the same in any order.

CREATE TABLE purchase_days AS
SELECT
  line.customer_id,
  line.sale_day AS bought_day,
  CAST(SUM(line.net_amount) AS BIGINT) AS net,
  CAST(SUM(CASE WHEN line.ordered_day <= span.holdout_day THEN line.net_amount ELSE 0 END) AS BIGINT) AS net_before
FROM ledger_lines AS line
JOIN purchase_span AS span ON line.ordered_day <= span.last_day
GROUP BY line.customer_id, line.sale_day;

CREATE TABLE customer_purchases AS
WITH first_lines AS (
  SELECT customer_id, MIN(ordered_at) AS ordered_at
  FROM ledger_lines
  WHERE kind = 'sale'
  GROUP BY customer_id
),
-- Of an order with several of them, the first by code point.
origins AS (
  SELECT line.customer_id, MIN(line.channel) AS channel, MIN(line.country) AS country, MIN(line.category) AS category
  FROM ledger_lines AS line
  JOIN first_lines ON first_lines.customer_id = line.customer_id AND first_lines.ordered_at = line.ordered_at
  WHERE line.kind = 'sale'
  GROUP BY line.customer_id
),
sums AS (
  SELECT
    days.customer_id,
    MIN(days.bought_day) AS first_day,
    MAX(CASE WHEN days.bought_day <= span.holdout_day THEN days.bought_day END) AS last_day_before,
    COUNT(CASE WHEN days.bought_day <= span.holdout_day THEN 1 END) AS days_before,
    CAST(SUM(CASE WHEN days.bought_day <= span.holdout_day THEN days.net_before ELSE 0 END) AS BIGINT) AS spend_before,
    COUNT(CASE WHEN days.bought_day > span.holdout_day THEN 1 END) AS days_after,
    CAST(SUM(CASE WHEN days.bought_day > span.holdout_day THEN days.net ELSE 0 END) AS BIGINT) AS spend_after
  FROM purchase_days AS days
  CROSS JOIN purchase_span AS span
  GROUP BY days.customer_id
)
SELECT sums.*, origins.channel AS first_channel, origins.country AS first_country, origins.category AS first_category
FROM sums
JOIN origins ON origins.customer_id = sums.customer_id;

CREATE TABLE cohort_cells AS
SELECT
  cohort.month AS cohort,
  bought.month AS month,
  COUNT(DISTINCT days.customer_id) AS customers,
  CAST(SUM(days.net) AS BIGINT) AS revenue
FROM purchase_days AS days
JOIN customer_purchases AS customer ON customer.customer_id = days.customer_id
JOIN calendar_months AS bought ON days.bought_day BETWEEN bought.first_day AND bought.last_day
JOIN calendar_months AS cohort ON customer.first_day BETWEEN cohort.first_day AND cohort.last_day
GROUP BY cohort.month, bought.month;
