import { encodeFeatures } from '../features/encoder.ts';
import { applyEncoder, type FeatureMatrix } from '../features/matrix.ts';
import { takeRows } from '../features/rows.ts';
import { seededGenerator } from '../math/random.ts';
import type { TrainingTable } from '../tables/types.ts';
import { fitBaseRate } from './baseRate.ts';
import { stratifiedHoldOut } from './holdOut.ts';
import { fitLogisticRegression } from './logisticRegression.ts';
import { type PurchaseMetrics, purchaseMetrics } from './metrics.ts';
import { type EngineName, type FittedEngine, type PurchaseModel, predictEngine } from './purchaseModel.ts';
import { checkSufficiency } from './sufficiency.ts';
import { encodeEnsemble } from './trees/artifact.ts';
import { fitRandomForestDraws } from './trees/fitRandomForestDraws.ts';

export interface FitOptions {
  seed: number;
  /** The days within which a label says that the customer bought. */
  horizonDays: number;
  onProgress?: (progress: FitProgress) => void;
}

export interface FitProgress {
  step: 'compare' | 'refit';
  engine: EngineName;
  /** 0 to 1. */
  done: number;
}

/** In order of preference where they do equally well. */
const candidateEngines = ['logisticRegression', 'randomForestDraws'] as const;
const heldOutShare = 0.3;

/**
 * Fits the candidates on 70 % of the rows, compares their log-loss on the other 30 % beside the base rate's, and fits the
 * best again on all rows. Where there is too little to compare, it fits the simplest model that the rows allow, and says so.
 */
export function fitPurchaseModel(table: TrainingTable, options: FitOptions): PurchaseModel {
  const rows = table.labels.length;
  if (rows === 0) throw new Error('fitPurchaseModel needs at least one row; got 0');
  const { encoder, notes } = encodeFeatures(table);
  const { simplestEngine, reasons } = checkSufficiency(table.labels, encoder);
  const comparison = reasons.length > 0 ? withoutComparison(simplestEngine) : compareEngines(table, options);
  const { winner, ...held } = comparison;
  const matrix = applyEncoder(encoder, table);
  return {
    version: 1,
    ...fitEngine(winner, { matrix, y: table.labels, step: 'refit' }, options),
    status: reasons.length > 0 ? 'insufficientData' : 'ok',
    ...held,
    reasons: [...reasons, ...held.reasons],
    notes,
    seed: options.seed,
    horizonDays: options.horizonDays,
    rows,
    positives: table.labels.reduce((sum, label) => sum + label, 0),
    columns: encoder.columns.map(({ name, kind }) => ({ name, kind })),
    encoder,
  };
}

type Comparison = Pick<PurchaseModel, 'metrics' | 'baseline' | 'candidates' | 'heldOutRows' | 'reasons'> & {
  winner: EngineName;
};

const withoutComparison = (winner: EngineName): Comparison => ({
  winner,
  metrics: null,
  baseline: null,
  candidates: [{ engine: winner, metrics: null }],
  heldOutRows: 0,
  reasons: [],
});

/** The encoder too is learnt without the held-out rows: they stand for rows that nobody has seen. */
function compareEngines(table: TrainingTable, options: FitOptions): Comparison {
  const generator = seededGenerator(options.seed);
  const { fitted, heldOut } = stratifiedHoldOut(table.labels, { share: heldOutShare, generator });
  const fittedTable = takeRows(table, fitted);
  const heldOutTable = takeRows(table, heldOut);
  const { encoder } = encodeFeatures(fittedTable);
  const matrix = applyEncoder(encoder, fittedTable);
  const heldOutMatrix = applyEncoder(encoder, heldOutTable);
  const measure = <Name extends EngineName>(engine: Name): { engine: Name; metrics: PurchaseMetrics } => {
    const model = fitEngine(engine, { matrix, y: fittedTable.labels, step: 'compare' }, options);
    return { engine, metrics: purchaseMetrics(heldOutTable.labels, predictEngine(model, heldOutMatrix)) };
  };
  const candidates = candidateEngines.map(measure);
  const baseline = measure('baseRate');
  const best = [...candidates, baseline].reduce((a, b) => (b.metrics.logLoss < a.metrics.logLoss ? b : a));
  return {
    winner: best.engine,
    metrics: best.metrics,
    baseline: baseline.metrics,
    candidates,
    heldOutRows: heldOut.length,
    reasons: best === baseline ? [nothingBeatsBaseRate] : [],
  };
}

const nothingBeatsBaseRate =
  'on held-out rows no candidate does better than giving everybody the share of buyers, so that is what everybody gets';

interface FitInput {
  matrix: FeatureMatrix;
  y: Uint8Array;
  step: FitProgress['step'];
}

function fitEngine(
  engine: EngineName,
  { matrix, y, step }: FitInput,
  { seed, onProgress }: FitOptions,
): FittedEngine {
  onProgress?.({ step, engine, done: 0 });
  switch (engine) {
    case 'logisticRegression':
      return { engine, parameters: fitLogisticRegression(matrix, y) };
    case 'randomForestDraws': {
      const onTree = (done: number, trees: number) => onProgress?.({ step, engine, done: done / trees });
      const ensemble = fitRandomForestDraws(matrix, y, { seed, onTree });
      return { engine, parameters: { artifact: Buffer.from(encodeEnsemble(ensemble)).toString('base64') } };
    }
    case 'baseRate':
      return { engine, parameters: fitBaseRate(y) };
  }
}
