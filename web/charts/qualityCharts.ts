import type { Quality } from '../answers.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf, text } from './chart.ts';
import { categoryAxis, frame, outer, shortened, valueAxis } from './parts.ts';

/** What a run's order history is like. */

export interface QualityInputs {
  quality: Quality | null;
  /** Of the run that the report is of. */
  asOf: string;
}

/** Every order line, by what became of it. */
export function ledgerChart({ quality, asOf }: QualityInputs, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'ledger', title: say('ledgerTitle'), units: say('unitLines') };
  if (quality === null) return emptyChart({ ...named, source: '' }, say('emptyHistory'));
  const shown = quality.ledger.filter(({ lines }) => lines > 0).reverse();
  return {
    ...named,
    source: sourceOf(context, { runId: quality.runId, asOf }),
    sentence: say('ledgerSentence', { count: formats.count(quality.lines) }),
    empty: null,
    height: 60 + 28 * shown.length,
    option: {
      ...frame(context),
      grid: { left: 8, right: 64, top: 8, bottom: 8, ...outer },
      xAxis: valueAxis(context),
      yAxis: categoryAxis(
        context,
        shown.map(({ outcome }) => outcome),
      ),
      series: [
        {
          type: 'bar',
          data: shown.map(({ lines }) => lines),
          itemStyle: { color: theme.series[0], borderRadius: 3 },
          label: {
            show: true,
            position: 'right',
            color: theme.text,
            formatter: ({ value }: { value: number }) => formats.count(value),
          },
        },
      ],
    },
    table: {
      columns: [text(say('outcome')), number(say('lines')), number(say('share')), number(say('amount'))],
      rows: quality.ledger.map(({ outcome, lines, share, amount }) => [
        outcome,
        formats.count(lines),
        share === null ? '–' : formats.percent(share),
        formats.money(amount, quality.currency),
      ]),
    },
  };
}

const mostFeatures = 12;

/** Which features of customers moved from the run before. */
export function psiChart({ quality, asOf }: QualityInputs, context: ChartContext): Chart {
  const { say, formats, theme } = context;
  const named = { id: 'psi', title: say('psiTitle'), units: say('unitPsi') };
  if (quality === null) return emptyChart({ ...named, source: '' }, say('emptyHistory'));
  const source = sourceOf(context, { runId: quality.runId, asOf });
  const psi = quality.drift[0]?.psi ?? [];
  const [first] = psi;
  if (first === undefined) return emptyChart({ ...named, source }, say('emptyMigration'));
  const shown = psi.slice(0, mostFeatures).reverse();
  return {
    ...named,
    source,
    sentence: say('psiSentence', { name: shortened(first.feature), psi: formats.figure(first.psi) }),
    empty: null,
    height: 60 + 26 * shown.length,
    option: {
      ...frame(context),
      grid: { left: 8, right: 24, top: 8, bottom: 8, ...outer },
      xAxis: valueAxis(context, { format: (value) => formats.figure(value, 2) }),
      yAxis: categoryAxis(
        context,
        shown.map(({ feature }) => feature),
      ),
      series: [
        {
          type: 'bar',
          data: shown.map(({ psi: moved }) => ({
            value: moved,
            itemStyle: { color: moved > 0.2 ? theme.series[1] : theme.series[0], borderRadius: 3 },
          })),
        },
      ],
    },
    table: {
      columns: [text(say('feature')), number(say('psi'))],
      rows: psi.map(({ feature, psi: moved }) => [feature, formats.figure(moved, 4)]),
    },
  };
}
