import type { Goal } from '../campaign.ts';
import type { Spelled } from '../facts.ts';
import type { Sentence } from '../sentences.ts';

/** What a segment is, for the marketer; `words` is what its customers have in common. */
export const segmentSentences = (words: Spelled): readonly Sentence[] => [
  {
    en: `{customers} customers, {shareOfCustomers} of all, ${words.en}.`,
    zh: `{customers} 位客户（占全部的 {shareOfCustomers}）${words.zh}。`,
  },
  { en: 'What sets them apart: {traits}.', zh: '其特点：{traits}。' },
  {
    en: 'So far they have spent {historic}, which is {shareOfHistoric} of everything.',
    zh: '迄今累计消费 {historic}，占全部的 {shareOfHistoric}。',
  },
  {
    en: 'In the year ahead they are expected to spend {next12m}, with {confidence} certainty between {low} and {high}.',
    zh: '预计{year}内消费 {next12m}，有 {confidence} 的把握在 {low} 至 {high} 之间。',
  },
  {
    en: 'That is {shareOfNext12m} of what all customers are expected to spend.',
    zh: '占全部客户预计消费的 {shareOfNext12m}。',
  },
  {
    en: 'A campaign is planned that contacts {planContacted} of them and leaves out {planControl}, to measure what it brings.',
    zh: '已有计划中的活动：联系其中 {planContacted} 位，另留 {planControl} 位作对照。',
  },
  {
    en: 'It is expected to bring {planProfit} after its costs, with {planConfidence} certainty between {planLow} and {planHigh}.',
    zh: '预计扣除成本后带来 {planProfit}，有 {planConfidence} 的把握在 {planLow} 至 {planHigh} 之间。',
  },
];

export const adviceFor: Record<Goal, Spelled> = {
  thank: {
    en: 'Keep them close: thank them, and show them what is new before others.',
    zh: '建议维系：表达感谢，新品优先通知他们。',
  },
  welcome: {
    en: 'Bring them to their next order while they still think of you.',
    zh: '建议趁热打铁，促成下次购买。',
  },
  grow: {
    en: 'Show them what goes well with their orders, so that they buy more often.',
    zh: '建议推荐与其订单相配的商品，提高购买频率。',
  },
  remind: {
    en: 'Remind them of the shop before they drift away.',
    zh: '建议及时提醒，避免流失。',
  },
  winBack: {
    en: 'Try to win them back, and spend on it no more than they may bring.',
    zh: '建议尝试挽回，投入不宜超过其可能带来的收益。',
  },
};
