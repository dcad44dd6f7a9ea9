import type { RfmGroup } from '../../value/rfmGroups.ts';

/** What a campaign to a segment is for. */
export const campaignGoals = ['reward', 'grow', 'secondOrder', 'reawaken', 'winBack'] as const;
export type CampaignGoal = (typeof campaignGoals)[number];

export const goalOf: Record<RfmGroup, CampaignGoal> = {
  champions: 'reward',
  loyal: 'reward',
  active: 'grow',
  new: 'secondOrder',
  promising: 'grow',
  needsAttention: 'reawaken',
  atRisk: 'winBack',
  previouslyLoyal: 'winBack',
  almostLost: 'winBack',
  dormant: 'winBack',
  prospects: 'secondOrder',
};

export const goalTexts: Record<CampaignGoal, { en: string; zh: string }> = {
  reward: {
    en: 'thank customers who buy often, and bring forward their next order',
    zh: '回馈常购客户，促成下一单',
  },
  grow: { en: 'turn customers who buy now and then into regular ones', zh: '让偶尔购买的客户成为常客' },
  secondOrder: {
    en: 'bring customers who have bought little so far to a further order',
    zh: '促成购买较少的客户再次下单',
  },
  reawaken: { en: 'remind customers before they drift away', zh: '在客户流失前唤醒' },
  winBack: { en: 'win back customers who have stayed away for long', zh: '挽回长期未购买的客户' },
};
