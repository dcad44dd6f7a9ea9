import type { Sentence } from '../sentences.ts';

/** What a run has brought, for whoever dropped the files. */
export type RunKind =
  | 'orders'
  | 'customers'
  | 'model'
  | 'scores'
  | 'ads'
  | 'campaigns'
  | 'products'
  | 'other';

interface RunSentences {
  /** The first that the facts allow; the last needs none. */
  headline: readonly Sentence[];
  text: readonly Sentence[];
}

const rows: readonly Sentence[] = [
  {
    en: '{rowsQuarantined} of {rowsIn} rows could not be read; they stand aside with their reasons.',
    zh: '{rowsIn} 行中有 {rowsQuarantined} 行无法读取，已连同原因另存。',
  },
  { without: 'rowsQuarantined', en: 'All {rowsIn} rows could be read.', zh: '{rowsIn} 行数据全部读取成功。' },
];

export const runSentences: Record<RunKind, RunSentences> = {
  orders: {
    headline: [
      {
        en: 'Your customers are expected to spend {next12m} in the year ahead',
        zh: '预计您的客户{year}内消费 {next12m}',
      },
      { en: 'What your {customers} customers have spent so far', zh: '您的 {customers} 位客户的消费情况' },
      { en: 'Your order history has been read', zh: '订单历史已读取' },
    ],
    text: [
      {
        en: 'The order history holds {customers} customers, with orders up to {lastDay}.',
        zh: '订单历史含 {customers} 位客户，订单截至 {lastDay}。',
      },
      { en: 'So far they have spent {historic}.', zh: '迄今累计消费 {historic}。' },
      {
        en: 'In the year ahead they are expected to spend {next12m}, with {confidence} certainty between {low} and {high}.',
        zh: '预计{year}内消费 {next12m}，有 {confidence} 的把握在 {low} 至 {high} 之间。',
      },
      {
        without: 'next12m',
        en: 'What they will spend cannot be forecast yet.',
        zh: '目前尚无法预测今后的消费。',
      },
      {
        en: 'The high tier holds {highCustomers} customers with {highShare} of what is expected.',
        zh: '高价值客户 {highCustomers} 位，占预计消费的 {highShare}。',
      },
      {
        without: 'next12m',
        en: 'The high tier holds {highCustomers} customers with {highShareOfHistoric} of what was spent.',
        zh: '高价值客户 {highCustomers} 位，占累计消费的 {highShareOfHistoric}。',
      },
      {
        en: '{atRiskCustomers} customers used to buy regularly and have been away for long; they had spent {atRiskHistoric}.',
        zh: '有 {atRiskCustomers} 位客户过去常买、已有较长时间没有下单，其累计消费为 {atRiskHistoric}。',
      },
      ...rows,
    ],
  },
  customers: {
    headline: [
      {
        en: '{highCustomers} of {customers} customers make up {highShareOfSpend} of the spend',
        zh: '{customers} 位客户中，{highCustomers} 位贡献了 {highShareOfSpend} 的消费',
      },
      { en: 'Your table of {customers} customers is scored', zh: '{customers} 位客户已完成评分' },
      { en: 'Your table of customers is scored', zh: '客户表已完成评分' },
    ],
    text: [
      { en: 'The table holds {customers} customers.', zh: '客户表含 {customers} 位客户。' },
      {
        en: 'Of them {highCustomers} are of high value, {midCustomers} of middle and {lowCustomers} of low value.',
        zh: '其中高价值 {highCustomers} 位、中价值 {midCustomers} 位、低价值 {lowCustomers} 位。',
      },
      {
        en: 'Those of high value spent {highSpend}, which is {highShareOfSpend} of everything.',
        zh: '高价值客户消费 {highSpend}，占全部的 {highShareOfSpend}。',
      },
      ...rows,
    ],
  },
  model: {
    headline: [
      { en: 'Your purchase model has grade {grade}', zh: '您的购买模型评级为 {grade}' },
      { en: 'A purchase model was fitted', zh: '购买模型已训练完成' },
    ],
    text: [
      {
        en: 'The model has learnt from {rows} customers, of whom {positives} bought.',
        zh: '模型学习了 {rows} 位客户的数据，其中 {positives} 位购买过。',
      },
      {
        en: 'Of {heldOutRows} customers that it had not seen, {baseRate} bought; of the {topDecile} that it held most likely to buy, {topRate} did.',
        zh: '在模型未见过的 {heldOutRows} 位客户中，{baseRate} 购买了；在模型认为最可能购买的前 {topDecile} 中，{topRate} 购买了。',
      },
      {
        without: 'heldOutRows',
        en: 'There were too few rows to test it on customers that it had not seen.',
        zh: '数据过少，无法用模型未见过的客户检验。',
      },
      { en: 'Its grade is {grade}: {advice}.', zh: '评级为 {grade}，即{advice}。' },
      {
        en: 'What tells most about a customer is the column {column0}.',
        zh: '最能说明客户的列是 {column0}。',
      },
      ...rows,
    ],
  },
  scores: {
    headline: [
      { en: '{scored} customers have a probability to buy', zh: '{scored} 位客户已有购买概率' },
      { en: 'Probabilities to buy are there', zh: '购买概率已生成' },
    ],
    text: [
      {
        en: '{scored} customers have a probability that they buy within {horizon}.',
        zh: '{scored} 位客户已有 {horizon}内购买的概率。',
      },
      {
        en: 'Begin with those who are most likely to.',
        zh: '建议从概率最高的客户开始。',
      },
      ...rows,
    ],
  },
  ads: {
    headline: [
      {
        en: 'Your ads are expected to bring {value} for {spend}',
        zh: '预计广告投入 {spend}，带来 {value}',
      },
      { en: 'There is a bid for each of {ads} ads', zh: '{ads} 条广告均已有出价' },
      { en: 'There is a bid for each of your ads', zh: '每条广告均已有出价' },
    ],
    text: [
      { en: 'There is a bid for each of {ads} ads.', zh: '{ads} 条广告均已有出价。' },
      {
        en: 'In a round of {cycle} they are expected to spend {spend} and to bring {value} after margin, with {confidence} certainty between {low} and {high}.',
        zh: '预计每轮 {cycle}投入 {spend}，带来毛利 {value}，有 {confidence} 的把握在 {low} 至 {high} 之间。',
      },
      { en: 'The budget of the round is {budget}.', zh: '每轮预算为 {budget}。' },
      ...rows,
    ],
  },
  campaigns: {
    headline: [
      {
        en: '{planned} campaigns are expected to bring {profit}',
        zh: '{planned} 个活动预计带来 {profit}',
      },
      { en: 'No campaign is worth its costs now', zh: '目前没有值得投入的活动' },
    ],
    text: [
      {
        en: '{planned} campaigns are planned: they contact {contacted} customers and leave out {control}, to measure what they bring.',
        zh: '已计划 {planned} 个活动：联系 {contacted} 位客户，另留 {control} 位作对照。',
      },
      {
        en: 'They are expected to cost {cost} and to bring {extraOrders} orders that would not come without them, {profit} after all costs.',
        zh: '预计花费 {cost}，带来 {extraOrders} 笔额外订单，扣除成本后为 {profit}。',
      },
      {
        without: 'planned',
        en: 'No campaign is planned: nobody may be contacted, or nothing would pay for itself.',
        zh: '没有计划任何活动：无人可联系，或投入无法收回。',
      },
      {
        en: '{calls} customers are on the call list, those with the most value at stake first.',
        zh: '致电名单上有 {calls} 位客户，价值风险最大的排在前面。',
      },
      {
        en: 'Of the campaigns that have run, {resultName} raised the share of buyers by {raisedBy}, with {resultConfidence} certainty between {resultLow} and {resultHigh}.',
        zh: '已执行的活动中，{resultName} 使购买比例提高 {raisedBy}，有 {resultConfidence} 的把握在 {resultLow} 至 {resultHigh} 之间。',
      },
      {
        en: 'Of the campaigns that have run, {resultName} had no measurable effect: what it changed lies with {resultConfidence} certainty between {resultLow} and {resultHigh}.',
        zh: '已执行的活动中，{resultName} 未测得效果：变化有 {resultConfidence} 的把握在 {resultLow} 至 {resultHigh} 之间。',
        without: 'changedBy',
      },
      {
        en: 'Of the campaigns that have run, {resultName} lowered the share of buyers by {loweredBy}, with {resultConfidence} certainty between {resultLow} and {resultHigh}.',
        zh: '已执行的活动中，{resultName} 使购买比例降低 {loweredBy}，有 {resultConfidence} 的把握在 {resultLow} 至 {resultHigh} 之间。',
      },
      ...rows,
    ],
  },
  products: {
    headline: [
      { en: '{toOrder} products have to be ordered now', zh: '有 {toOrder} 个商品需要立即订货' },
      {
        en: 'Recommendations for {customers} customers and a forecast of {products} products',
        zh: '已为 {customers} 位客户生成推荐，并预测 {products} 个商品的销量',
      },
      { en: 'Recommendations and a forecast of stock are there', zh: '推荐与库存预测已生成' },
    ],
    text: [
      {
        en: '{customers} customers have recommendations out of {products} products.',
        zh: '已从 {products} 个商品中为 {customers} 位客户生成推荐。',
      },
      {
        en: 'On days that they had not seen, the lists came to {ndcg} of what perfect ones would, those of what most customers buy to {popularNdcg}.',
        zh: '在未见过的日子里，推荐得分为 {ndcg}，热销商品为 {popularNdcg}，满分代表完美排序。',
      },
      {
        en: 'The forecast of {days} was off by {wape} of the units sold, and no more was sold than it allows for {coverage} of the products.',
        zh: '对 {days}的预测误差为销量的 {wape}，有 {coverage} 的商品未超出其上限。',
      },
      {
        en: 'First to order: {product0}, {product0Units} units.',
        zh: '最先订货：{product0}，{product0Units} 件。',
      },
      ...rows,
    ],
  },
  other: {
    headline: [{ en: 'The results are published', zh: '结果已发布' }],
    text: [
      { en: 'The run has ended and its results are published.', zh: '运行已完成，结果已发布。' },
      ...rows,
    ],
  },
};

