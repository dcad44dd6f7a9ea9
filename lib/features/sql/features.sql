-- One row of features per customer, as of a cutoff. The cutoff is the midnight that ends last_day, in the shop's time zone:
-- features read last_day and the days before it, labels the horizon_days after it (NULL where those are not over yet).
--
--   reads    ledger_lines, browse_events, recent_events (those of the 90 days before a cutoff), cutoffs(last_day, horizon_days),
--            cutoff(last_day, horizon_days): one of them
--   creates  numbered_orders, browse_days, last_browse_days: what all cutoffs have in common
--   returns  the columns of orderFeatures.ts, in its order; meanings and units stand there
--
-- Money is summed in minor units, minutes in milliseconds and n ln n in thousand-millionths, all BIGINT: an integer sum is
-- the same in any order, so in any number of threads. An order is what one order id holds on one day; without an id, the
-- day's lines.

-- These look back only: an order's number, its customer's first day and the gap before it are the same whatever follows.
CREATE TABLE numbered_orders AS
WITH orders AS (
  SELECT
    customer_id,
    COALESCE(order_id, '') AS order_key,
    ordered_day,
    MIN(ordered_at) AS ordered_at,
    MIN(ordered_hour) AS ordered_hour,
    MIN(channel) AS channel,
    CAST(SUM(net_amount) AS BIGINT) AS sold,
    CAST(SUM(discount) AS BIGINT) AS discount,
    CAST(SUM(CASE WHEN discount IS NOT NULL THEN net_amount + discount END) AS BIGINT) AS listed
  FROM ledger_lines
  WHERE kind = 'sale'
  GROUP BY customer_id, COALESCE(order_id, ''), ordered_day
)
SELECT
  customer_id, order_key, ordered_day, ordered_hour, channel, sold, discount, listed,
  ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_day, ordered_at, order_key) AS order_number,
  FIRST_VALUE(ordered_day) OVER (PARTITION BY customer_id ORDER BY ordered_day, ordered_at, order_key) AS first_day,
  ordered_day - LAG(ordered_day) OVER (PARTITION BY customer_id ORDER BY ordered_day, ordered_at, order_key) AS gap_days
FROM orders;

-- A session counts once on each day; events without a session id are one session a day.
CREATE TABLE browse_days AS
WITH session_days AS (
  SELECT
    customer_id, COALESCE(session_id, '') AS session_key, occurred_day,
    CAST(SUM(CAST(ROUND(minutes * 60000) AS BIGINT)) AS BIGINT) AS milliseconds,
    CAST(COUNT_IF(kind = 'cart') AS BIGINT) AS carts
  FROM recent_events
  WHERE customer_id IS NOT NULL
  GROUP BY customer_id, COALESCE(session_id, ''), occurred_day
)
SELECT
  customer_id, occurred_day,
  COUNT(*) AS sessions, CAST(SUM(milliseconds) AS BIGINT) AS milliseconds, CAST(SUM(carts) AS BIGINT) AS carts
FROM session_days
GROUP BY customer_id, occurred_day;

-- No other feature looks further back than 90 days.
CREATE TABLE last_browse_days AS
SELECT cutoffs.last_day, event.customer_id, MAX(event.occurred_day) AS occurred_day
FROM browse_events AS event
JOIN cutoffs ON event.occurred_day <= cutoffs.last_day
WHERE event.customer_id IS NOT NULL
GROUP BY cutoffs.last_day, event.customer_id;

