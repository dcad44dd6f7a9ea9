import type { InTwoLanguages } from '../models/purchaseReport.ts';
import type { Cluster } from './clusters.ts';

export type ClusterTraitName =
  | 'daysSinceLast'
  | 'purchaseDays'
  | 'orderValue'
  | 'customerDays'
  | 'discountShare'
  | 'returnShare';

const words: Record<ClusterTraitName, { more: InTwoLanguages; less: InTwoLanguages }> = {
  daysSinceLast: {
    more: { en: 'longer since the last order', zh: '距上次下单更久' },
    less: { en: 'ordered more lately', zh: '最近才下单' },
  },
  purchaseDays: {
    more: { en: 'buy more often', zh: '购买更频繁' },
    less: { en: 'buy less often', zh: '购买更少' },
  },
  orderValue: {
    more: { en: 'larger orders', zh: '客单价更高' },
    less: { en: 'smaller orders', zh: '客单价更低' },
  },
  customerDays: {
    more: { en: 'customers for longer', zh: '成为客户更久' },
    less: { en: 'newer customers', zh: '成为客户不久' },
  },
  discountShare: {
    more: { en: 'more of it at a discount', zh: '折扣占比更高' },
    less: { en: 'less of it at a discount', zh: '折扣占比更低' },
  },
  returnShare: {
    more: { en: 'return more', zh: '退货更多' },
    less: { en: 'return less', zh: '退货更少' },
  },
};

/** What sets a cluster apart, with the middle customer of it and of all: `buy more often (6 days against 2)`. */
export function clusterWords(
  { traits }: Cluster<ClusterTraitName>,
  { minorDigits }: { minorDigits: number },
): InTwoLanguages {
  if (traits.length === 0) return { en: 'much like everybody', zh: '与整体相近' };
  const told = traits.map(({ feature, median, medianOfAll, deviations }) => {
    const word = words[feature][deviations > 0 ? 'more' : 'less'];
    const [here, all] = [median, medianOfAll].map((value) => figure(feature, value, minorDigits));
    return {
      en: `${word.en} (${here?.en} against ${all?.en})`,
      zh: `${word.zh}（${here?.zh}，整体为 ${all?.zh}）`,
    };
  });
  return { en: told.map(({ en }) => en).join(', '), zh: told.map(({ zh }) => zh).join('，') };
}

function figure(feature: ClusterTraitName, value: number, minorDigits: number): InTwoLanguages {
  switch (feature) {
    case 'orderValue': {
      const amount = (value / 10 ** minorDigits).toFixed(minorDigits);
      return { en: amount, zh: amount };
    }
    case 'discountShare':
    case 'returnShare': {
      const share = `${(100 * value).toFixed(1)} %`;
      return { en: share, zh: share };
    }
    default:
      return { en: `${value} ${value === 1 ? 'day' : 'days'}`, zh: `${value} 天` };
  }
}
