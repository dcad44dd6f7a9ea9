import type { FieldAliases } from '../aliases.ts';

/** What a column of an ads table can hold. The meaning goes into docs/uploads.md. */
export const adFields = {
  adId: 'which advertisement (or whatever the shop bids on) the row is about',
  campaign: 'its campaign; ads of one campaign learn from each other',
  campaignId: 'the campaign’s id on the platform',
  adGroup: 'its ad group or ad set',
  adGroupId: 'the ad group’s id on the platform',
  keyword: 'the keyword or target that is bid on',
  keywordId: 'the keyword’s id on the platform',
  matchType: 'how a search must match the keyword',
  entity: 'what kind of thing the row of a bulk sheet is',
  segment: 'audience or customer segment',
  device: 'device',
  platform: 'where it runs: Google, Microsoft, Amazon, Meta …',
  date: 'the day; without it a row covers the whole time',
  periodStart: 'first day that the row covers',
  periodEnd: 'last day that the row covers; the same as the first makes it a row of that day',
  impressions: 'times shown',
  clicks: 'clicks',
  conversions: 'purchases that followed; may be fractions',
  resultType: 'what the results that are counted are',
  clickRate: 'clicks per impression: .05 or 5%',
  conversionRate: 'conversions per click: .05 or 5%',
  spend: 'money spent',
  revenue: 'what the purchases brought; below 0 where refunds outweigh them',
  bid: 'the bid in force, per click unless `bidType` says otherwise',
  cpmBid: 'the bid in force, per thousand impressions',
  bidType: 'what is bid on: CPC (a click), CPM (a thousand impressions)',
  servedShare: 'share of the day before the budget ran out: .8 or 80%',
  currency: 'ISO 4217 code',
} as const;
export type AdField = keyof typeof adFields;

/** Fields of which a column tells the platform's name, not a figure. */
export const identityFields = ['adId', 'keywordId', 'keyword', 'adGroupId', 'adGroup'] as const;

export const moneyFields = ['spend', 'revenue', 'bid', 'cpmBid'] as const;
export const countFields = ['impressions', 'clicks', 'conversions'] as const;
export const rateFields = ['clickRate', 'conversionRate'] as const;

const field = (name: AdField, names: readonly string[], fallbacks: readonly string[] = []): FieldAliases => ({
  field: name,
  meaning: adFields[name],
  names,
  fallbacks,
});

/** Column names of the plain layout: any table with what ads cost, and what came of them. */
export const adAliases: readonly FieldAliases[] = [
  field(
    'adId',
    ['ad_id', 'ad_code', 'creative_id', '广告ID', '广告编号', '创意ID'],
    ['id', 'ad', 'ad_name', 'creative', '编号', '广告', '广告名称', '创意'],
  ),
  field(
    'campaign',
    [
      ...['campaign', 'campaign_name', '广告系列', '广告系列名称', '推广计划', '推广计划名称'],
      ...['计划名称', '计划名字', '广告计划', '广告计划名称'],
    ],
    ['计划'],
  ),
  field('campaignId', ['campaign_id', '推广计划ID', '计划ID', '广告系列ID', '广告计划ID']),
  field(
    'adGroup',
    [
      ...['ad_group', 'ad_group_name', 'ad_set', 'ad_set_name', '广告组', '广告组名称'],
      ...['推广单元', '推广单元名称', '推广组', '推广组名称', '单元名称'],
    ],
    ['单元'],
  ),
  field('adGroupId', ['ad_group_id', 'ad_set_id', '广告组ID', '推广单元ID', '推广组ID', '单元ID']),
  field(
    'keyword',
    ['keyword', 'keyword_text', 'search_keyword', 'targeting', '关键词', '关键词名称', '词名字'],
    ['search_term', 'search_query', 'customer_search_term', '搜索词'],
  ),
  field('keywordId', ['keyword_id', 'criterion_id', '关键词ID']),
  field('matchType', ['match_type', 'keyword_match_type', '匹配方式', '匹配类型']),
  field('segment', [
    ...['segment', 'customer_segment', 'audience', 'audience_name', 'audience_segment'],
    ...['人群', '人群名称', '受众', '定向人群', '客户分层'],
  ]),
  field('device', ['device', 'device_type', '设备', '设备类型']),
  field(
    'platform',
    ['platform', 'ad_platform', 'network', 'ad_network', '平台', '投放平台', '媒体'],
    ['channel', 'source', '渠道'],
  ),
  field(
    'date',
    ['date', 'day', 'report_date', 'stat_date', 'date_day', '日期', '统计日期', '投放日期'],
    ['time', 'datetime', '时间'],
  ),
  field('periodStart', ['reporting_starts', 'period_start']),
  field('periodEnd', ['reporting_ends', 'period_end']),
  field(
    'impressions',
    [
      ...['impressions', 'impression', 'impr', 'impression_count', '曝光次数', '曝光量', '曝光数'],
      ...['展现量', '展现次数', '展现数', '展示次数', '展示量', '展示数'],
    ],
    ['views', 'shows', '曝光', '展现', '展示'],
  ),
  field(
    'clicks',
    ['clicks', 'click', 'click_count', 'link_clicks', '点击次数', '点击量', '点击数'],
    ['点击'],
  ),
  field(
    'conversions',
    [
      ...['conversions', 'conversion', 'conv', 'conversion_count'],
      ...['approved_conversion', 'approved_conversions'],
      ...['成交次数', '成交笔数', '总成交笔数', '成交量', '成交数', '成交订单数'],
      ...['转化次数', '转化数', '转化量', '下单次数'],
    ],
    ['purchases', 'orders', 'results', '订单数', '成交', '转化'],
  ),
  field('clickRate', ['click_rate', 'click_through_rate', 'ctr', '点击率']),
  field('conversionRate', [
    ...['conversion_rate', 'conv_rate', 'cvr'],
    ...['转化率', '点击转化率', '成交转化率', '成交率'],
  ]),
  field(
    'spend',
    [
      ...['spend', 'spent', 'ad_spend', 'amount_spent', 'total_spend', 'cost', 'ad_cost', 'total_cost'],
      ...['花费', '总花费', '消耗', '费用', '广告花费', '广告费', '广告费用', '推广费用', '推广花费'],
    ],
    ['amount', '金额', '消费', '成本'],
  ),
  field(
    'revenue',
    [
      ...['revenue', 'conversion_value', 'conversions_value', 'conv_value', 'total_conv_value'],
      ...['purchase_value', 'purchases_conversion_value', 'sales_amount', 'ad_revenue'],
      ...['成交金额', '总成交金额', '转化金额', '支付金额', '销售额'],
    ],
    ['sales', 'total_sales', 'value', '收入'],
  ),
  field('bid', [
    ...['bid', 'current_bid', 'max_cpc', 'cpc_bid', 'max_bid', 'keyword_bid', 'bid_amount'],
    ...['default_max_cpc', 'max_cpc_bid', 'current_maximum_cpc', 'default_bid'],
    ...['出价', '当前出价', '默认出价', '最高出价', '关键词出价', '点击出价'],
  ]),
  field('cpmBid', ['max_cpm', 'cpm_bid', 'default_max_cpm', '千次展现出价', '千次展示出价']),
  field('bidType', [
    ...['bid_type', 'bid_unit', 'pricing_model', 'billing_event', 'charge_type'],
    ...['出价方式', '出价类型', '计费方式'],
  ]),
  field('servedShare', ['served_share', 'share_served']),
  field('currency', ['currency', 'currency_code', '币种', '货币']),
];