WITH returned AS (
  SELECT
    line.customer_id, COALESCE(line.sale_order_id, '') AS order_key, line.sale_day,
    CAST(-SUM(line.net_amount) AS BIGINT) AS returned
  FROM ledger_lines AS line
  JOIN cutoff ON line.ordered_day <= cutoff.last_day
  WHERE line.kind = 'return'
  GROUP BY line.customer_id, COALESCE(line.sale_order_id, ''), line.sale_day
),
orders_as_of AS (
  SELECT
    cutoff.last_day - numbered_orders.ordered_day AS days_ago,
    MOD(numbered_orders.ordered_day + 3, 7) AS weekday,
    COALESCE(returned.returned, 0) AS returned,
    numbered_orders.sold - COALESCE(returned.returned, 0) AS net,
    numbered_orders.*
  FROM numbered_orders
  JOIN cutoff ON numbered_orders.ordered_day <= cutoff.last_day
  LEFT JOIN returned
    ON returned.customer_id = numbered_orders.customer_id
    AND returned.order_key = numbered_orders.order_key
    AND returned.sale_day = numbered_orders.ordered_day
),
order_sums AS (
  SELECT
    customer_id,
    COUNT(*) AS orders,
    MAX(days_ago) AS age_days,
    MIN(days_ago) AS days_since_last,
    CAST(COUNT_IF(gap_days > 0) AS BIGINT) AS frequency,
    CAST(SUM(CAST(gap_days AS BIGINT) * gap_days) AS BIGINT) AS squared_gaps,
    MAX_BY(gap_days, order_number) FILTER (WHERE gap_days > 0) AS last_gap_days,
    CAST(SUM(net) AS BIGINT) AS spend,
    CAST(SUM(CASE WHEN ordered_day > first_day THEN net ELSE 0 END) AS BIGINT) AS repeat_spend,
    CAST(SUM(sold) AS BIGINT) AS sold,
    CAST(SUM(returned) AS BIGINT) AS returned,
    CAST(SUM(discount) AS BIGINT) AS discount,
    CAST(SUM(listed) AS BIGINT) AS listed,
    MIN(net) AS order_value_min,
    MAX(net) AS order_value_max,
    MAX(net) FILTER (WHERE order_number = 1) AS first_order_spend,
    MAX_BY(net, order_number) AS last_order_value,
    CAST(SUM(CASE WHEN days_ago < 7 THEN net ELSE 0 END) AS BIGINT) AS spend_7d,
    CAST(SUM(CASE WHEN days_ago < 30 THEN net ELSE 0 END) AS BIGINT) AS spend_30d,
    CAST(SUM(CASE WHEN days_ago < 60 THEN net ELSE 0 END) AS BIGINT) AS spend_60d,
    CAST(SUM(CASE WHEN days_ago < 90 THEN net ELSE 0 END) AS BIGINT) AS spend_90d,
    CAST(SUM(CASE WHEN days_ago < 180 THEN net ELSE 0 END) AS BIGINT) AS spend_180d,
    CAST(SUM(CASE WHEN days_ago < 365 THEN net ELSE 0 END) AS BIGINT) AS spend_365d,
    CAST(COUNT_IF(days_ago < 7) AS BIGINT) AS orders_7d,
    CAST(COUNT_IF(days_ago < 30) AS BIGINT) AS orders_30d,
    CAST(COUNT_IF(days_ago < 60) AS BIGINT) AS orders_60d,
    CAST(COUNT_IF(days_ago < 90) AS BIGINT) AS orders_90d,
    CAST(COUNT_IF(days_ago < 180) AS BIGINT) AS orders_180d,
    CAST(COUNT_IF(days_ago < 365) AS BIGINT) AS orders_365d,
    CAST(COUNT_IF(weekday = 0) AS BIGINT) AS monday_orders,
    CAST(COUNT_IF(weekday = 1) AS BIGINT) AS tuesday_orders,
    CAST(COUNT_IF(weekday = 2) AS BIGINT) AS wednesday_orders,
    CAST(COUNT_IF(weekday = 3) AS BIGINT) AS thursday_orders,
    CAST(COUNT_IF(weekday = 4) AS BIGINT) AS friday_orders,
    CAST(COUNT_IF(weekday = 5) AS BIGINT) AS saturday_orders,
    CAST(COUNT_IF(weekday = 6) AS BIGINT) AS sunday_orders,
    COUNT(ordered_hour) AS timed_orders,
    CAST(COUNT_IF(ordered_hour < 6) AS BIGINT) AS night_orders,
    CAST(COUNT_IF(ordered_hour BETWEEN 6 AND 11) AS BIGINT) AS morning_orders,
    CAST(COUNT_IF(ordered_hour BETWEEN 12 AND 17) AS BIGINT) AS afternoon_orders,
    CAST(COUNT_IF(ordered_hour > 17) AS BIGINT) AS evening_orders
  FROM orders_as_of
  GROUP BY customer_id
),
-- Of n lines in all, n(i) of product i: entropy = -sum p(i) ln p(i) = ln n - sum n(i) ln n(i) / n.
product_lines AS (
  SELECT line.customer_id, line.product, COUNT(*) AS line_count
  FROM ledger_lines AS line
  JOIN cutoff ON line.ordered_day <= cutoff.last_day
  WHERE line.kind = 'sale' AND line.product IS NOT NULL
  GROUP BY line.customer_id, line.product
),
product_sums AS (
  SELECT
    customer_id,
    COUNT(*) AS products,
    CAST(SUM(line_count) AS BIGINT) AS line_count,
    CAST(SUM(CASE WHEN line_count > 1 THEN CAST(ROUND(line_count * LN(line_count) * 1E9) AS BIGINT) ELSE 0 END) AS BIGINT) AS n_ln_n
  FROM product_lines
  GROUP BY customer_id
),
category_lines AS (
  SELECT line.customer_id, line.category, COUNT(*) AS line_count
  FROM ledger_lines AS line
  JOIN cutoff ON line.ordered_day <= cutoff.last_day
  WHERE line.kind = 'sale' AND line.category IS NOT NULL
  GROUP BY line.customer_id, line.category
),
-- Categories with the same n(i) are taken together first, which settles ties for the top one: the first in alphabetical order.
category_counts AS (
  SELECT customer_id, line_count, COUNT(*) AS categories, MIN(category) AS category
  FROM category_lines
  GROUP BY customer_id, line_count
),
category_sums AS (
  SELECT
    customer_id,
    CAST(SUM(categories) AS BIGINT) AS categories,
    CAST(SUM(categories * line_count) AS BIGINT) AS line_count,
    CAST(SUM(categories * CAST(ROUND(line_count * LN(line_count) * 1E9) AS BIGINT)) AS BIGINT) AS n_ln_n,
    MAX(line_count) AS top_line_count,
    MAX_BY(category, line_count) AS top_category
  FROM category_counts
  GROUP BY customer_id
),
channel_orders AS (
  SELECT numbered_orders.customer_id, numbered_orders.channel, COUNT(*) AS orders
  FROM numbered_orders
  JOIN cutoff ON numbered_orders.ordered_day <= cutoff.last_day
  WHERE numbered_orders.channel IS NOT NULL
  GROUP BY numbered_orders.customer_id, numbered_orders.channel
),
channel_counts AS (
  SELECT customer_id, orders, MIN(channel) AS channel
  FROM channel_orders
  GROUP BY customer_id, orders
),
channel_sums AS (
  SELECT customer_id, MAX_BY(channel, orders) AS top_channel
  FROM channel_counts
  GROUP BY customer_id
),
browse_days_as_of AS (
  SELECT cutoff.last_day - browse_days.occurred_day AS days_ago, browse_days.*
  FROM browse_days
  JOIN cutoff ON browse_days.occurred_day <= cutoff.last_day AND browse_days.occurred_day > cutoff.last_day - 90
),
browse_window_sums AS (
  SELECT
    customer_id,
    CAST(SUM(CASE WHEN days_ago < 7 THEN milliseconds ELSE 0 END) AS BIGINT) AS milliseconds_7d,
    CAST(SUM(CASE WHEN days_ago < 30 THEN milliseconds ELSE 0 END) AS BIGINT) AS milliseconds_30d,
    CAST(SUM(milliseconds) AS BIGINT) AS milliseconds_90d,
    CAST(SUM(CASE WHEN days_ago < 7 THEN sessions ELSE 0 END) AS BIGINT) AS sessions_7d,
    CAST(SUM(CASE WHEN days_ago < 30 THEN sessions ELSE 0 END) AS BIGINT) AS sessions_30d,
    CAST(SUM(sessions) AS BIGINT) AS sessions_90d,
    CAST(COUNT_IF(days_ago < 7) AS BIGINT) AS days_7d,
    CAST(COUNT_IF(days_ago < 30) AS BIGINT) AS days_30d,
    COUNT(*) AS days_90d,
    CAST(SUM(CASE WHEN days_ago < 7 THEN carts ELSE 0 END) AS BIGINT) AS carts_7d,
    CAST(SUM(CASE WHEN days_ago < 30 THEN carts ELSE 0 END) AS BIGINT) AS carts_30d,
    CAST(SUM(carts) AS BIGINT) AS carts_90d
  FROM browse_days_as_of
  GROUP BY customer_id
),
browse_sums AS (
  SELECT
    last_browse_days.customer_id,
    cutoff.last_day - last_browse_days.occurred_day AS browse_recency_days,
    milliseconds_7d, milliseconds_30d, milliseconds_90d, sessions_7d, sessions_30d, sessions_90d, days_7d, days_30d, days_90d,
    carts_7d, carts_30d, carts_90d
  FROM last_browse_days
  JOIN cutoff ON cutoff.last_day = last_browse_days.last_day
  LEFT JOIN browse_window_sums ON browse_window_sums.customer_id = last_browse_days.customer_id
),
label_orders AS (
  SELECT numbered_orders.customer_id, COUNT(*) AS orders, CAST(SUM(numbered_orders.sold) AS BIGINT) AS sold
  FROM numbered_orders
  JOIN cutoff
    ON numbered_orders.ordered_day > cutoff.last_day
    AND numbered_orders.ordered_day <= cutoff.last_day + cutoff.horizon_days
  GROUP BY numbered_orders.customer_id
),
label_returns AS (
  SELECT line.customer_id, CAST(-SUM(line.net_amount) AS BIGINT) AS returned
  FROM ledger_lines AS line
  JOIN cutoff
    ON line.sale_day > cutoff.last_day AND line.ordered_day <= cutoff.last_day + cutoff.horizon_days
  WHERE line.kind = 'return'
  GROUP BY line.customer_id
)
SELECT
  COALESCE(o.customer_id, b.customer_id) AS customer_id,
  cutoff.last_day,
  CAST(o.age_days - o.days_since_last AS DOUBLE) AS recency_days,
  CAST(o.days_since_last AS DOUBLE) AS days_since_last,
  CAST(o.age_days AS DOUBLE) AS age_days,
  CAST(COALESCE(o.frequency, 0) AS DOUBLE) AS frequency,
  CAST(COALESCE(o.orders, 0) AS DOUBLE) AS orders,
  CAST(COALESCE(o.spend, 0) AS DOUBLE) AS spend,
  CAST(o.first_order_spend AS DOUBLE) AS first_order_spend,
  CAST(COALESCE(o.repeat_spend, 0) AS DOUBLE) AS repeat_spend,
  CAST(o.spend AS DOUBLE) / NULLIF(o.orders, 0) AS order_value_mean,
  CAST(o.order_value_min AS DOUBLE) AS order_value_min,
  CAST(o.order_value_max AS DOUBLE) AS order_value_max,
  CAST(o.last_order_value AS DOUBLE) AS last_order_value,
  CAST(o.age_days - o.days_since_last AS DOUBLE) / NULLIF(o.frequency, 0) AS gap_mean_days,
  SQRT(
    CAST(o.frequency * o.squared_gaps - CAST(o.age_days - o.days_since_last AS BIGINT) * (o.age_days - o.days_since_last) AS DOUBLE)
    / NULLIF(o.frequency * (o.frequency - 1), 0)
  ) AS gap_std_days,
  CAST(o.last_gap_days AS DOUBLE) AS last_gap_days,
  CAST(o.last_gap_days * o.frequency AS DOUBLE) / NULLIF(o.age_days - o.days_since_last, 0) AS last_gap_ratio,
  CAST(o.days_since_last * o.frequency AS DOUBLE) / NULLIF(o.age_days - o.days_since_last, 0) AS overdue_ratio,
  CAST(COALESCE(o.spend_7d, 0) AS DOUBLE) AS spend_7d,
  CAST(COALESCE(o.spend_30d, 0) AS DOUBLE) AS spend_30d,
  CAST(COALESCE(o.spend_90d, 0) AS DOUBLE) AS spend_90d,
  CAST(COALESCE(o.spend_365d, 0) AS DOUBLE) AS spend_365d,
  CAST(COALESCE(o.orders_7d, 0) AS DOUBLE) AS orders_7d,
  CAST(COALESCE(o.orders_30d, 0) AS DOUBLE) AS orders_30d,
  CAST(COALESCE(o.orders_90d, 0) AS DOUBLE) AS orders_90d,
  CAST(COALESCE(o.orders_365d, 0) AS DOUBLE) AS orders_365d,
  CAST(2 * COALESCE(o.spend_30d, 0) - COALESCE(o.spend_60d, 0) AS DOUBLE) AS spend_trend_30d,
  CAST(2 * COALESCE(o.spend_90d, 0) - COALESCE(o.spend_180d, 0) AS DOUBLE) AS spend_trend_90d,
  CAST(2 * COALESCE(o.orders_30d, 0) - COALESCE(o.orders_60d, 0) AS DOUBLE) AS orders_trend_30d,
  CAST(2 * COALESCE(o.orders_90d, 0) - COALESCE(o.orders_180d, 0) AS DOUBLE) AS orders_trend_90d,
  CAST(o.monday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS monday_share,
  CAST(o.tuesday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS tuesday_share,
  CAST(o.wednesday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS wednesday_share,
  CAST(o.thursday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS thursday_share,
  CAST(o.friday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS friday_share,
  CAST(o.saturday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS saturday_share,
  CAST(o.sunday_orders AS DOUBLE) / NULLIF(o.orders, 0) AS sunday_share,
  CAST(o.night_orders AS DOUBLE) / NULLIF(o.timed_orders, 0) AS night_share,
  CAST(o.morning_orders AS DOUBLE) / NULLIF(o.timed_orders, 0) AS morning_share,
  CAST(o.afternoon_orders AS DOUBLE) / NULLIF(o.timed_orders, 0) AS afternoon_share,
  CAST(o.evening_orders AS DOUBLE) / NULLIF(o.timed_orders, 0) AS evening_share,
  CAST(COALESCE(p.products, 0) AS DOUBLE) AS distinct_products,
  CASE WHEN p.line_count > 0 THEN GREATEST(CAST(0 AS DOUBLE), LN(p.line_count) - CAST(p.n_ln_n AS DOUBLE) / 1E9 / p.line_count) END AS product_entropy,
  CAST(COALESCE(c.categories, 0) AS DOUBLE) AS distinct_categories,
  CASE WHEN c.line_count > 0 THEN GREATEST(CAST(0 AS DOUBLE), LN(c.line_count) - CAST(c.n_ln_n AS DOUBLE) / 1E9 / c.line_count) END AS category_entropy,
  c.top_category AS top_category,
  CAST(c.top_line_count AS DOUBLE) / NULLIF(c.line_count, 0) AS top_category_share,
  CAST(o.discount AS DOUBLE) / NULLIF(o.listed, 0) AS discount_share,
  CAST(o.returned AS DOUBLE) / NULLIF(o.sold, 0) AS return_share,
  h.top_channel AS top_channel,
  CAST(b.browse_recency_days AS DOUBLE) AS browse_recency_days,
  CAST(COALESCE(b.milliseconds_7d, 0) AS DOUBLE) / 60000 AS browse_minutes_7d,
  CAST(COALESCE(b.milliseconds_30d, 0) AS DOUBLE) / 60000 AS browse_minutes_30d,
  CAST(COALESCE(b.milliseconds_90d, 0) AS DOUBLE) / 60000 AS browse_minutes_90d,
  CAST(COALESCE(b.sessions_7d, 0) AS DOUBLE) AS browse_sessions_7d,
  CAST(COALESCE(b.sessions_30d, 0) AS DOUBLE) AS browse_sessions_30d,
  CAST(COALESCE(b.sessions_90d, 0) AS DOUBLE) AS browse_sessions_90d,
  CAST(COALESCE(b.days_7d, 0) AS DOUBLE) AS browse_days_7d,
  CAST(COALESCE(b.days_30d, 0) AS DOUBLE) AS browse_days_30d,
  CAST(COALESCE(b.days_90d, 0) AS DOUBLE) AS browse_days_90d,
  CAST(COALESCE(b.carts_7d, 0) AS DOUBLE) AS carts_7d,
  CAST(COALESCE(b.carts_30d, 0) AS DOUBLE) AS carts_30d,
  CAST(COALESCE(b.carts_90d, 0) AS DOUBLE) AS carts_90d,
  CASE WHEN cutoff.horizon_days IS NOT NULL THEN CAST(CASE WHEN l.orders > 0 THEN 1 ELSE 0 END AS DOUBLE) END AS label_bought,
  CASE WHEN cutoff.horizon_days IS NOT NULL THEN CAST(COALESCE(l.sold, 0) - COALESCE(r.returned, 0) AS DOUBLE) END AS label_spend,
  CASE WHEN cutoff.horizon_days IS NOT NULL THEN CAST(COALESCE(l.orders, 0) AS DOUBLE) END AS label_orders
FROM order_sums AS o
FULL OUTER JOIN browse_sums AS b ON b.customer_id = o.customer_id
CROSS JOIN cutoff
LEFT JOIN product_sums AS p ON p.customer_id = o.customer_id
LEFT JOIN category_sums AS c ON c.customer_id = o.customer_id
LEFT JOIN channel_sums AS h ON h.customer_id = o.customer_id
LEFT JOIN label_orders AS l ON l.customer_id = COALESCE(o.customer_id, b.customer_id)
LEFT JOIN label_returns AS r ON r.customer_id = COALESCE(o.customer_id, b.customer_id);
