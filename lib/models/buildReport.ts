import { seededGenerator, shuffledIndices } from '../math/random.ts';
import { calibrate } from './calibration/calibrator.ts';
import type { Comparison } from './candidates/compareCandidates.ts';
import type { EngineRows } from './candidates/engines.ts';
import { predictCandidate } from './candidates/fitCandidate.ts';
import type { Arena, Measured, Unseen } from './candidates/measureCandidate.ts';
import { type HeldOutRows, someHeldOut } from './candidates/preparedSplit.ts';
import { calibrationReport } from './evaluation/calibrationReport.ts';
import { type ContactEconomics, decileReport } from './evaluation/decileReport.ts';
import { chooseThreshold, classify, thresholdReport } from './evaluation/threshold.ts';
import { partialDependence } from './explanations/partialDependence.ts';
import { permutationImportance } from './explanations/permutationImportance.ts';
import type { Wording } from './explanations/shownValue.ts';
import { treeRules } from './explanations/treeRules.ts';
import { gradeModel } from './grade.ts';
import type {
  CandidateReport,
  ImbalanceReport,
  InTwoLanguages,
  Leak,
  PurchaseReport,
} from './purchaseReport.ts';
import type { PurchaseSettings } from './purchaseSettings.ts';
import type { SplitPlan } from './validation/planSplits.ts';
import { verdictOf } from './verdict.ts';

export interface ReportFacts {
  comparison: Comparison;
  /** What the champion said of validation rows. */
  validation: Unseen;
  arena: Arena;
  plan: SplitPlan;
  leaks: Leak[];
  rows: number;
  positives: number;
  settings: PurchaseSettings;
  wording: Wording;
  seed: number;
}

/** Rows that importance and dependence are taken over: each column is predicted for them many times. */
const explainedRows = 2000;
const dependenceColumns = 6;

/** All that the comparison showed, on its held-out rows. */
export function buildReport(facts: ReportFacts): PurchaseReport {
  const { comparison, validation, arena, leaks, settings } = facts;
  const champion = championOf(comparison);
  const { y } = champion.test;
  const { probabilities } = champion;
  const calibration = calibrationReport(y, probabilities, champion.calibrator.method);
  const economics = economicsOf(settings);
  const threshold = chooseThreshold(validation.y, calibrate(champion.calibrator, validation.probabilities), {
    economics,
  });
  const explained = explain(champion, facts);
  const { grade, reasons } = gradeModel({
    rows: facts.rows,
    rarer: Math.min(facts.positives, facts.rows - facts.positives),
    heldOutPositives: y.reduce((sum, label) => sum + label, 0),
    champion: champion.candidate.engine,
    metrics: champion.metrics,
    expectedCalibrationError: calibration.expectedCalibrationError,
    leastGainOverBaseRate: gainOverBaseRate(comparison),
    leaks,
  });
  return {
    grade,
    gradeReasons: reasons,
    verdict: verdictOf(comparison),
    validation: validationReport(facts),
    champion: champion.candidate.engine,
    candidates: comparison.measured.map((measured, index) =>
      candidateReport(measured, comparison.behindChampion[index]),
    ),
    calibration,
    deciles: decileReport(y, probabilities, { economics }),
    threshold: thresholdReport(y, probabilities, { threshold, economics }),
    imbalance: imbalanceReport(comparison),
    leaks,
    ...explained,
    rules: rulesOf(comparison, arena, facts.wording),
  };
}

/** What is known of a model that was compared with none, for the reasons given. */
export function uncomparedReport(
  { candidate, parameters, calibrator }: Omit<Reported, 'metrics'>,
  {
    reasons,
    rows,
    cutoffs,
    leaks,
  }: {
    reasons: InTwoLanguages[];
    rows: number;
    /** One for each row, where rows have one. */
    cutoffs: readonly string[] | undefined;
    leaks: Leak[];
  },
): PurchaseReport {
  return {
    grade: 'D',
    gradeReasons: reasons,
    verdict: [],
    validation: {
      kind: 'none',
      trainingRows: rows,
      heldOutRows: 0,
      heldOutPositives: 0,
      trainingCutoffs: [...new Set(cutoffs)].sort(),
      heldOutCutoff: null,
    },
    champion: candidate.engine,
    candidates: [candidateReport({ candidate, parameters, calibrator, metrics: null })],
    calibration: null,
    deciles: [],
    threshold: null,
    imbalance: [],
    leaks,
    importance: [],
    partialDependence: [],
    rules: [],
  };
}

