import { filled, type Language } from './words.ts';

/**
 * What the API says in English alone, in the reader's language: bids with their reasons, and which model of customers' value was chosen. A
 * sentence that is not known here is told as it came. Values, which may be clauses themselves, go the same way.
 */
export function inLanguage(language: Language, sentence: string): string {
  if (language === 'en') return sentence;
  for (const { pattern, names, zh } of patterns) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    const values = names.map((name, at) => [name, inLanguage(language, found[at + 1] ?? '')]);
    return filled(zh, Object.fromEntries(values));
  }
  return sentence;
}

/** English as it comes, with `{name}` for a value, beside its Chinese. What is particular stands before what is general. */
const sentences: readonly (readonly [en: string, zh: string])[] = [
  // reasons of bids: lib/bids/explain.ts
  [
    'a click is worth {mean} after margin, {low} to {high} with 90 %',
    '每次点击的毛利价值为 {mean}（90% 区间 {low} 至 {high}）',
  ],
  [
    'bids are {share} of what a click is worth, {why}, less what the first price asks to hold back',
    '出价为点击价值的 {share}（{why}），并扣除首价竞价应保留的部分',
  ],
  ['bids are {share} of what a click is worth, {why}', '出价为点击价值的 {share}，{why}'],
  ['so that the budget lasts', '以免超出预算'],
  ['so that the return is reached', '以达到目标回报'],
  ['so that a conversion costs no more than it may', '以免转化成本超出上限'],
  ['the most that a click may cost', '即点击成本的上限'],
  ['with all bids as high as one round allows', '所有出价已达每轮允许的上限'],
  ['with nothing to hold it down', '没有其他限制'],
  [
    'a baseline: the revenue per click as it was seen, however few the clicks',
    '基线：直接采用观察到的每次点击收入，无论点击多少',
  ],
  ['a baseline: what such an ad has spent so far, times a factor', '基线：此类广告以往的花费乘以系数'],
  [
    '{clicks} clicks and {conversions} conversions of its own say next to nothing, so its campaign speaks for it',
    '自身仅 {clicks} 次点击、{conversions} 次转化，几乎不能说明问题，因此参照其广告系列',
  ],
  [
    '{clicks} clicks and {conversions} conversions of its own count for {own} of its conversion rate, its campaign for {shared}',
    '自身 {clicks} 次点击、{conversions} 次转化占转化率的 {own}，其广告系列占 {shared}',
  ],
  [
    'customers of segment {segment} count {times} times the average',
    '分层 {segment} 的客户按平均值的 {times} 倍计',
  ],
  ['there is no bid of its own to compare with', '没有可供比较的自身出价'],
  ['{bid} instead of {wanted}: {why}', '{bid}（而非 {wanted}）：{why}'],
  ['one round moves a bid only so far', '每轮出价变动有上限'],
  ['no more than so many times what was paid lately', '不超过近期实付的若干倍'],
  ['too small a change to be worth making', '变动太小，不值得调整'],
  ['the bid changed only days ago', '几天前刚调整过出价'],
  ['the lowest bid', '最低出价'],
  ['the highest bid', '最高出价'],
  ['nothing is known beyond twice the highest past bid', '超过历史最高出价两倍的情况未知'],
  [
    'cut further than one round should, for the budget would not have held',
    '降幅超过每轮上限，否则会超出预算',
  ],
  ['raised out of the learning budget, to be seen at all', '用学习预算提高，以获得展示'],
  ['the ad has no {rate}', '该广告没有{rate}'],
  ['the predicted spend is not above 0', '预测花费不高于 0'],
  ['extrapolated: {rates} beyond the fitted ads', '外推：{rates}超出拟合所用广告的范围'],
  ['click rate and conversion rate', '点击率与转化率'],
  ['click rate', '点击率'],
  ['conversion rate', '转化率'],
  ['the rates are too large to bid on', '比率过大，无法出价'],
  // what holds for all bids: lib/bids/suggestBids.ts and solveKappa.ts
  [
    'no budget was named, so what was spent per round so far is the budget',
    '未设预算，因此以以往每轮的花费为预算',
  ],
  [
    'there is no revenue: all conversions count alike, each as one unit of the currency, and whether they pay is not known',
    '没有收入数据：所有转化一视同仁，各按一个货币单位计，是否划算未知',
  ],
  [
    'what customers of a segment are worth later is not counted, as revenue may already hold repeat orders; bids.segmentValue.apply turns it on',
    '未计入各分层客户的后续价值，因为收入可能已包含复购；可用 bids.segmentValue.apply 开启',
  ],
  [
    'the budget holds only if bids fall further at once than the guardrails allow, so they do',
    '只有一次降幅超过护栏才能守住预算，因此照此执行',
  ],
  [
    'the last round demanded more or less than expected; this one counts on {times} times the fitted demand',
    '上一轮的需求与预期不同；本轮按拟合需求的 {times} 倍计',
  ],
  [
    '{aim} is out of reach in one round, as bids may fall only so far: this round gives {given}, later rounds come nearer',
    '一轮之内无法达到{aim}，因为出价降幅有限：本轮可达 {given}，之后会更接近',
  ],
  [
    '{aim} is out of reach on the fitted curves: the nearest are bids that give {given}',
    '按拟合曲线无法达到{aim}：最接近的出价可达 {given}',
  ],
  ['a return of {roas}', '回报率 {roas}'],
  ['{value} of revenue per unit of spend', '每单位花费 {value} 的收入'],
  ['{cost} per conversion', '每次转化 {cost}'],
  // which model of value was chosen: lib/value/chooseModel.ts
  [
    '{model} forecasts purchases best (error {error}; {total}; {beaten}); {order}',
    '{model} 对购买的预测最好（误差 {error}；{total}；{beaten}）；{order}',
  ],
  ['nobody bought in the held-out time', '留出期内无人购买'],
  ['its total is {share} off', '总量偏差 {share}'],
  ['no baseline comes nearer', '没有基线更接近'],
  ['{name} does no worse ({error})', '{name} 也不逊色（{error}）'],
  ['it also puts customers in the best order by value (Gini {gini})', '按价值排序也最好（Gini {gini}）'],
  [
    '{name} puts customers in a better order by value (Gini {best} against {gini})',
    '按价值排序 {name} 更好（Gini {best}，对比 {gini}）',
  ],
];

const patterns = sentences.map(([en, zh]) => ({
  pattern: new RegExp(`^${literal(en).replace(/\\\{\w+\\\}/g, '(.+?)')}$`, 'u'),
  names: [...en.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string),
  zh,
}));

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
