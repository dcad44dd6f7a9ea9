import type { InTwoLanguages } from '../models/purchaseReport.ts';
import type { Tier } from './tier.ts';

/** What is known of a buyer; amounts in minor units, null where no model says. */
export interface ReasonedCustomer {
  historic: number;
  next12m: number | null;
  low: number | null;
  high: number | null;
  expectedOrder: number | null;
  purchaseDays: number;
  daysSinceLast: number;
  pAlive: number | null;
  tier: Tier;
  previousTier: Tier | null;
}

export interface ReasonContext {
  /** Minor units, up to which tiers are low, and mid. */
  edges: readonly number[];
  /** The middle buyer. */
  typical: { purchaseDays: number; expectedOrder: number | null };
  /** An amount as it is told, with its currency. */
  money: (minor: number) => string;
}

export interface ValueReason {
  code: string;
  text: InTwoLanguages;
}

/** Why a buyer is in their tier, in words: what is expected, how often and how much they buy, whether they are still there. */
export function valueReasons(customer: ReasonedCustomer, context: ReasonContext): ValueReason[] {
  return [
    expectation(customer, context),
    ...frequency(customer, context),
    ...orderSize(customer, context),
    ...activity(customer),
    ...move(customer),
  ];
}

const tierNames: Record<Tier, InTwoLanguages> = {
  high: { en: 'high', zh: '高价值' },
  mid: { en: 'mid', zh: '中价值' },
  low: { en: 'low', zh: '低价值' },
};

function expectation(
  { historic, next12m, low, high, tier }: ReasonedCustomer,
  { edges, money }: ReasonContext,
): ValueReason {
  const [lowEnds = 0, midEnds = 0] = edges.map(money);
  const place: InTwoLanguages = {
    high: { en: `above ${midEnds} is high`, zh: `高于 ${midEnds} 为高价值` },
    mid: { en: `from ${lowEnds} to ${midEnds} is mid`, zh: `${lowEnds} 至 ${midEnds} 为中价值` },
    low: { en: `up to ${lowEnds} is low`, zh: `不超过 ${lowEnds} 为低价值` },
  }[tier];
  if (next12m === null)
    return {
      code: 'historicSpend',
      text: {
        en: `has spent ${money(historic)}, and no model could be fitted: ${place.en}`,
        zh: `累计消费 ${money(historic)}，暂无可用模型：${place.zh}`,
      },
    };
  const [from, to] = [money(low ?? next12m), money(high ?? next12m)];
  return {
    code: 'expectedSpend',
    text: {
      en: `expected to spend ${money(next12m)} in the next 12 months (90 %: ${from} to ${to}): ${place.en}`,
      zh: `预计未来 12 个月消费 ${money(next12m)}（90% 区间 ${from} 至 ${to}）：${place.zh}`,
    },
  };
}

function frequency({ purchaseDays }: ReasonedCustomer, { typical }: ReasonContext): ValueReason[] {
  if (purchaseDays === 1)
    return [{ code: 'boughtOnce', text: { en: 'has bought once so far', zh: '目前只购买过一次' } }];
  const days = purchaseDays > typical.purchaseDays ? 'boughtOften' : 'boughtSometimes';
  return [
    {
      code: days,
      text: {
        en: `has bought on ${purchaseDays} days; the middle customer on ${typical.purchaseDays}`,
        zh: `共有 ${purchaseDays} 天下单；中位客户为 ${typical.purchaseDays} 天`,
      },
    },
  ];
}

/** Orders that differ from the middle customer's by less than this factor are no reason. */
const noteworthyFactor = 1.5;

function orderSize({ expectedOrder }: ReasonedCustomer, { typical, money }: ReasonContext): ValueReason[] {
  const middle = typical.expectedOrder;
  if (expectedOrder === null || middle === null || middle <= 0) return [];
  const factor = expectedOrder / middle;
  if (factor < noteworthyFactor && factor > 1 / noteworthyFactor) return [];
  const isLarge = factor >= noteworthyFactor;
  return [
    {
      code: isLarge ? 'largeOrders' : 'smallOrders',
      text: {
        en: `orders of about ${money(expectedOrder)} are ${isLarge ? 'large' : 'small'}; the middle customer's are ${money(middle)}`,
        zh: `客单价约 ${money(expectedOrder)}，${isLarge ? '较高' : '较低'}；中位客户为 ${money(middle)}`,
      },
    },
  ];
}

/** Between these nothing can be said. */
const [probablyGone, surelyThere] = [0.5, 0.8];

function activity({ pAlive, daysSinceLast }: ReasonedCustomer): ValueReason[] {
  if (pAlive === null || (pAlive >= probablyGone && pAlive < surelyThere)) return [];
  const percent = Math.round(100 * pAlive);
  if (pAlive < probablyGone)
    return [
      {
        code: 'probablyGone',
        text: {
          en: `${daysSinceLast} days without an order are long for this customer: ${percent} % likely to buy again at all`,
          zh: `已有 ${daysSinceLast} 天未下单，对该客户来说偏久：仍会购买的概率为 ${percent}%`,
        },
      },
    ];
  return [
    {
      code: 'stillActive',
      text: {
        en: `${percent} % likely to be still a customer, ${daysSinceLast} days after the last order`,
        zh: `距上次下单 ${daysSinceLast} 天，仍为活跃客户的概率为 ${percent}%`,
      },
    },
  ];
}

function move({ tier, previousTier }: ReasonedCustomer): ValueReason[] {
  if (previousTier === null || previousTier === tier) return [];
  const [was, is] = [tierNames[previousTier], tierNames[tier]];
  return [
    {
      code: 'movedTier',
      text: {
        en: `was ${was.en} in the run before, and is ${is.en} now`,
        zh: `上次为${was.zh}，现在为${is.zh}`,
      },
    },
  ];
}
