import { type Encoder, encodeFeatures } from '../features/encoder.ts';
import { takeRows } from '../features/rows.ts';
import { seededGenerator } from '../math/random.ts';
import type { TableNote } from '../tables/types.ts';
import { buildReport, championOf, uncomparedReport } from './buildReport.ts';
import { type Calibrator, fitCalibrator } from './calibration/calibrator.ts';
import { type Candidate, candidateOf, candidatesFor } from './candidates/candidates.ts';
import { compareCandidates } from './candidates/compareCandidates.ts';
import type { Parameters } from './candidates/engines.ts';
import { fitCandidate } from './candidates/fitCandidate.ts';
import {
  type Arena,
  joinUnseen,
  type Measured,
  type Unseen,
  validationOf,
} from './candidates/measureCandidate.ts';
import { prepareSplit, prepareTraining } from './candidates/preparedSplit.ts';
import { columnRoles, readRoles } from './candidates/roleColumns.ts';
import type { Challenge } from './challenge.ts';
import type { Wording } from './explanations/shownValue.ts';
import { nothingBeatsBaseRate } from './grade.ts';
import { detectLeaks } from './leaks.ts';
import { measureChallenge } from './measureChallenge.ts';
import type { PurchaseModel } from './purchaseModel.ts';
import type { EngineName, FitProgress, InTwoLanguages, PurchaseReport } from './purchaseReport.ts';
import type { ColumnRoles, PurchaseRows } from './purchaseRows.ts';
import { type PurchaseSettings, purchaseSettings } from './purchaseSettings.ts';
import { checkSufficiency } from './sufficiency.ts';
import { allRows } from './validation/folds.ts';
import { planSplits, type SplitPlan } from './validation/planSplits.ts';
import { refuseAfterCutoff } from './validation/temporalSplits.ts';

export interface FitOptions {
  seed: number;
  /** The days within which a label says that the customer bought. */
  horizonDays: number;
  settings?: PurchaseSettings;
  /** ISO 4217 code of the shop's amounts, for reasons in words. */
  currency?: string;
  /** Engines to compare; all that the rows allow by default. The base rate is always one. */
  engines?: readonly EngineName[];
  /** The model in use as it was tested, to be measured on the same held-out rows. */
  inUse?: PurchaseModel | null;
  onProgress?: (progress: FitProgress) => void;
}

/** A fitted model, with what the next one will be measured against. */
export interface PurchaseFit {
  model: PurchaseModel;
  /** The same model as it was before it saw the rows that it was tested on; null where there was no test. */
  tested: PurchaseModel | null;
  /** How it did against the model in use; null where none was given. */
  challenge: Challenge | null;
}

/**
 * Compares all candidates on rows that none of them has seen, fits the best again to all rows, and calibrates it by what it
 * said of rows while it had not seen them. With two cutoffs or more the last is held out, otherwise 30 % of the customers.
 * Where there is too little to compare it fits the simplest model that the rows allow, and says so.
 */
export const fitPurchaseModel = async (rows: PurchaseRows, options: FitOptions): Promise<PurchaseModel> =>
  (await fitAgainstModelInUse(rows, options)).model;

/** The same, and measures the model in use, where one is given, on the rows that the new one is tested on. */
export async function fitAgainstModelInUse(rows: PurchaseRows, options: FitOptions): Promise<PurchaseFit> {
  if (rows.labels.length === 0) throw new Error('fitPurchaseModel needs at least one row; got 0');
  const settings = options.settings ?? purchaseSettings.parse({});
  const { table, notes: excluded } = excludeColumns(rows, settings.excludeColumns);
  if (table.cutoffs !== undefined) refuseAfterCutoff(table, table.cutoffs);
  const { encoder, notes } = encodeFeatures(table);
  const context: Context = {
    table,
    encoder,
    roles: columnRoles({ ids: [], columns: table.columns.filter(({ name }) => isEncoded(encoder, name)) }),
    settings,
    wording: {
      source: table.cutoffs === undefined ? 'table' : 'orders',
      currency: options.currency ?? 'USD',
    },
    options,
  };
  const sufficiency = checkSufficiency(table.labels, { columns: encoder.columns.length });
  const plan = sufficiency.reasons.length > 0 ? null : planSplits(table, seededGenerator(options.seed));
  const lacking = plan === null ? sufficiency.reasons : lackingLabels(plan, table.labels);
  const judged =
    plan === null || lacking.length > 0
      ? withoutComparison(sufficiency.simplestEngine, lacking, context)
      : await withComparison(plan, { few: sufficiency.few, ...context });
  const model = await assemble(judged, [...excluded, ...notes], context);
  return { model, tested: testedOf(model, judged), challenge: judged.challenge };
}

