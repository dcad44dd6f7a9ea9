import { cohortsChart, migrationChart } from '../charts/historyCharts.ts';
import { groupsChart, rfmChart } from '../charts/segmentCharts.ts';
import { html } from './html.ts';
import { figures, type ReportContext, type Section } from './parts.ts';
import type { ReportAnswers } from './reportAnswers.ts';

/** Which groups customers are in, who moved, and who comes back. */
export function segmentsSection(
  { segments, migration, cohorts }: Pick<ReportAnswers, 'segments' | 'migration' | 'cohorts'>,
  context: ReportContext,
): Section {
  const { say } = context;
  const named = { title: say('segments'), missing: say('emptyHistory') };
  const history = segments?.history ?? null;
  if (history === null) return { ...named, inShort: [], body: null };
  const moves = migrationChart(migration, context);
  const charts = [
    groupsChart(history, context),
    rfmChart(history, context),
    moves,
    cohortsChart(cohorts, context),
  ];
  return {
    ...named,
    inShort: moves.option === null ? [] : [`${moves.title}: ${moves.sentence}`],
    body: html`${figures(charts, context)}`,
  };
}
