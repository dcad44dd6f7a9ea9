import type { AdField } from './fields.ts';

/** Whose upload format bids can be written in. */
export type AdPlatform = 'google' | 'microsoft' | 'amazon' | 'meta' | 'oceanEngine' | 'alimama';

/** The layout of one platform's export. */
export interface AdProfile {
  name: string;
  title: string;
  platform: AdPlatform;
  /** The columns that tell this layout from all others. A currency or a unit in brackets at the end of a name is left off. */
  signature: readonly string[];
  /** The columns that are read, by field; the first that is there, where several are named. */
  columns: Readonly<Partial<Record<AdField, readonly string[]>>>;
  /** What is peculiar to the layout; for docs/uploads.md. */
  rules: readonly string[];
  /** Empty cells are zeros, as in exports that leave out what did not happen. */
  emptyIsZero?: boolean;
  /** A row that names nothing is the summary of the others. */
  summaryRow?: boolean;
  /** A bid counts only where its type stands beside it, as bids are mostly per conversion. */
  bidNeedsType?: boolean;
  /** Of a bulk sheet only rows of these kinds are bid on. */
  entities?: readonly string[];
}

const search = {
  date: ['Day', 'Date', 'Gregorian date', 'TimePeriod'],
  campaign: ['Campaign', 'Campaign name'],
  campaignId: ['Campaign ID'],
  adGroup: ['Ad group', 'Ad group name'],
  adGroupId: ['Ad group ID'],
  keywordId: ['Keyword ID', 'Criterion ID'],
  device: ['Device', 'Device type'],
  clicks: ['Clicks'],
} as const;

const meta = (
  name: string,
  title: string,
  { signature, columns }: Pick<AdProfile, 'signature' | 'columns'>,
): AdProfile => ({
  name,
  title,
  platform: 'meta',
  signature,
  columns,
  emptyIsZero: true,
  summaryRow: true,
  bidNeedsType: true,
  rules:
    name === 'meta'
      ? [
          'Bids are set on ad sets, so that the ads of a set are added up; a row that names nothing is the summary of the others.',
          'Empty cells are zeros. Results count as conversions where there are no purchases, unless their type says that they are clicks, views or the like.',
          'A bid counts where `Bid type` says that it is per click or per thousand impressions, and not per result.',
          'The period of a row is `Reporting starts` to `Reporting ends`; a period of one day is that day.',
        ]
      : ['As Meta Ads Manager in English.'],
});

