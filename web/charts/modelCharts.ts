import type { PurchaseModel } from '../answers.ts';
import type { Word } from '../words.ts';
import { type Chart, type ChartContext, emptyChart, number, sourceOf, text } from './chart.ts';
import {
  categoryAxis,
  differencesOption,
  frame,
  heightOfRows,
  legend,
  outer,
  rankedOption,
  shortened,
  valueAxis,
  whiskers,
} from './parts.ts';

/** How good the purchase model is on rows that no fit has seen, and what it looks at. */

type Definition = (model: PurchaseModel | null, context: ChartContext) => Chart;
type Named = Pick<Chart, 'id' | 'title' | 'units'>;
type Drawn = Omit<Chart, keyof Named | 'source' | 'empty'>;

/** What these charts have in common: without a model they say what to upload, and so they do where nothing could be held out. */
const ofModel =
  (
    naming: (context: ChartContext) => Named,
    drawnFrom: (model: PurchaseModel, context: ChartContext) => Drawn | null,
    ifNothing: Word = 'emptyHeldOut',
  ): Definition =>
  (model, context) => {
    const named = naming(context);
    if (model === null) return emptyChart({ ...named, source: '' }, context.say('emptyModel'));
    const source = sourceOf(context, model);
    const drawn = drawnFrom(model, context);
    if (drawn === null) return emptyChart({ ...named, source }, context.say(ifNothing));
    return { ...named, ...drawn, source, empty: null };
  };

const baselines = ['baseRate', 'recency', 'spend', 'rfmSum'];

/** How many times more often than the average each tenth bought. */
export const liftChart = ofModel(
  ({ say }) => ({ id: 'lift', title: say('liftTitle'), units: say('unitTimes') }),
  (model, context) => {
    const { say, formats, theme } = context;
    const { deciles } = model.report;
    if (deciles.length === 0) return null;
    return {
      sentence: say('liftSentence', { lift: formats.figure(deciles[0]?.lift ?? 0, 1) }),
      height: 260,
      option: {
        ...frame(context),
        grid: { left: 8, right: 16, top: 16, bottom: 30, ...outer },
        xAxis: categoryAxis(
          context,
          deciles.map(({ decile }) => String(decile)),
          say('decile'),
        ),
        yAxis: valueAxis(context),
        series: [
          {
            type: 'bar',
            name: say('lift'),
            data: deciles.map(({ lift }) => lift),
            itemStyle: { color: theme.series[0], borderRadius: 3 },
            markLine: {
              silent: true,
              symbol: 'none',
              lineStyle: { color: theme.muted, type: 'dashed' },
              label: { color: theme.text, formatter: say('atRandom'), position: 'insideEndTop' },
              data: [{ yAxis: 1 }],
            },
          },
        ],
      },
      table: decileTable(deciles, context),
    };
  },
);

const decileTable = (
  deciles: PurchaseModel['report']['deciles'],
  { say, formats }: ChartContext,
): Chart['table'] => ({
  columns: [
    number(say('decile')),
    number(say('rows')),
    number(say('buyers')),
    number(say('predicted')),
    number(say('rate')),
    number(say('lift')),
    number(say('captured')),
  ],
  rows: deciles.map(({ decile, rows, buyers, meanProbability, rate, lift, capture }) => [
    String(decile),
    formats.count(rows),
    formats.count(buyers),
    formats.percent(meanProbability),
    formats.percent(rate),
    formats.figure(lift, 2),
    formats.percent(capture),
  ]),
});

/** Which share of buyers a list of the likeliest reaches, beside a list drawn at random. */
export const gainsChart = ofModel(
  ({ say }) => ({ id: 'gains', title: say('gainsTitle'), units: say('unitShare') }),
  (model, context) => {
    const { say, formats, theme } = context;
    const { deciles } = model.report;
    const all = deciles.reduce((sum, { rows }) => sum + rows, 0);
    if (all === 0) return null;
    let soFar = 0;
    const points = deciles.map(({ rows, capture }) => {
      soFar += rows;
      return [soFar / all, capture] as [number, number];
    });
    const third = points.find(([contacted]) => contacted >= 0.29) ?? (points.at(-1) as [number, number]);
    const share = (value: number) => formats.percent(value, 0);
    const axis = (name: string) => valueAxis(context, { name, format: share, min: 0, max: 1 });
    return {
      sentence: say('gainsSentence', { contacted: share(third[0]), captured: share(third[1]) }),
      height: 280,
      option: {
        ...frame(context),
        legend: legend(context),
        grid: { left: 28, right: 16, top: 32, bottom: 30, ...outer },
        xAxis: axis(say('contacted')),
        yAxis: { ...axis(say('captured')), nameGap: 44 },
        series: [
          line(say('captured'), [[0, 0], ...points], theme.series[0]),
          {
            ...line(
              say('atRandom'),
              [
                [0, 0],
                [1, 1],
              ],
              theme.muted,
            ),
            lineStyle: { color: theme.muted, type: 'dashed' },
          },
        ],
      },
      table: {
        columns: [number(say('contacted')), number(say('captured'))],
        rows: points.map(([contacted, captured]) => [formats.percent(contacted), formats.percent(captured)]),
      },
    };
  },
);

