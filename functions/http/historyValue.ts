import {
  cohortSchema,
  type HistorySegment,
  type MigrationReport,
  migrationReportSchema,
  segmentsReportSchema,
  valueModelReportSchema,
} from '../../lib/pipeline/valueResults.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { inUnits } from './amounts.ts';
import { factsOf, type PublishedHistory, readWhole, requirePublishedHistory } from './publishedHistory.ts';
import { route } from './route.ts';
import { cohortsSchema, migrationSchema, valueModelSchema } from './valueSchemas.ts';

export const valueModelRoute = route(
  {
    method: 'GET',
    path: '/models/value',
    operationId: 'getValueModel',
    summary: 'The model of customers’ value, and how it and others did on days that none of them saw',
    tag: 'model',
    problems: ['nothingPublished'],
    answer: valueModelSchema,
  },
  async (_request, wiring) => {
    const history = await requirePublishedHistory(wiring);
    const [stored] = await readWhole(wiring, { runId: history.runId, name: 'value-model' });
    const report = valueModelReportSchema.parse(stored);
    const { orderValues, choice } = report;
    const amount = inUnits(history.manifest.currency);
    return {
      ...factsOf(history),
      basis: history.manifest.value.edges.basis,
      ...report,
      choice,
      orderValues: orderValues && {
        gammaGamma: orderValues.gammaGamma && {
          ...orderValues.gammaGamma,
          v: amount(orderValues.gammaGamma.v),
        },
        cap: amount(orderValues.cap),
        meanOrder: amount(orderValues.meanOrder),
      },
    };
  },
);

export const migrationRoute = route(
  {
    method: 'GET',
    path: '/segments/migration',
    operationId: 'getMigration',
    summary: 'Who moved from which tier and RFM group to which since the run before: customers and money',
    tag: 'customers',
    problems: ['nothingPublished'],
    answer: migrationSchema,
  },
  async (_request, wiring) => {
    const history = await requirePublishedHistory(wiring);
    const [stored] = await readWhole(wiring, { runId: history.runId, name: 'value-migration' });
    const migration = stored === undefined ? null : migrationReportSchema.parse(stored);
    return { ...factsOf(history), migration: migration && migrationInUnits(migration, history) };
  },
);

export const cohortsRoute = route(
  {
    method: 'GET',
    path: '/cohorts',
    operationId: 'listCohorts',
    summary:
      'Customers by the month of their first purchase: how many came back, and what they brought, month by month',
    tag: 'customers',
    problems: ['nothingPublished'],
    answer: cohortsSchema,
  },
  async (_request, wiring) => {
    const history = await requirePublishedHistory(wiring);
    const { lastMonth, lastMonthIsOver } = history.manifest.value.cohorts;
    const stored = await readWhole(wiring, { runId: history.runId, name: 'cohorts' });
    const amount = inUnits(history.manifest.currency);
    const cohorts = stored.map((one) => {
      const { months, ...cohort } = cohortSchema.parse(one);
      const inMoney = months.map(({ revenue, cumulativePerCustomer, ...month }) => ({
        ...month,
        revenue: amount(revenue),
        cumulativePerCustomer: amount(cumulativePerCustomer),
      }));
      return { ...cohort, months: inMoney };
    });
    return { ...factsOf(history), lastMonth, lastMonthIsOver, cohorts };
  },
);

/** The segments of an order history, for GET /segments. */
export async function readHistorySegments(wiring: ApiWiring, history: PublishedHistory) {
  const [stored] = await readWhole(wiring, { runId: history.runId, name: 'value-segments' });
  const { total, tiers, edges, rfmGroups, clusters, rfmCells, ...report } =
    segmentsReportSchema.parse(stored);
  const amount = inUnits(history.manifest.currency);
  const inMoney = <Sums extends Pick<HistorySegment, 'historic' | 'next12m' | 'low' | 'high'>>(
    sums: Sums,
  ): Sums => ({
    ...sums,
    historic: amount(sums.historic),
    next12m: amount(sums.next12m),
    low: amount(sums.low),
    high: amount(sums.high),
  });
  return {
    ...factsOf(history),
    ...report,
    total: inMoney(total),
    tiers: tiers.map(inMoney),
    edges: { ...edges, edges: edges.edges.map(amount) },
    rfmGroups: rfmGroups.map(inMoney),
    clusters: clusters.map(inMoney),
    rfmCells: rfmCells.map((cell) => ({
      ...cell,
      historic: amount(cell.historic),
      next12m: amount(cell.next12m),
    })),
  };
}

function migrationInUnits(report: MigrationReport, { manifest }: PublishedHistory): MigrationReport {
  const amount = inUnits(manifest.currency);
  const inMoney = <Cell extends { valueBefore: number; valueAfter: number }>(cells: Cell[]): Cell[] =>
    cells.map((cell) => ({
      ...cell,
      valueBefore: amount(cell.valueBefore),
      valueAfter: amount(cell.valueAfter),
    }));
  const { tiers, rfmGroups } = report;
  return {
    ...report,
    tiers: { ...tiers, cells: inMoney(tiers.cells) },
    rfmGroups: { ...rfmGroups, cells: inMoney(rfmGroups.cells) },
  };
}
