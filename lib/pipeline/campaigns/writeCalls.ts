import type { Call } from '../../marketing/calls/callList.ts';
import { writeList } from '../../store/pages.ts';
import { isoDay } from '../../tables/cells/calendar.ts';
import { rfmGroupLabels } from '../../value/rfmGroups.ts';
import { tierLabels } from '../../value/tier.ts';
import { putCsv } from '../putCsv.ts';
import type { Run } from '../run.ts';
import type { CallEntry } from './campaignResults.ts';
import { callsList } from './lists.ts';

export const callListFile = 'actions/call-list.csv';

export interface CallContext {
  lastDay: number;
  /** Days since the run that is compared with; null where there is none. */
  daysAgo: number | null;
  minorDigits: number;
  language: 'en' | 'zh';
}

export async function writeCalls(run: Run, calls: readonly Call[], context: CallContext): Promise<void> {
  const { platform, plan, fence } = run;
  const entries = calls.map((call) => entryOf(call, context));
  await writeList(platform.table, { runId: plan.runId, fence, name: callsList, values: entries });
  const { language, minorDigits } = context;
  const money = (minor: number): string => (minor / 10 ** minorDigits).toFixed(minorDigits);
  await putCsv(run, callListFile, {
    header: csvHeader[language],
    bom: language === 'zh',
    rows: entries.map((entry) => [
      entry.customerId,
      money(entry.valueAtStake),
      entry.pAliveBefore,
      entry.pAlive,
      money(entry.expectedSpend),
      entry.tierBefore && tierLabels[language][entry.tierBefore],
      tierLabels[language][entry.tier],
      entry.groupBefore && rfmGroupLabels[language][entry.groupBefore],
      rfmGroupLabels[language][entry.group],
      entry.lastOrder,
      entry.daysSinceLast,
      entry.usualGapDays === null ? null : Math.round(entry.usualGapDays),
      entry.whatChanged[language],
      entry.suggestion[language],
    ]),
  });
}

const csvHeader = {
  en: [
    ...['customer_id', 'value_at_stake', 'probability_active_before', 'probability_active'],
    ...['expected_spend_12m', 'previous_tier', 'tier', 'previous_rfm_group', 'rfm_group', 'last_order'],
    ...['days_since_last_order', 'usual_days_between_orders', 'what_changed', 'suggestion'],
  ],
  zh: [
    ...[
      '客户编号',
      '可能损失的价值',
      '之前活跃概率',
      '活跃概率',
      '未来12个月预计消费',
      '上次分层',
      '价值分层',
    ],
    ...['上次RFM分组', 'RFM分组', '最近下单', '距上次下单天数', '通常下单间隔天数', '变化', '建议'],
  ],
};

function entryOf(call: Call, context: CallContext): CallEntry {
  const { customer: _, ...told } = call;
  return {
    ...told,
    valueAtStake: Math.round(call.valueAtStake),
    lastOrder: isoDay(context.lastDay - call.daysSinceLast),
    whatChanged: whatChanged(call, context),
    suggestion: suggestions[call.action],
  };
}

function whatChanged(call: Call, { daysAgo }: CallContext): CallEntry['whatChanged'] {
  const [now, before] = [percent(call.pAlive), percent(call.pAliveBefore ?? 1)];
  const since = call.pAliveBefore === null || daysAgo === null ? null : daysAgo;
  const usual = call.usualGapDays === null ? null : Math.round(call.usualGapDays);
  const en = [
    since === null
      ? `probability to be active down to ${now} since the last order`
      : `probability to be active down from ${before} to ${now} in ${since} days`,
    `last order ${call.daysSinceLast} days ago${usual === null ? '' : `, usually every ${usual} days`}`,
    ...(call.tierBefore !== null && call.tierBefore !== call.tier
      ? [`tier ${tierLabels.en[call.tierBefore]}, now ${tierLabels.en[call.tier]}`]
      : []),
  ];
  const zh = [
    since === null ? `自上次下单以来活跃概率降至${now}` : `${since}天内活跃概率由${before}降至${now}`,
    `上次下单在${call.daysSinceLast}天前${usual === null ? '' : `，通常每${usual}天下单`}`,
    ...(call.tierBefore !== null && call.tierBefore !== call.tier
      ? [`由${tierLabels.zh[call.tierBefore]}变为${tierLabels.zh[call.tier]}`]
      : []),
  ];
  return { en: en.join('; '), zh: zh.join('；') };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const suggestions: Record<Call['action'], CallEntry['suggestion']> = {
  call: { en: 'call: ask what kept them away, and help', zh: '致电：了解未下单原因并提供帮助' },
  writePersonally: {
    en: 'write a personal email: there is no consent to call',
    zh: '发送个人邮件：客户未同意接听营销电话',
  },
  noConsent: {
    en: 'no consent to call or write: wait for the next visit and ask for it',
    zh: '客户未同意电话或邮件营销：待下次来访时征求同意',
  },
};
