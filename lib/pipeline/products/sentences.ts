import type { RecommenderComparison } from '../../marketing/recommend/compareRecommenders.ts';
import type { RecommenderName } from '../../marketing/recommend/recommender.ts';
import type { BackTest } from '../../marketing/stock/backTest.ts';
import type { ForecasterName } from '../../marketing/stock/forecasters.ts';
import type { InTwoLanguages } from '../../models/purchaseReport.ts';

/** What comparisons came to, in words. */

const recommenderWords: Record<RecommenderName, InTwoLanguages> = {
  popularity: { en: 'what most customers ever bought', zh: '历史热销' },
  recentPopularity: { en: 'what most customers bought lately', zh: '近期热销' },
  buyAgain: { en: 'what the customer has bought before', zh: '复购' },
  neighbours: { en: 'products alike to the customer’s (nearest neighbours)', zh: '相似商品（最近邻）' },
  ease: { en: 'what goes with the customer’s products (EASE)', zh: '关联商品（EASE）' },
};

export function recommenderSentence(comparison: RecommenderComparison | null): InTwoLanguages {
  if (comparison === null)
    return {
      en: 'Too few customers bought in the last days for a comparison, so what most customers bought lately is recommended.',
      zh: '近期购买的客户太少，无法比较，因此推荐近期热销商品。',
    };
  const { winner, baseline, heldOutDays, customers, rows } = comparison;
  const of = (name: RecommenderName): number => rows.find((row) => row.name === name)?.ndcgAt10 ?? 0;
  const [best, usual] = [of(winner).toFixed(3), of(baseline).toFixed(3)];
  const words = recommenderWords;
  if (winner === baseline)
    return {
      en: `No model foretold the last ${heldOutDays} days of ${customers} customers better than ${words[winner].en} (NDCG@10 ${best}), so that is recommended.`,
      zh: `在${customers}位客户最近${heldOutDays}天的购买上，没有模型优于${words[winner].zh}（NDCG@10 ${best}），因此采用它。`,
    };
  return {
    en: `Recommended is ${words[winner].en}: on the last ${heldOutDays} days of ${customers} customers, which it had not seen, its NDCG@10 is ${best}; that of ${words[baseline].en} is ${usual}.`,
    zh: `推荐依据：${words[winner].zh}。在${customers}位客户未见过的最近${heldOutDays}天上，NDCG@10为${best}，${words[baseline].zh}为${usual}。`,
  };
}

const forecasterWords: Record<ForecasterName, InTwoLanguages> = {
  lastPeriod: { en: 'the same as in the last period', zh: '与上期相同' },
  movingAverage: { en: 'the average of the last three periods', zh: '最近三期平均' },
  syntetosBoylan: { en: 'the method of Syntetos and Boylan', zh: 'Syntetos-Boylan方法' },
  teunterSyntetosBabai: { en: 'the method of Teunter, Syntetos and Babai', zh: 'Teunter-Syntetos-Babai方法' },
  customers: { en: 'what each customer is expected to buy', zh: '按客户预计购买' },
  reconciled: {
    en: 'each product’s past and what its customers are expected to buy, together',
    zh: '商品历史与客户预计购买的综合',
  },
};

export function forecastSentence({
  horizonDays,
  method,
  backTest,
}: {
  horizonDays: number;
  method: ForecasterName;
  backTest: BackTest | null;
}): InTwoLanguages {
  const words = forecasterWords[method];
  if (backTest === null)
    return {
      en: `The history is too short to compare forecasts of ${horizonDays} days, so ${words.en} is taken.`,
      zh: `历史太短，无法比较${horizonDays}天的预测，因此采用${words.zh}。`,
    };
  const wapeOf = (name: ForecasterName): string =>
    `${(100 * (backTest.rows.find((row) => row.name === name)?.wape ?? 0)).toFixed(1)} %`;
  const { length } = backTest.cutoffs;
  const usual = forecasterWords.lastPeriod;
  const than =
    method === 'lastPeriod'
      ? { en: '', zh: '' }
      : { en: `; ${usual.en} by ${wapeOf('lastPeriod')}`, zh: `，${usual.zh}为${wapeOf('lastPeriod')}` };
  return {
    en: `Of ${horizonDays} days: ${words.en}. On ${length} past stretches of days it was off by ${wapeOf(method)} of the units sold${than.en}.`,
    zh: `${horizonDays}天：采用${words.zh}。在过去${length}个时段上误差为销量的${wapeOf(method)}${than.zh}。`,
  };
}
