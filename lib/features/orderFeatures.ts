/** One column of a customer's row. Number columns are DOUBLE. Null where the customer has nothing to compute it from. */
export interface OrderFeature {
  name: string;
  type: 'number' | 'text';
  unit:
    | 'days'
    | 'orders'
    | 'minor units'
    | 'ratio'
    | 'share'
    | 'nats'
    | 'count'
    | 'minutes'
    | 'text'
    | '0 or 1';
  meaning: string;
}

/**
 * All that `sql/features.sql` computes, in its order, as of the end of a cutoff's last day. "Net" is after discounts and
 * after the matched returns known by then; an order is what one order id holds on one day, or the day's lines without id.
 */
export const orderFeatures: readonly OrderFeature[] = [
  days('recency_days', 'from the first to the last purchase day: t_x of BTYD models'),
  days('days_since_last', 'from the last purchase day to the last day read: the recency of RFM'),
  days('age_days', 'from the first purchase day to the last day read: T of BTYD models'),
  count('frequency', 'purchase days after the first: x of BTYD models'),
  orders('orders', 'orders'),
  money('spend', 'net spend'),
  money('first_order_spend', 'net value of the first order'),
  money('repeat_spend', 'net spend on the purchase days after the first'),
  money('order_value_mean', 'mean net value of an order'),
  money('order_value_min', 'smallest net value of an order'),
  money('order_value_max', 'largest net value of an order'),
  money('last_order_value', 'net value of the last order'),
  days('gap_mean_days', 'mean time between successive purchase days'),
  days(
    'gap_std_days',
    'sample standard deviation of the time between successive purchase days; from two gaps on',
  ),
  days('last_gap_days', 'between the last two purchase days'),
  ratio('last_gap_ratio', 'last gap to mean gap'),
  ratio('overdue_ratio', 'days since the last purchase day to mean gap'),
  ...[7, 30, 90, 365].map((window) => money(`spend_${window}d`, `net spend in the last ${window} days`)),
  ...[7, 30, 90, 365].map((window) => orders(`orders_${window}d`, `orders in the last ${window} days`)),
  ...[30, 90].map((window) =>
    money(
      `spend_trend_${window}d`,
      `net spend in the last ${window} days less that of the ${window} days before`,
    ),
  ),
  ...[30, 90].map((window) =>
    orders(
      `orders_trend_${window}d`,
      `orders in the last ${window} days less those of the ${window} days before`,
    ),
  ),
  ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) =>
    share(`${day}_share`, `orders placed on a ${day[0]?.toUpperCase()}${day.slice(1)}`),
  ),
  share('night_share', 'orders from 0 to 6 o’clock, of those whose hour is known'),
  share('morning_share', 'orders from 6 to 12 o’clock, of those whose hour is known'),
  share('afternoon_share', 'orders from 12 to 18 o’clock, of those whose hour is known'),
  share('evening_share', 'orders from 18 to 24 o’clock, of those whose hour is known'),
  count('distinct_products', 'different products bought'),
  nats('product_entropy', 'entropy of the order lines over products; 0 when all are the same'),
  count('distinct_categories', 'different categories bought from'),
  nats('category_entropy', 'entropy of the order lines over categories'),
  text('top_category', 'category of the most order lines; of several, the first by code point'),
  share('top_category_share', 'order lines of that category, of those whose category is known'),
  share('discount_share', 'discounts, of the value before discounts, where discounts are known'),
  share('return_share', 'value of matched returns, of the value sold'),
  text('top_channel', 'channel of the most orders; of several, the first by code point'),
  days('browse_recency_days', 'from the last browsing event to the last day read'),
  ...[7, 30, 90].map((window) => minutes(`browse_minutes_${window}d`, `browsing in the last ${window} days`)),
  ...[7, 30, 90].map((window) =>
    count(
      `browse_sessions_${window}d`,
      `browsing sessions in the last ${window} days, per day of the session`,
    ),
  ),
  ...[7, 30, 90].map((window) =>
    count(`browse_days_${window}d`, `days with browsing in the last ${window} days`),
  ),
  ...[7, 30, 90].map((window) =>
    count(`carts_${window}d`, `events that put into a cart in the last ${window} days`),
  ),
];

/** What the horizon brought. Null where the horizon is not over. */
export const orderLabels: readonly OrderFeature[] = [
  {
    name: 'label_bought',
    type: 'number',
    unit: '0 or 1',
    meaning: 'whether the customer ordered in the horizon',
  },
  money('label_spend', 'value of the orders in the horizon, less their matched returns in the horizon'),
  orders('label_orders', 'orders in the horizon'),
];

function days(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'days', meaning };
}
function orders(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'orders', meaning };
}
function money(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'minor units', meaning };
}
function ratio(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'ratio', meaning };
}
function share(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'share', meaning };
}
function nats(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'nats', meaning };
}
function count(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'count', meaning };
}
function minutes(name: string, meaning: string): OrderFeature {
  return { name, type: 'number', unit: 'minutes', meaning };
}
function text(name: string, meaning: string): OrderFeature {
  return { name, type: 'text', unit: 'text', meaning };
}