interface Context {
  table: PurchaseRows;
  encoder: Encoder;
  roles: ColumnRoles;
  settings: PurchaseSettings;
  wording: Wording;
  options: FitOptions;
}

/** Which candidate to fit to all rows, and what is known of it. */
interface Judged {
  candidate: Candidate;
  parameters: Parameters;
  calibrator: Calibrator;
  report: PurchaseReport;
  status: PurchaseModel['status'];
  reasons: string[];
  tested: (Pick<Measured, 'model' | 'calibrator'> & { encoder: Encoder }) | null;
  challenge: Challenge | null;
}

function excludeColumns(
  rows: PurchaseRows,
  names: readonly string[],
): { table: PurchaseRows; notes: TableNote[] } {
  const unknown = names.filter((name) => !rows.columns.some((column) => column.name === name));
  return {
    table: { ...rows, columns: rows.columns.filter(({ name }) => !names.includes(name)) },
    notes: unknown.map((name) => ({
      code: 'unknownExcludedColumn',
      message: `purchase.excludeColumns names "${name}", which is not a column of the table`,
    })),
  };
}

const isEncoded = (encoder: Encoder, name: string): boolean =>
  encoder.columns.some((column) => column.name === name);

/** A cutoff at which nobody, or everybody, bought can neither teach nor test. */
function lackingLabels({ test }: SplitPlan, y: Uint8Array): InTwoLanguages[] {
  const parts = [
    { rows: test.training, en: 'the rows to fit to', zh: '训练数据' },
    { rows: test.heldOut, en: 'the rows to measure on', zh: '留出数据' },
  ];
  return parts.flatMap(({ rows, en, zh }) => {
    const positives = rows.reduce((sum, row) => sum + (y[row] as number), 0);
    const rarer = Math.min(positives, rows.length - positives);
    if (rarer >= leastPerPart) return [];
    return {
      en: `${rarer} of the rarer label in ${en}; at least ${leastPerPart} are needed to measure the quality`,
      zh: `${zh}中较少的一类只有 ${rarer} 行；至少需要 ${leastPerPart} 行才能衡量质量`,
    };
  });
}

const leastPerPart = 3;

function withoutComparison(engine: EngineName, reasons: InTwoLanguages[], context: Context): Judged {
  const { table } = context;
  const candidate = candidateOf(engine, 'none');
  const fit = { candidate, parameters: candidate.grid[0] ?? {}, calibrator: { method: 'none' } as const };
  return {
    ...fit,
    status: 'insufficientData',
    reasons: reasons.map(({ en }) => en),
    tested: null,
    challenge: challengeOf(null, context),
    report: uncomparedReport(fit, {
      reasons,
      rows: table.labels.length,
      cutoffs: table.cutoffs,
      leaks: detectLeaks(table),
    }),
  };
}

async function withComparison(
  plan: SplitPlan,
  { few, ...context }: Context & { few: boolean },
): Promise<Judged> {
  const { table, roles, settings, wording, options } = context;
  const { seed, horizonDays, engines = null, onProgress } = options;
  const arena: Arena = {
    validation: plan.validation.map((split) => prepareSplit(table, split, { roles })),
    validatesByTime: plan.validatesByTime,
    test: prepareSplit(table, plan.test, { roles }),
  };
  const candidates = candidatesFor(readRoles(table, roles), { few, engines });
  const comparison = await compareCandidates(candidates, arena, {
    seed,
    horizonDays,
    imbalance: settings.imbalance,
    onProgress,
  });
  const champion = championOf(comparison);
  const { candidate, parameters } = champion;
  const validation = await validationRows(champion, arena, options);
  const report = buildReport({
    comparison,
    validation,
    arena,
    plan,
    leaks: detectLeaks(table),
    rows: table.labels.length,
    positives: table.labels.reduce((sum, label) => sum + label, 0),
    settings,
    wording,
    seed,
  });
  return {
    candidate,
    parameters,
    calibrator: finalCalibrator(champion, validation),
    report,
    status: 'ok',
    reasons: candidate.engine === 'baseRate' ? [nothingBeatsBaseRate.en] : [],
    tested: { model: champion.model, calibrator: champion.calibrator, encoder: arena.test.encoder },
    challenge: challengeOf({ champion, plan }, context),
  };
}