/** Of a run that was not published. */
export const unpublishedSentences = {
  processing: {
    headline: { en: 'The run is under way', zh: '运行进行中' },
    text: [{ en: 'Its results are published once it is done.', zh: '完成后将发布结果。' }],
  },
  challenger: {
    headline: { en: 'The purchase model in use stays', zh: '继续使用现有的购买模型' },
    text: [
      {
        en: 'A new model was fitted and did not do as well on the same customers, so it is kept beside the one in use.',
        zh: '新模型在同一批客户上的表现不如现有模型，因此仅作为备选保留。',
      },
    ],
  },
  rejected: {
    headline: { en: 'The upload could not be used', zh: '上传的数据无法使用' },
    text: [
      { en: 'What was published before stays.', zh: '此前发布的结果保持不变。' },
      { en: 'The reason: {problem}', zh: '原因：{problem}' },
    ],
  },
  held: {
    headline: { en: 'The run waits for your agreement', zh: '运行等待您的确认' },
    text: [
      {
        en: 'The data moved far from what is published, which stays until you agree.',
        zh: '数据与已发布的结果相差较大，在您确认之前保持不变。',
      },
      { en: 'What moved: {problem}', zh: '变化：{problem}' },
    ],
  },
  failed: {
    headline: { en: 'The run failed', zh: '运行失败' },
    text: [
      { en: 'What was published before stays.', zh: '此前发布的结果保持不变。' },
      { en: 'The reason: {problem}', zh: '原因：{problem}' },
    ],
  },
} satisfies Record<string, { headline: Sentence; text: readonly Sentence[] }>;
