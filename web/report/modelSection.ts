import type { PurchaseModel } from '../answers.ts';
import { number, text } from '../charts/chart.ts';
import {
  calibrationChart,
  candidatesChart,
  driftChart,
  gainsChart,
  importanceChart,
  liftChart,
} from '../charts/modelCharts.ts';
import { html, type Markup } from './html.ts';
import { figures, paragraphs, type ReportContext, type Section, tableOf } from './parts.ts';
import type { ReportAnswers } from './reportAnswers.ts';

/** How good the purchase model is on what it had not seen, beside the base rate and every other candidate. */
export function modelSection({ model }: Pick<ReportAnswers, 'model'>, context: ReportContext): Section {
  const { say } = context;
  const named = { title: say('model'), missing: say('emptyModel') };
  if (model === null) return { ...named, inShort: [], body: null };
  const lift = liftChart(model, context);
  const calibration = calibrationChart(model, context);
  const charts = [
    calibration,
    lift,
    gainsChart(model, context),
    candidatesChart(model, context),
    importanceChart(model, context),
    driftChart(model, context),
  ];
  return {
    ...named,
    inShort: [lift, calibration].flatMap(({ option, sentence }) => (option === null ? [] : [sentence])),
    body: html`${paragraphs(facts(model, context))}${metricsTable(model, context)}${figures(charts, context)}`,
  };
}

function facts({ engine, grade, report: { validation } }: PurchaseModel, context: ReportContext): string[] {
  const { report, formats } = context;
  return [
    report('ofModel', { name: engine }),
    report('heldOut', {
      rows: formats.count(validation.heldOutRows),
      buyers: formats.count(validation.heldOutPositives),
      grade,
    }),
  ];
}

const metricNames = ['rocAuc', 'averagePrecision', 'brier', 'logLoss'] as const;

function metricsTable({ metrics, baseline }: PurchaseModel, context: ReportContext): Markup | null {
  const { report, say, formats } = context;
  if (!metrics) return null;
  const cell = (value: number | null | undefined) => (value == null ? '–' : formats.figure(value, 4));
  return tableOf({
    columns: [text(report('metric')), number(report('ours')), number(report('baselineColumn'))],
    rows: metricNames.map((name) => [say(name), cell(metrics[name]), cell(baseline?.[name])]),
  });
}