/** Against the model in use; without a comparison, on no rows. */
function challengeOf(
  compared: { champion: Measured; plan: SplitPlan } | null,
  { table, options }: Context,
): Challenge | null {
  const { inUse = null, horizonDays, seed } = options;
  if (inUse === null) return null;
  const rows = compared?.plan.test.heldOut ?? new Uint32Array(0);
  const { labels: y, ...heldOut } = takeRows(table, rows);
  const heldOutCutoff =
    compared === null ? ([...(table.cutoffs ?? [])].sort().at(-1) ?? null) : compared.plan.heldOutCutoff;
  const probabilities = compared?.champion.probabilities ?? null;
  return measureChallenge(inUse, { horizonDays, seed, heldOutCutoff, heldOut, y, probabilities });
}

/** All that is known of the model, with what was fitted to the training rows in place of what was fitted to all. */
function testedOf(model: PurchaseModel, { tested }: Judged): PurchaseModel | null {
  if (tested === null) return null;
  const { encoder, calibrator } = tested;
  const { fitted, correction } = tested.model;
  const columns = encoder.columns.map(({ name, kind }) => ({ name, kind }));
  return { ...model, ...fitted, encoder, columns, calibrator, correction };
}

/** A baseline was not measured on validation rows, as nothing is chosen for it; the champion needs them nevertheless. */
async function validationRows(
  { candidate, parameters, validation }: Measured,
  arena: Arena,
  { seed, horizonDays }: FitOptions,
): Promise<Unseen> {
  return validation ?? validationOf(candidate, arena.validation, { parameters, seed, horizonDays });
}

/** By the champion's method, from all rows that it predicted unseen: those that validated and those that tested. */
function finalCalibrator(champion: Measured, validation: Unseen): Calibrator {
  const { method } = champion.calibrator;
  if (method === 'none') return { method };
  const { probabilities, y } = joinUnseen([validation, champion.test]);
  return fitCalibrator(method, probabilities, y);
}

async function assemble(judged: Judged, notes: TableNote[], context: Context): Promise<PurchaseModel> {
  const { candidate, parameters, calibrator, report, status, reasons } = judged;
  const { table, encoder, roles, wording, options } = context;
  const { seed, horizonDays, onProgress } = options;
  const { engine } = candidate;
  const rows = table.labels.length;
  const progress = { step: 'refit' as const, engine, candidates: { done: 0, of: 1 }, rows };
  onProgress?.({ ...progress, done: 0, trees: null });
  const { fitted, correction } = await fitCandidate(
    candidate,
    prepareTraining(table, allRows(rows), { encoder, roles }),
    {
      parameters,
      seed,
      horizonDays,
      onTree: (done, of) => onProgress?.({ ...progress, done: done / of, trees: { done, of } }),
    },
  );
  onProgress?.({ ...progress, done: 1, candidates: { done: 1, of: 1 }, trees: null });
  const metricsOf = (name: EngineName): PurchaseModel['metrics'] =>
    report.candidates.find((other) => other.engine === name)?.metrics ?? null;
  return {
    version: 3,
    ...fitted,
    status,
    reasons,
    notes,
    seed,
    horizonDays,
    rows,
    positives: table.labels.reduce((sum, label) => sum + label, 0),
    heldOutRows: report.validation.heldOutRows,
    metrics: report.candidates[0]?.metrics ?? null,
    baseline: metricsOf('baseRate'),
    candidates: report.candidates
      .filter((other) => other.engine !== 'baseRate' || report.candidates.length === 1)
      .map(({ engine: name, metrics }) => ({ engine: name, metrics })),
    columns: encoder.columns.map(({ name, kind }) => ({ name, kind })),
    encoder,
    roles,
    treatment: candidate.treatment,
    correction,
    calibrator,
    wording,
    report,
  };
}
