import { customerId, type FieldAliases } from '../aliases.ts';

export type CampaignResultField =
  | 'customerId'
  | 'group'
  | 'treated'
  | 'converted'
  | 'revenue'
  | 'cost'
  | 'date'
  | 'segment'
  | 'tier'
  | 'channel'
  | 'offer'
  | CovariateField;

/** What the list of a campaign told of each customer before it went out. */
export const covariateFields = [
  'probability',
  'expectedOrder',
  'spend',
  'purchaseDays',
  'daysSinceLastOrder',
] as const;
export type CovariateField = (typeof covariateFields)[number];

const field = (
  name: CampaignResultField,
  meaning: string,
  names: readonly string[],
  fallbacks: readonly string[] = [],
): FieldAliases => ({ field: name, meaning, names, fallbacks });

/** Column names of what came of a campaign; the lists of planned campaigns have them already, but for what came of it. */
export const campaignResultAliases: readonly FieldAliases[] = [
  customerId,
  field('group', 'whether the draw put the customer into `treatment` or `control`', [
    ...['group', 'assignment', 'arm', 'variant', '组别', '分组', '实验组别'],
  ]),
  field('treated', 'whether the customer was contacted, where `group` is not told', [
    ...[
      'treated',
      'contacted',
      'sent',
      'was_contacted',
      'is_treated',
      '已触达',
      '是否触达',
      '已发送',
      '是否发送',
    ],
  ]),
  field(
    'converted',
    'whether the customer ordered afterwards: 1/0, yes/no, or how many orders',
    [
      ...['converted', 'outcome', 'conversion', 'responded', 'response', 'ordered', 'bought', 'purchased'],
      ...['是否转化', '已转化', '是否下单', '是否购买', '转化'],
    ],
    ['orders'],
  ),
  field('revenue', 'what the orders came to, in the shop’s currency', [
    ...['revenue', 'sales', 'order_value', 'amount', '收入', '销售额', '成交金额', '订单金额'],
  ]),
  field('cost', 'what contact and offer cost for this customer, in the shop’s currency', [
    'cost',
    '成本',
    '花费',
  ]),
  field('date', 'the day of the contact', [
    'date',
    'contact_date',
    'sent_at',
    'contacted_at',
    '日期',
    '发送日期',
  ]),
  field('segment', 'RFM group that was planned for', ['segment', '客群', '客户分组']),
  field('tier', 'tier that was planned for', ['tier', '价值分层']),
  field('channel', 'how the customer was contacted', ['channel', '渠道']),
  field('offer', 'name of the offer', ['offer', 'offer_level', '优惠', '优惠档位']),
  field('probability', 'probability to buy when the campaign was planned', ['probability', '购买概率']),
  field('expectedOrder', 'expected order value then', ['expected_order_value', '预计客单价']),
  field('spend', 'net spend up to then', ['spend', '累计消费']),
  field('purchaseDays', 'days with an order up to then', ['purchase_days', '购买天数']),
  field('daysSinceLastOrder', 'days since the last order then', ['days_since_last_order', '距上次下单天数']),
];
