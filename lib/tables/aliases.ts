import type { TableKind } from './types.ts';

/** A field of a table and the column names it is known by. */
export interface FieldAliases {
  field: string;
  meaning: string;
  names: readonly string[];
  /** Names so general that they count only where none of `names` is there; beside one of them they are not used. */
  fallbacks: readonly string[];
}

export const customerId: FieldAliases = {
  field: 'customerId',
  meaning: 'who the row is about',
  names: [
    ...['customer_id', 'customer_no', 'customer_number', 'customer_code', 'client_id', 'user_id', 'uid'],
    ...['member_id', 'buyer_id', 'shopper_id', 'account_id'],
    ...['用户ID', '用户编号', '客户ID', '客户编号', '客户号', '会员ID', '会员编号', '会员号', '会员卡号'],
    ...['买家ID', '买家会员名', '顾客ID', '顾客编号'],
  ],
  fallbacks: ['id', 'customer', 'user', 'email', '编号', '用户', '客户', '顾客', '邮箱'],
};

const label: FieldAliases = {
  field: 'bought',
  meaning: 'whether the customer bought: 1/0, true/false, yes/no, 是/否',
  names: [
    ...['purchased', 'has_purchased', 'is_purchased', 'bought', 'will_buy', 'buyer', 'is_buyer', 'converted'],
    ...['label', 'target', '是否购买', '是否下单', '是否成交', '是否转化', '是否复购', '是否付费', '已购买'],
  ],
  fallbacks: [
    'revenue',
    'purchase',
    'buy',
    'conversion',
    'outcome',
    'response',
    'class',
    'y',
    '购买',
    '标签',
    '转化',
  ],
};

const field = (
  name: string,
  meaning: string,
  names: readonly string[],
  fallbacks: readonly string[] = [],
): FieldAliases => ({ field: name, meaning, names, fallbacks });

/** Every column name that is understood, by table. Case, spaces, `_`, `-` and a unit in brackets do not matter. */
export const aliases: Record<TableKind, readonly FieldAliases[]> = {
  customers: [
    customerId,
    field(
      'spend',
      'money spent, in the shop’s currency',
      [
        ...['spend', 'spent', 'spending', 'total_spend', 'total_spent', 'total_spending', 'amount_spent'],
        ...['purchase_amount', 'order_amount', 'total_amount', 'total_sales', 'net_sales', 'gmv'],
        ...['消费金额', '消费总额', '总消费', '总消费金额', '累计消费', '累计消费金额', '消费额', '购买金额'],
        ...['成交金额', '交易金额', '订单金额', '订单总额', '支付金额', '实付金额', '总金额'],
      ],
      ['amount', 'revenue', 'sales', 'total', 'monetary', 'value', '金额'],
    ),
    field(
      'frequency',
      'number of orders, or orders per period',
      [
        ...['frequency', 'purchase_frequency', 'orders', 'order_count', 'orders_count', 'number_of_orders'],
        ...['num_orders', 'total_orders', 'purchases', 'purchase_count', 'number_of_purchases'],
        ...['transactions', 'transaction_count', 'invoices'],
        ...['购买频率', '购买次数', '购买频次', '消费次数', '消费频率', '消费频次', '下单次数'],
        ...['订单数', '订单数量', '订单量', '交易次数', '成交次数'],
      ],
      ['count', 'freq', '次数', '频率', '频次'],
    ),
    field(
      'browsingMinutes',
      'minutes spent browsing; another unit stands in brackets: (seconds), (小时)',
      [
        ...[
          'browsing_minutes',
          'browsing_time',
          'browsing_duration',
          'browsing',
          'browse_time',
          'browse_minutes',
        ],
        ...['minutes_browsed', 'minutes_on_site', 'session_minutes'],
        ...['浏览时长', '浏览时间', '浏览分钟数', '浏览分钟', '停留时长', '停留时间', '访问时长', '在线时长'],
      ],
      ['minutes', 'duration', '时长'],
    ),
  ],
  training: [customerId, label],
  scoring: [customerId, label],
  ads: [
    field(
      'adId',
      'which advertisement the row is about',
      ['ad_id', 'ad_code', 'creative_id', 'keyword_id', '广告ID', '广告编号', '创意ID', '关键词ID'],
      ['id', 'ad', 'ad_name', 'creative', 'keyword', '编号', '广告', '广告名称', '创意', '关键词'],
    ),
    field(
      'impressions',
      'times shown',
      [
        'impressions',
        'impression',
        'impr',
        'impression_count',
        '曝光次数',
        '曝光量',
        '曝光数',
        '展现量',
        '展现次数',
        '展示次数',
        '展示量',
        '展示数',
      ],
      ['views', 'shows', '曝光', '展现', '展示'],
    ),
    field(
      'clicks',
      'clicks',
      ['clicks', 'click', 'click_count', 'link_clicks', '点击次数', '点击量', '点击数'],
      ['点击'],
    ),
    field(
      'conversions',
      'purchases that followed',
      [
        ...[
          'conversions',
          'conversion',
          'conv',
          'conversion_count',
          'approved_conversion',
          'approved_conversions',
        ],
        ...[
          '成交次数',
          '成交笔数',
          '成交量',
          '成交数',
          '成交订单数',
          '转化次数',
          '转化数',
          '转化量',
          '下单次数',
        ],
      ],
      ['purchases', 'orders', 'results', '订单数', '成交', '转化'],
    ),
    field('clickRate', 'clicks per impression: .05 or 5%', [
      'click_rate',
      'click_through_rate',
      'ctr',
      '点击率',
    ]),
    field('conversionRate', 'conversions per click: .05 or 5%', [
      'conversion_rate',
      'conv_rate',
      'cvr',
      '转化率',
      '点击转化率',
      '成交转化率',
      '成交率',
    ]),
    field(
      'spend',
      'money spent, in the shop’s currency',
      [
        ...['spend', 'spent', 'ad_spend', 'amount_spent', 'total_spend', 'cost', 'ad_cost', 'total_cost'],
        ...['花费', '总花费', '消耗', '费用', '广告花费', '广告费', '广告费用', '推广费用', '推广花费'],
      ],
      ['amount', '金额', '消费', '成本'],
    ),
  ],
};
