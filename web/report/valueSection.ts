import { inLanguage } from '../apiSentences.ts';
import { valueHoldoutChart } from '../charts/historyCharts.ts';
import { aliveChart, tiersChart } from '../charts/segmentCharts.ts';
import { html, type Markup } from './html.ts';
import { figures, paragraphs, type ReportContext, type Section, tiles } from './parts.ts';
import type { ReportAnswers } from './reportAnswers.ts';

/** What customers have spent and are expected to spend, by tier, and how far the forecast can be believed. */
export function valueSection(
  { segments, valueModel }: Pick<ReportAnswers, 'segments' | 'valueModel'>,
  context: ReportContext,
): Section {
  const { report, say } = context;
  const named = { title: report('value'), missing: say('emptyCustomers') };
  if (segments === null) return { ...named, inShort: [], body: null };
  const tiers = tiersChart(segments, context);
  const history = segments.history;
  const choice = valueModel?.choice ?? null;
  const charts = [tiers, aliveChart(history, context), valueHoldoutChart(valueModel, context)];
  return {
    ...named,
    inShort: [...(history ? [totalSentence(history, context)] : []), tiers.sentence],
    body: html`${history && totals(history, context)}${choice && paragraphs([inLanguage(context.language, choice.sentence)])}${figures(charts, context)}`,
  };
}

type History = NonNullable<NonNullable<ReportAnswers['segments']>['history']>;

function totals({ total, currency }: History, context: ReportContext): Markup {
  const { report, say, formats } = context;
  return tiles([
    {
      name: say('spentSoFar'),
      value: formats.money(total.historic, currency),
      beside: report('spentBy', { count: formats.count(total.customers) }),
    },
    ...(total.next12m === null
      ? []
      : [
          {
            name: say('expected12m'),
            value: formats.money(total.next12m, currency),
            beside: interval({ total, currency }, context),
          },
        ]),
  ]);
}

function totalSentence(history: Pick<History, 'total' | 'currency'>, context: ReportContext): string {
  const { say, formats, report } = context;
  const { total, currency } = history;
  const spent = `${say('spentSoFar')}: ${formats.money(total.historic, currency)} ${report('spentBy', {
    count: formats.count(total.customers),
  })}`;
  if (total.next12m === null) return spent;
  const expected = `${say('expected12m')}: ${formats.money(total.next12m, currency)}`;
  return `${spent}; ${expected} (${interval(history, context)})`;
}

function interval(
  { total: { low, high }, currency }: Pick<History, 'total' | 'currency'>,
  { report, formats, say }: ReportContext,
): string {
  if (low == null || high == null) return say('notKnown');
  return report('expectedBetween', {
    low: formats.money(low, currency),
    high: formats.money(high, currency),
  });
}
