import type { InTwoLanguages } from '../purchaseReport.ts';

/** A fact about a customer, `{}` standing for its value with its unit. */
type Phrase = readonly [en: string, zh: string];

/** Facts of features of an order history, by the feature's name without its window; `{w}` stands for the days of the window. */
const phrases: Readonly<Record<string, Phrase>> = {
  recency_days: ['{} from first to last order', '首单到最近一单相隔{}'],
  days_since_last: ['last order {} ago', '上次下单在{}前'],
  age_days: ['customer for {}', '成为客户已有{}'],
  frequency: ['{} days with an order after the first', '首单之后有{}天下单'],
  orders: ['{} orders so far', '累计{}单'],
  spend: ['spent {} so far', '累计消费{}'],
  first_order_spend: ['first order of {}', '首单金额{}'],
  repeat_spend: ['spent {} after the first order', '首单之后消费{}'],
  order_value_mean: ['orders of {} on average', '平均每单{}'],
  order_value_min: ['smallest order of {}', '最小一单{}'],
  order_value_max: ['largest order of {}', '最大一单{}'],
  last_order_value: ['last order of {}', '最近一单{}'],
  gap_mean_days: ['orders every {}', '平均每{}下单一次'],
  gap_std_days: ['time between orders varies by {}', '下单间隔波动{}'],
  last_gap_days: ['{} between the last two orders', '最近两单相隔{}'],
  last_gap_ratio: ['last pause {} times the usual one', '最近一次间隔为平时的{}倍'],
  overdue_ratio: ['quiet for {} times the usual pause', '距上次下单为平时间隔的{}倍'],
  spend_d: ['spent {} in the last {w} days', '最近{w}天消费{}'],
  orders_d: ['{} orders in the last {w} days', '最近{w}天{}单'],
  spend_trend_d: ['spend of the last {w} days changed by {}', '最近{w}天消费变化{}'],
  orders_trend_d: ['orders of the last {w} days changed by {}', '最近{w}天订单数变化{}'],
  monday_share: ['{} of orders on a Monday', '{}的订单在周一'],
  tuesday_share: ['{} of orders on a Tuesday', '{}的订单在周二'],
  wednesday_share: ['{} of orders on a Wednesday', '{}的订单在周三'],
  thursday_share: ['{} of orders on a Thursday', '{}的订单在周四'],
  friday_share: ['{} of orders on a Friday', '{}的订单在周五'],
  saturday_share: ['{} of orders on a Saturday', '{}的订单在周六'],
  sunday_share: ['{} of orders on a Sunday', '{}的订单在周日'],
  night_share: ['{} of orders at night', '{}的订单在夜间'],
  morning_share: ['{} of orders in the morning', '{}的订单在上午'],
  afternoon_share: ['{} of orders in the afternoon', '{}的订单在下午'],
  evening_share: ['{} of orders in the evening', '{}的订单在晚上'],
  distinct_products: ['{} different products bought', '买过{}种商品'],
  product_entropy: ['variety of products {}', '商品多样性{}'],
  distinct_categories: ['bought from {} categories', '买过{}个类目'],
  category_entropy: ['variety of categories {}', '类目多样性{}'],
  top_category: ['buys mostly {}', '主要购买{}'],
  top_category_share: ['{} of purchases in the favourite category', '{}的购买在最常买的类目'],
  discount_share: ['{} of the value was discount', '折扣占{}'],
  return_share: ['{} of the value was returned', '退货占{}'],
  top_channel: ['orders mostly through {}', '主要通过{}下单'],
  browse_recency_days: ['last visit {} ago', '上次浏览在{}前'],
  browse_minutes_d: ['browsed {} in the last {w} days', '最近{w}天浏览{}'],
  browse_sessions_d: ['{} visits in the last {w} days', '最近{w}天访问{}次'],
  browse_days_d: ['visited on {} of the last {w} days', '最近{w}天中有{}天来访'],
  carts_d: ['put into a cart {} times in the last {w} days', '最近{w}天加购{}次'],
};

/** The fact's sentence with its value in it; null for a feature that is not one of an order history. */
export function orderPhrase(column: string, value: InTwoLanguages): InTwoLanguages | null {
  const window = /_(\d+)d$/.exec(column)?.[1] ?? null;
  const phrase = phrases[window === null ? column : column.replace(/_\d+d$/, '_d')];
  if (phrase === undefined) return null;
  const fill = (text: string, shown: string): string =>
    text.replace('{w}', window ?? '').replace('{}', () => shown);
  return { en: fill(phrase[0], value.en), zh: fill(phrase[1], value.zh) };
}