const line = (name: string, data: (readonly [number, number])[], color: string) => ({
  type: 'line' as const,
  name,
  data: data.map((point) => [...point]),
  symbolSize: 6,
  itemStyle: { color },
  lineStyle: { color, width: 2 },
});

/** What probabilities said, beside what came, with 95 % intervals. */
export const calibrationChart = ofModel(
  ({ say }) => ({ id: 'calibration', title: say('calibrationTitle'), units: say('unitShare') }),
  (model, context) => {
    const { say, formats, theme } = context;
    const { calibration } = model.report;
    if (calibration === null) return null;
    const { bins } = calibration;
    return {
      sentence: say('calibrationSentence', {
        said: formats.percent(calibration.meanProbability),
        came: formats.percent(calibration.observedRate),
        error: formats.percent(calibration.expectedCalibrationError),
      }),
      height: 300,
      option: reliabilityOption(context, bins, theme.series[0]),
      table: saidAndCameTable(
        context,
        bins.map((bin) => ({ ...bin, of: bin.rows })),
      ),
    };
  },
);

interface ReliabilityPoint {
  meanProbability: number;
  observed: number;
  low: number;
  high: number;
}

function reliabilityOption(context: ChartContext, points: readonly ReliabilityPoint[], color: string) {
  const { say, formats, theme } = context;
  const end = points.reduce((most, { meanProbability, high }) => Math.max(most, meanProbability, high), 0.01);
  const share = (value: number) => formats.percent(value, end < 0.1 ? 1 : 0);
  return {
    ...frame(context),
    legend: legend(context),
    grid: { left: 28, right: 16, top: 32, bottom: 30, ...outer },
    xAxis: valueAxis(context, { name: say('predicted'), format: share, min: 0 }),
    yAxis: { ...valueAxis(context, { name: say('observed'), format: share, min: 0 }), nameGap: 44 },
    series: [
      {
        type: 'scatter',
        name: say('observed'),
        symbolSize: 9,
        itemStyle: { color },
        data: points.map(({ meanProbability, observed }) => [meanProbability, observed]),
      },
      whiskers(
        context,
        points.map(({ meanProbability, low, high }) => [meanProbability, low, high]),
        { color },
      ),
      {
        ...line(
          say('perfect'),
          [
            [0, 0],
            [end, end],
          ],
          theme.muted,
        ),
        symbol: 'none',
        lineStyle: { color: theme.muted, type: 'dashed' },
      },
    ],
  };
}

const saidAndCameTable = (
  { say, formats }: ChartContext,
  points: readonly (ReliabilityPoint & { of: number; buyers: number })[],
): Chart['table'] => ({
  columns: [
    number(say('rows')),
    number(say('buyers')),
    number(say('predicted')),
    number(say('observed')),
    number(say('low95')),
    number(say('high95')),
  ],
  rows: points.map(({ of, buyers, meanProbability, observed, low, high }) => [
    formats.count(of),
    formats.count(buyers),
    ...[meanProbability, observed, low, high].map((value) => formats.percent(value)),
  ]),
});

/** Precision and recall of contacting one tenth more, and one tenth more. */
export const precisionRecallChart = ofModel(
  ({ say }) => ({ id: 'precisionRecall', title: say('prTitle'), units: say('unitShare') }),
  (model, context) => {
    const { say, formats, theme } = context;
    const points = model.report.deciles.flatMap(({ decile, capture, cumulativeRate }) =>
      cumulativeRate === undefined ? [] : { decile, recall: capture, precision: cumulativeRate },
    );
    const [first] = points;
    if (first === undefined) return null;
    const share = (value: number) => formats.percent(value, 0);
    return {
      sentence: say('prSentence', { precision: share(first.precision), recall: share(first.recall) }),
      height: 280,
      option: {
        ...frame(context),
        grid: { left: 28, right: 16, top: 16, bottom: 30, ...outer },
        xAxis: valueAxis(context, { name: say('recall'), format: share, min: 0, max: 1 }),
        yAxis: { ...valueAxis(context, { name: say('precision'), format: share, min: 0 }), nameGap: 44 },
        series: [
          line(
            say('precision'),
            points.map(({ recall, precision }) => [recall, precision] as const),
            theme.series[0],
          ),
        ],
      },
      table: {
        columns: [number(say('decile')), number(say('recall')), number(say('precision'))],
        rows: points.map(({ decile, recall, precision }) => [
          String(decile),
          formats.percent(recall),
          formats.percent(precision),
        ]),
      },
    };
  },
);

const mostColumns = 12;

