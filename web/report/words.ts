import type { Language } from '../words.ts';

/** What the report says beside the words that it shares with the page. */
export const reportWords = {
  title: { en: 'What your customers are worth', zh: '客户价值报告' },
  subtitle: { en: 'Data to {asOf} · run {run} of {dataset}', zh: '数据截至 {asOf} · {dataset} 运行 {run}' },
  inShort: { en: 'In short', zh: '概要' },
  value: { en: 'Value', zh: '客户价值' },
  expectedBetween: { en: '90 % sure: {low} to {high}', zh: '90% 区间：{low} 至 {high}' },
  spentBy: { en: 'by {count} customers', zh: '来自 {count} 位客户' },
  ofModel: { en: 'Model in use: {name}', zh: '使用中的模型：{name}' },
  metric: { en: 'On held-out data', zh: '留出数据上的指标' },
  ours: { en: 'Model in use', zh: '使用中的模型' },
  baselineColumn: { en: 'Baseline', zh: '基线' },
  heldOut: {
    en: 'Tested on {rows} held-out rows, {buyers} of them buyers; grade {grade}.',
    zh: '用 {rows} 行留出数据检验，其中 {buyers} 个购买；评级 {grade}。',
  },
  topBids: { en: 'The ads with most clicks', zh: '点击最多的广告' },
  topAds: { en: 'The ads with most spend', zh: '花费最多的广告' },
  ad: { en: 'Ad', zh: '广告' },
  why: { en: 'Why', zh: '原因' },
  portfolio: {
    en: 'A round of {days} days is expected to cost {spend} and to bring {value} after margin (90 %: {low} to {high}).',
    zh: '每轮 {days} 天预计花费 {spend}，带来毛利 {value}（90%：{low} 至 {high}）。',
  },
  moreAds: {
    en: '{shown} of {all} ads; bids.csv has them all.',
    zh: '{all} 条广告中的 {shown} 条；全部见 bids.csv。',
  },
  noBid: { en: 'no bid', zh: '无出价' },
  rowsRead: {
    en: '{ok} of {all} rows were read; {bad} were set aside, each with its reason.',
    zh: '共 {all} 行，读取 {ok} 行；{bad} 行被搁置并注明原因。',
  },
  reasonHeading: { en: 'Why rows were set aside', zh: '行被搁置的原因' },
  file: { en: 'File', zh: '文件' },
  dataFrom: {
    en: 'Orders from {first} to {last}, on {days} days.',
    zh: '订单从 {first} 到 {last}，共 {days} 天有订单。',
  },
  showTable: { en: 'The figures as a table', zh: '以表格显示数据' },
  missingParts: { en: 'Not in this report', zh: '本报告未包含' },
  bidsSentence: {
    en: 'Bids are suggested for {count} ads; the next round should bring {value} for {spend}.',
    zh: '为 {count} 条广告给出建议出价；下一轮预计花费 {spend}，带来 {value}。',
  },
  method: { en: 'Method, and its limits', zh: '方法与局限' },
  methodValue: {
    en: 'Value: how often each customer will buy again comes from a model of buying and leaving (BG/NBD, MBG/NBD, Pareto/NBD or NBD, whichever forecast this shop’s own held-out days best), how much from Gamma-Gamma; intervals are from a bootstrap over the parameters. The models know no seasons and no campaigns: before a season of yours they say too little, after it too much.',
    zh: '客户价值：复购次数来自“购买与流失”模型（BG/NBD、MBG/NBD、Pareto/NBD 或 NBD，取在本店留出数据上预测最好的一个），客单价来自 Gamma-Gamma；区间由参数的自助法得出。模型不了解季节与促销：旺季前会偏低，旺季后会偏高。',
  },
  methodModel: {
    en: 'Who buys next: the best of several candidates by log-loss on days, or rows, that none had seen, with probabilities calibrated apart from the fit. It learns who buys, not whom a message persuades: only a campaign with a control group shows that.',
    zh: '谁会购买：按未见过的日期或数据上的对数损失从多个候选模型中选出，概率单独校准。它学的是谁会买，而不是谁会被营销打动：后者只有带对照组的活动才能说明。',
  },
  methodBids: {
    en: 'Bids: the evidence of all ads is pooled, so that an ad with few clicks is judged by its campaign first; a bid is a share of what a click is worth to this shop, as the budget or the target allows. Conversions of the last days may still come in. What other advertisers will do is not known.',
    zh: '出价：汇总全部广告的证据，点击少的广告先参照其广告系列；出价是每次点击对本店价值的一个比例，由预算或目标决定。最近几天的转化可能尚未计入，竞争对手的行为未知。',
  },
  methodData: {
    en: 'Data: every row of the uploads has one outcome; what could not be read was set aside with its reason and is in no figure. Segments are descriptions, not causes.',
    zh: '数据：上传的每一行都有唯一的处理结果；无法读取的行连同原因被搁置，不计入任何数字。分层只是描述，不代表因果。',
  },
} as const satisfies Record<string, Record<Language, string>>;

export type ReportWord = keyof typeof reportWords;