export function championOf({ measured }: Comparison): Measured {
  const [champion] = measured;
  if (champion === undefined) throw new Error('a comparison needs at least one candidate; got 0');
  return champion;
}

const economicsOf = ({ contactCost, purchaseMargin }: PurchaseSettings): ContactEconomics | null =>
  contactCost === null || purchaseMargin === null ? null : { contactCost, purchaseMargin };

/** The low end of its interval. */
function gainOverBaseRate({ measured, behindChampion }: Comparison): number {
  const base = measured.findIndex(({ candidate }) => candidate.engine === 'baseRate');
  return behindChampion[base]?.low ?? 0;
}

const validationReport = ({ plan, comparison }: ReportFacts): PurchaseReport['validation'] => {
  const { y } = championOf(comparison).test;
  return {
    kind: plan.kind,
    trainingRows: plan.test.training.length,
    heldOutRows: y.length,
    heldOutPositives: y.reduce((sum, label) => sum + label, 0),
    trainingCutoffs: plan.trainingCutoffs,
    heldOutCutoff: plan.heldOutCutoff,
  };
};

/** What is told of a candidate; without metrics where it was not measured. */
type Reported = Pick<Measured, 'candidate' | 'parameters' | 'calibrator'> & Pick<CandidateReport, 'metrics'>;

const candidateReport = (
  { candidate, parameters, calibrator, metrics }: Reported,
  logLossBehindChampion: CandidateReport['logLossBehindChampion'] = null,
): CandidateReport => ({
  engine: candidate.engine,
  treatment: candidate.treatment,
  parameters,
  calibration: calibrator.method,
  metrics,
  logLossBehindChampion,
});

/** The treated candidates beside the same engines untreated; without a treatment, the best model and its tuned threshold. */
function imbalanceReport({ measured }: Comparison): ImbalanceReport[] {
  const models = measured.filter(({ candidate }) => !candidate.isBaseline);
  const treated = models
    .filter(({ candidate }) => candidate.treatment !== 'none')
    .map(({ candidate }) => candidate.engine);
  const engines = treated.length > 0 ? treated : models.slice(0, 1).map(({ candidate }) => candidate.engine);
  return models
    .filter(({ candidate }) => engines.includes(candidate.engine))
    .flatMap(({ candidate, calibrator, metrics, validation, test, probabilities }) => {
      if (validation === null) return [];
      const { y, probabilities: raw } = validation;
      const tunedThreshold = chooseThreshold(y, calibrate(calibrator, raw), { economics: null });
      return {
        treatment: candidate.treatment,
        engine: candidate.engine,
        metrics,
        tunedThreshold,
        tuned: classify(test.y, probabilities, tunedThreshold),
      };
    });
}

function explain(
  { model, calibrator, candidate }: Measured,
  { arena, seed }: ReportFacts,
): Pick<PurchaseReport, 'importance' | 'partialDependence'> {
  if (candidate.engine === 'baseRate') return { importance: [], partialDependence: [] };
  const rows = drawHeldOut(arena.test.heldOut, seed);
  const predict = (some: EngineRows): Float64Array => calibrate(calibrator, predictCandidate(model, some));
  const importance = permutationImportance(predict, rows, { seed });
  const top = importance.filter(({ logLossIncrease }) => logLossIncrease > 0).slice(0, dependenceColumns);
  return {
    importance,
    partialDependence: top.flatMap(({ column }) => {
      const place = rows.places.find(({ name }) => name === column);
      return place === undefined
        ? []
        : partialDependence(predict, rows, { place, encoder: arena.test.encoder });
    }),
  };
}

function drawHeldOut(rows: HeldOutRows, seed: number): HeldOutRows {
  if (rows.y.length <= explainedRows) return rows;
  return someHeldOut(rows, shuffledIndices(seededGenerator(seed), rows.y.length).subarray(0, explainedRows));
}

function rulesOf({ measured }: Comparison, { test }: Arena, wording: Wording): PurchaseReport['rules'] {
  const fitted = measured.find(({ candidate }) => candidate.engine === 'decisionTree')?.model.fitted;
  if (fitted?.engine !== 'decisionTree') return [];
  const { places, matrix } = test.training;
  return treeRules(fitted.parameters, { places, columnNames: matrix.columnNames, wording });
}