/** By how much predictions get worse when a column is shuffled. */
export const importanceChart = ofModel(
  ({ say }) => ({ id: 'importance', title: say('importanceTitle'), units: say('unitLogLoss') }),
  (model, context) => {
    const { say, formats } = context;
    const { importance } = model.report;
    const [first] = importance;
    if (first === undefined) return null;
    const shown = importance.slice(0, mostColumns);
    return {
      sentence: say('importanceSentence', { name: shortened(first.column) }),
      height: heightOfRows(shown.length),
      option: rankedOption(
        context,
        shown.map(({ column, logLossIncrease, ...rest }) => ({
          name: column,
          value: logLossIncrease,
          ...rest,
        })),
        (value) => formats.figure(value, 3),
      ),
      table: {
        columns: [
          text(say('column')),
          number(say('importance')),
          number(say('low95')),
          number(say('high95')),
        ],
        rows: importance.map(({ column, logLossIncrease, low, high }) => [
          column,
          ...[logLossIncrease, low, high].map((value) => formats.figure(value, 5)),
        ]),
      },
    };
  },
);

/** One chart per column: the mean probability when everybody has that value. */
export function dependenceCharts(model: PurchaseModel | null, context: ChartContext): Chart[] {
  if (model === null) return [];
  const { say, formats, theme } = context;
  return model.report.partialDependence.map(({ column, points }, index) => {
    const probabilities = points.map(({ probability }) => probability);
    const shownValue = (value: number | string | null) => {
      if (value === null) return say('missing');
      return typeof value === 'number' ? formats.figure(value, 2) : value;
    };
    const isNumeric = points.every(({ value }) => value === null || typeof value === 'number');
    const names = points.map(({ value }) => shownValue(value));
    return {
      id: `dependence-${index}`,
      title: say('dependenceTitle', { name: shortened(column) }),
      units: say('unitProbability'),
      source: sourceOf(context, model),
      sentence: say('dependenceSentence', {
        low: formats.percent(Math.min(...probabilities)),
        high: formats.percent(Math.max(...probabilities)),
      }),
      empty: null,
      height: 220,
      option: {
        ...frame(context),
        grid: { left: 8, right: 16, top: 16, bottom: 8, ...outer },
        xAxis: categoryAxis(context, names),
        yAxis: valueAxis(context, { format: (value) => formats.percent(value, 0), min: 0 }),
        series: [
          isNumeric
            ? {
                type: 'line',
                data: probabilities,
                symbolSize: 6,
                itemStyle: { color: theme.series[0] },
                lineStyle: { color: theme.series[0], width: 2 },
              }
            : {
                type: 'bar',
                data: probabilities,
                barMaxWidth: 40,
                itemStyle: { color: theme.series[0], borderRadius: 3 },
              },
        ],
      },
      table: {
        columns: [text(shortened(column)), number(say('probability')), number(say('shareOfCustomers'))],
        rows: points.map(({ value, probability, share }) => [
          shownValue(value),
          formats.percent(probability),
          formats.percent(share),
        ]),
      },
    };
  });
}

/** Every candidate's held-out log-loss behind the model in use, with 95 % intervals. */
export const candidatesChart = ofModel(
  ({ say }) => ({ id: 'candidates', title: say('candidatesTitle'), units: say('unitLogLoss') }),
  (model, context) => {
    const { say, formats, theme } = context;
    const { candidates, champion } = model.report;
    const compared = candidates.flatMap(({ engine, logLossBehindChampion: behind }) =>
      behind === null ? [] : { engine, ...behind },
    );
    if (compared.length === 0) return null;
    const nameOf = (engine: string) =>
      baselines.includes(engine) ? `${engine} (${say('baseline')})` : engine;
    const figure = (value: number | null | undefined) => (value == null ? '–' : formats.figure(value, 4));
    return {
      sentence: say('candidatesSentence', { name: champion }),
      height: heightOfRows(compared.length),
      option: differencesOption(
        context,
        compared.map(({ engine, ...behind }) => ({
          name: nameOf(engine),
          ...behind,
          color: baselines.includes(engine) ? theme.series[1] : theme.series[0],
        })),
        (value) => formats.figure(value, 3),
      ),
      table: {
        columns: [
          text(say('candidate')),
          number(say('rocAuc')),
          number(say('averagePrecision')),
          number(say('brier')),
          number(say('logLoss')),
          number(say('behind')),
          number(say('low95')),
          number(say('high95')),
        ],
        rows: candidates.map(({ engine, metrics, logLossBehindChampion: behind }) => [
          engine === champion ? `${engine} (${say('inUse')})` : nameOf(engine),
          figure(metrics?.rocAuc),
          figure(metrics?.averagePrecision),
          figure(metrics?.brier),
          figure(metrics?.logLoss),
          figure(behind?.difference),
          figure(behind?.low),
          figure(behind?.high),
        ]),
      },
    };
  },
);

/** What probabilities said once, and what those customers did since. */
export const driftChart = ofModel(
  ({ say }) => ({ id: 'drift', title: say('driftTitle'), units: say('unitShare') }),
  (model, context) => {
    const { say, formats, theme } = context;
    const { drift } = model;
    if (drift === null) return null;
    return {
      sentence: say('driftSentence', {
        day: formats.day(drift.lastDay),
        verdict: say(drift.verdict),
        errors: formats.figure(Math.abs(drift.standardErrors), 1),
      }),
      height: 300,
      option: reliabilityOption(context, drift.deciles, theme.series[0]),
      table: saidAndCameTable(
        context,
        drift.deciles.map((one) => ({ ...one, of: one.customers })),
      ),
    };
  },
  'emptyDrift',
);
