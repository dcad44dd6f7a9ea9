import type { RfmGroup } from '../value/rfmGroups.ts';
import type { Tier } from '../value/tier.ts';
import type { Goal } from './campaign.ts';
import type { Spelled } from './facts.ts';

export interface Audience {
  /** What its customers have in common: after "customers who" and “客户”, without figures. */
  words: Spelled;
  goal: Goal;
}

/** A copywriter's view of each segment. Names and rules of the groups are in docs/value.md. */
export const audiences: Record<RfmGroup | Tier, Audience> = {
  champions: {
    words: { en: 'bought lately, buy often and spend much', zh: '最近下过单、购买频繁且消费较高' },
    goal: 'thank',
  },
  loyal: { words: { en: 'buy often and spend much', zh: '购买频繁且消费较高' }, goal: 'thank' },
  active: { words: { en: 'bought lately and buy now and then', zh: '最近下过单、时常购买' }, goal: 'grow' },
  new: { words: { en: 'ordered for the first time not long ago', zh: '不久前首次下单' }, goal: 'welcome' },
  promising: {
    words: { en: 'bought lately and have spent little so far', zh: '最近下过单、消费尚少' },
    goal: 'grow',
  },
  needsAttention: { words: { en: 'have not bought for a while', zh: '有些时候没有下单' }, goal: 'remind' },
  atRisk: {
    words: { en: 'used to buy regularly and have been away for long', zh: '过去常买、已有较长时间没有下单' },
    goal: 'winBack',
  },
  previouslyLoyal: {
    words: {
      en: 'were among the best and have been away for long',
      zh: '曾是优质客户、已有较长时间没有下单',
    },
    goal: 'winBack',
  },
  almostLost: {
    words: { en: 'bought little and have been away for long', zh: '购买不多、已有较长时间没有下单' },
    goal: 'winBack',
  },
  dormant: {
    words: { en: 'bought little and have been away for very long', zh: '购买不多、很久没有下单' },
    goal: 'winBack',
  },
  prospects: {
    words: { en: 'ordered a while ago and spent little', zh: '前些时候下过单、消费较少' },
    goal: 'remind',
  },
  high: { words: { en: 'are worth the most to the shop', zh: '对店铺价值较高' }, goal: 'thank' },
  mid: { words: { en: 'are worth about as much as most', zh: '对店铺价值居中' }, goal: 'grow' },
  low: {
    words: { en: 'are worth less to the shop than others so far', zh: '目前对店铺价值较低' },
    goal: 'remind',
  },
};

/** A cluster's customers are alike in ways that differ from run to run. */
export const clusterAudience: Audience = {
  words: { en: 'are alike in how they buy', zh: '购买习惯相近' },
  goal: 'grow',
};