/** Every layout that is known. A file that has the signature of none is read by the names of its columns. */
export const adProfiles: readonly AdProfile[] = [
  {
    name: 'google-ads',
    title: 'Google Ads: keywords, search terms, ad groups or campaigns',
    platform: 'google',
    signature: ['Campaign', 'Impr.', 'Clicks', 'Cost'],
    columns: {
      ...search,
      keyword: ['Keyword', 'Search keyword', 'Search term'],
      matchType: ['Match type', 'Search keyword match type', 'Keyword match type'],
      segment: ['Audience segment', 'Audience'],
      impressions: ['Impr.'],
      conversions: ['Conversions', 'Conv.'],
      spend: ['Cost'],
      revenue: ['Conv. value', 'Conversion value', 'Total conv. value'],
      bid: ['Max. CPC', 'Keyword max CPC', 'Default max. CPC'],
      cpmBid: ['Max. CPM', 'Default max. CPM'],
      currency: ['Currency code', 'Currency'],
    },
    rules: [
      'Lines of a title and of dates above the column names, and lines of totals, are passed over.',
      'A keyword is known by campaign, ad group, keyword and match type, or by its ids. Search terms are added up under their keyword where the report has it; else each stands for itself.',
      '`--` is nothing, a bid of `auto` is none, and `(enhanced)` behind a bid is left off.',
    ],
  },
  {
    name: 'google-ads-api',
    title: 'Google Ads API: fields of a query (metrics.clicks, metrics.cost_micros …)',
    platform: 'google',
    signature: ['metrics.impressions', 'metrics.clicks', 'metrics.cost_micros'],
    columns: {
      date: ['segments.date'],
      device: ['segments.device'],
      campaign: ['campaign.name'],
      campaignId: ['campaign.id'],
      adGroup: ['ad_group.name'],
      adGroupId: ['ad_group.id'],
      keyword: ['ad_group_criterion.keyword.text'],
      keywordId: ['ad_group_criterion.criterion_id'],
      matchType: ['ad_group_criterion.keyword.match_type'],
      impressions: ['metrics.impressions'],
      clicks: ['metrics.clicks'],
      conversions: ['metrics.conversions'],
      spend: ['metrics.cost_micros'],
      revenue: ['metrics.conversions_value'],
      bid: [
        'ad_group_criterion.effective_cpc_bid_micros',
        'ad_group_criterion.cpc_bid_micros',
        'ad_group.cpc_bid_micros',
      ],
      cpmBid: ['ad_group_criterion.effective_cpm_bid_micros', 'ad_group.cpm_bid_micros'],
      currency: ['customer.currency_code'],
    },
    rules: ['Names that end in `micros` hold millionths.'],
  },
  {
    name: 'microsoft-ads',
    title: 'Microsoft Advertising: keyword, ad group or campaign performance',
    platform: 'microsoft',
    signature: ['Account name', 'Campaign name', 'Impressions', 'Clicks', 'Spend'],
    columns: {
      ...search,
      keyword: ['Keyword'],
      matchType: ['Bid match type'],
      impressions: ['Impressions'],
      conversions: ['Conversions'],
      spend: ['Spend'],
      revenue: ['Revenue'],
      bid: ['Current maximum CPC', 'Current max CPC'],
      currency: ['Currency code'],
    },
    rules: [
      'Lines above the column names (`Report Name:` …) and the footer with the copyright are passed over.',
      'Names may also be those of the API (`CampaignName`, `TimePeriod`). Brackets around a keyword’s id are left off.',
    ],
  },
  {
    name: 'amazon-ads',
    title: 'Amazon Ads: Sponsored Products, targeting and search term reports',
    platform: 'amazon',
    signature: ['Campaign Name', 'Impressions', 'Clicks', 'Spend', '7 Day Total Sales'],
    columns: {
      date: ['Date'],
      periodStart: ['Start Date'],
      periodEnd: ['End Date'],
      campaign: ['Campaign Name'],
      campaignId: ['Campaign ID'],
      adGroup: ['Ad Group Name'],
      adGroupId: ['Ad Group ID'],
      keyword: ['Targeting', 'Keyword', 'Customer Search Term'],
      keywordId: ['Keyword ID', 'Targeting ID'],
      matchType: ['Match Type'],
      impressions: ['Impressions'],
      clicks: ['Clicks'],
      conversions: ['7 Day Total Orders (#)', '7 Day Total Orders'],
      spend: ['Spend'],
      revenue: ['7 Day Total Sales'],
      bid: ['Bid', 'Keyword Bid'],
      currency: ['Currency'],
    },
    rules: [
      'Conversions and revenue are those within seven days of the click. Search terms are added up under their target.',
    ],
  },
  {
    name: 'amazon-bulk',
    title: 'Amazon Ads: bulk sheet of Sponsored Products',
    platform: 'amazon',
    signature: ['Entity', 'Operation', 'Campaign ID', 'Bid', 'Impressions', 'Clicks', 'Spend'],
    columns: {
      entity: ['Entity'],
      campaign: ['Campaign Name (Informational only)', 'Campaign Name'],
      campaignId: ['Campaign ID'],
      adGroup: ['Ad Group Name (Informational only)', 'Ad Group Name'],
      adGroupId: ['Ad Group ID'],
      keyword: ['Keyword Text', 'Product Targeting Expression'],
      keywordId: ['Keyword ID', 'Product Targeting ID'],
      matchType: ['Match Type'],
      impressions: ['Impressions'],
      clicks: ['Clicks'],
      conversions: ['Orders'],
      spend: ['Spend'],
      revenue: ['Sales'],
      bid: ['Bid'],
    },
    emptyIsZero: true,
    entities: ['Keyword', 'Product Targeting'],
    rules: [
      'Rows of the entities `Keyword` and `Product Targeting` are read; those of campaigns, ad groups and the like repeat their figures and are passed over.',
    ],
  },
  meta('meta', 'Meta Ads Manager', {
    signature: ['Campaign name', 'Impressions', 'Amount spent'],
    columns: {
      date: ['Day', 'Date'],
      periodStart: ['Reporting starts'],
      periodEnd: ['Reporting ends'],
      campaign: ['Campaign name'],
      campaignId: ['Campaign ID'],
      adGroup: ['Ad set name'],
      adGroupId: ['Ad set ID'],
      impressions: ['Impressions'],
      clicks: ['Link clicks', 'Clicks (all)'],
      conversions: ['Purchases', 'Website purchases', 'Results'],
      resultType: ['Result indicator', 'Result type'],
      spend: ['Amount spent'],
      revenue: ['Purchases conversion value', 'Website purchases conversion value'],
      bid: ['Bid'],
      bidType: ['Bid type'],
      currency: ['Currency'],
    },
  }),
  meta('meta-fr', 'Meta Ads Manager in French', {
    signature: ['Nom de la campagne', 'Impressions', 'Montant dépensé'],
    columns: {
      date: ['Jour'],
      periodStart: ['Début des rapports'],
      periodEnd: ['Fin des rapports'],
      campaign: ['Nom de la campagne'],
      campaignId: ['ID de la campagne', 'Identifiant de la campagne'],
      adGroup: ['Nom de l’ensemble de publicités'],
      adGroupId: ['ID de l’ensemble de publicités', 'Identifiant de l’ensemble de publicités'],
      impressions: ['Impressions'],
      clicks: ['Clics sur un lien', 'Clics sur le lien', 'Clics (tous)'],
      conversions: ['Achats', 'Achats sur le site web', 'Résultats'],
      resultType: ['Indicateur de résultats', 'Type de résultat'],
      spend: ['Montant dépensé'],
      revenue: ['Valeur de conversion des achats', 'Valeur de conversion des achats sur le site web'],
      currency: ['Devise'],
    },
  }),
  meta('meta-es', 'Meta Ads Manager in Spanish', {
    signature: ['Nombre de la campaña', 'Impresiones', 'Importe gastado'],
    columns: {
      date: ['Día'],
      periodStart: ['Inicio del informe'],
      periodEnd: ['Fin del informe'],
      campaign: ['Nombre de la campaña'],
      campaignId: ['Identificador de la campaña'],
      adGroup: ['Nombre del conjunto de anuncios'],
      adGroupId: ['Identificador del conjunto de anuncios'],
      impressions: ['Impresiones'],
      clicks: ['Clics en el enlace', 'Clics (todos)'],
      conversions: ['Compras', 'Compras en el sitio web', 'Resultados'],
      resultType: ['Indicador de resultado', 'Tipo de resultado'],
      spend: ['Importe gastado'],
      revenue: ['Valor de conversión de compras', 'Valor de conversión de compras en el sitio web'],
      currency: ['Divisa'],
    },
  }),
  {
    name: 'ocean-engine',
    title: '巨量引擎/巨量千川: 计划报表',
    platform: 'oceanEngine',
    signature: ['计划ID', '消耗', '转化数'],
    columns: {
      date: ['日期', '时间'],
      adId: ['计划ID'],
      campaign: ['广告组名称', '广告组', '项目名称', '账户名称'],
      campaignId: ['广告组ID', '项目ID', '账户ID'],
      adGroup: ['计划名称'],
      impressions: ['展示次数', '展示数', '展现量'],
      clicks: ['点击次数', '点击数'],
      conversions: ['直接成交订单数', '成交订单数', '转化数'],
      spend: ['消耗'],
      revenue: ['直接成交金额', '成交订单金额', '成交金额', '支付金额'],
      bid: ['出价'],
      bidType: ['出价方式', '计费方式'],
    },
    bidNeedsType: true,
    rules: [
      'Bids are set on plans (计划). Orders count as conversions where the report has them, else 转化数.',
      '出价 counts as a bid where 出价方式 or 计费方式 says CPC or CPM; a price per conversion (oCPM, CPA) is none.',
    ],
  },
  {
    name: 'alimama',
    title: '阿里妈妈 (直通车/万相台): 关键词, 单元 or 计划',
    platform: 'alimama',
    signature: ['展现量', '点击量', '花费', '总成交金额', '总成交笔数'],
    columns: {
      date: ['日期', '统计日期'],
      campaign: ['计划名字', '计划名称', '推广计划名称', '推广计划'],
      campaignId: ['计划ID', '推广计划ID'],
      adGroup: ['单元名字', '单元名称', '推广单元名称', '推广单元', '主体名称'],
      adGroupId: ['单元ID', '推广单元ID', '主体ID'],
      keyword: ['关键词名称', '关键词', '词名字', '词包名字/关键词名字'],
      keywordId: ['关键词ID'],
      matchType: ['匹配方式'],
      segment: ['人群名称', '人群名字'],
      device: ['投放设备', '设备'],
      impressions: ['展现量'],
      clicks: ['点击量'],
      conversions: ['总成交笔数'],
      spend: ['花费'],
      revenue: ['总成交金额'],
      bid: ['关键词出价', '出价', '默认出价'],
    },
    rules: ['Conversions are 总成交笔数, revenue is 总成交金额.'],
  },
  {
    name: 'kaggle-facebook',
    title: 'Facebook ads of the data set “Sales Conversion Optimization”',
    platform: 'meta',
    signature: ['ad_id', 'xyz_campaign_id', 'fb_campaign_id', 'Spent', 'Approved_Conversion'],
    columns: {
      adId: ['ad_id'],
      campaign: ['xyz_campaign_id'],
      adGroup: ['fb_campaign_id'],
      impressions: ['Impressions'],
      clicks: ['Clicks'],
      conversions: ['Approved_Conversion'],
      spend: ['Spent'],
    },
    rules: ['Conversions are sales (`Approved_Conversion`), not enquiries (`Total_Conversion`).'],
  },
];
