import type { Quality } from '../answers.ts';
import { number, text, words } from '../charts/chart.ts';
import { ledgerChart, psiChart } from '../charts/qualityCharts.ts';
import { html, type Markup } from './html.ts';
import { figures, paragraphs, type ReportContext, type Section, tableOf } from './parts.ts';
import type { ReportAnswers } from './reportAnswers.ts';

/** What became of every row of the uploads. */
export function qualitySection(
  { quality, segments }: Pick<ReportAnswers, 'quality' | 'segments'>,
  context: ReportContext,
): Section {
  const { say } = context;
  const named = { title: say('quality'), missing: say('emptyHistory') };
  if (quality === null) return { ...named, inShort: [], body: null };
  const asOf = segments?.history?.asOf ?? segments?.asOf ?? '';
  const charts = [ledgerChart({ quality, asOf }, context), psiChart({ quality, asOf }, context)];
  const rows = rowsSentence(quality, context);
  return {
    ...named,
    inShort: [rows],
    body: html`${paragraphs([rows, ...daysSentence(quality, context)])}${reasons(quality, context)}${figures(charts, context)}`,
  };
}

function rowsSentence({ rows }: Quality, { report, formats }: ReportContext): string {
  return report('rowsRead', {
    all: formats.count(rows.rowsIn),
    ok: formats.count(rows.rowsOk),
    bad: formats.count(rows.rowsQuarantined),
  });
}

function daysSentence({ dates }: Quality, { report, formats }: ReportContext): string[] {
  if (dates.firstDay === null || dates.lastDay === null) return [];
  return [
    report('dataFrom', {
      first: formats.day(dates.firstDay),
      last: formats.day(dates.lastDay),
      days: formats.count(dates.daysWithOrders),
    }),
  ];
}

const shownReasons = 15;

function reasons({ files }: Quality, context: ReportContext): Markup | null {
  const { report, say, formats } = context;
  const all = files.flatMap(({ key, reasons: some }) => some.map((one) => ({ ...one, key })));
  if (all.length === 0) return null;
  return html`<h3>${report('reasonHeading')}</h3>${tableOf({
    columns: [words(report('file')), text(say('column')), words(report('why')), number(say('rows'))],
    rows: all
      .toSorted((a, b) => b.rows - a.rows)
      .slice(0, shownReasons)
      .map(({ key, column, reason, rows }) => [key, column ?? '', reason, formats.count(rows)]),
  })}`;
}
