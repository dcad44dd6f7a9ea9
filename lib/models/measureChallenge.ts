import { seededGenerator } from '../math/random.ts';
import type { FeatureTable } from '../tables/types.ts';
import type { Challenge } from './challenge.ts';
import { type BootstrapInterval, pairedBootstrap } from './evaluation/pairedBootstrap.ts';
import { purchaseMetrics, rowLosses } from './metrics.ts';
import { type PurchaseModel, scorePurchaseModel } from './purchaseModel.ts';

export interface Challenger {
  horizonDays: number;
  seed: number;
  /** The day as of which the held-out rows' features were taken; null for a table without time. */
  heldOutCutoff: string | null;
  /** Rows that the new model was tested on, with all columns that it may use. */
  heldOut: FeatureTable;
  y: Uint8Array;
  /** What it said of them; null where there were too few rows to test it. */
  probabilities: Float64Array | null;
}

/** Scores the new model's held-out rows by the model in use, which is given as it was tested, and compares. */
export function measureChallenge(inUse: PurchaseModel, challenger: Challenger): Challenge {
  const { engine } = inUse;
  const none = { engine, metrics: null, logLossBehind: null };
  const apart = reasonNotToCompare(inUse, challenger);
  if (apart !== null) return { ...none, outcome: 'notComparable', reason: apart };
  const { y, probabilities, heldOut, seed } = challenger;
  if (probabilities === null) return { ...none, outcome: 'notMeasured', reason: reasons.notMeasured };
  const theirs = scorePurchaseModel(inUse, heldOut).probabilities;
  const [own, others] = [rowLosses(y, probabilities), rowLosses(y, theirs)];
  const differences = own.map((loss, row) => loss - (others[row] as number));
  const [logLossBehind] = pairedBootstrap([differences], { generator: seededGenerator(seed) });
  if (logLossBehind === undefined) throw new Error('pairedBootstrap gave no interval for one difference');
  const metrics = purchaseMetrics(y, theirs);
  const outcome = outcomeOf(logLossBehind, metrics.logLoss);
  return { engine, metrics, logLossBehind, outcome, reason: reasons[outcome] };
}

/** Of its log-loss, what the model in use may be ahead by where it may be chance. */
const worthOfNewerRows = 0.01;

/** On few rows much may be chance: what is far behind there does not take the place either. */
function outcomeOf(
  { difference, low, high }: BootstrapInterval,
  logLossInUse: number,
): 'better' | 'noDifference' | 'worse' {
  if (low > 0 || difference > worthOfNewerRows * logLossInUse) return 'worse';
  return high < 0 ? 'better' : 'noDifference';
}

const reasons = {
  better: {
    en: 'the new model does better than the one before, on customers that neither had seen',
    zh: '在双方都未见过的客户上，新模型优于原模型',
  },
  noDifference: {
    en: 'the new model and the one before do not differ beyond chance; the new one knows newer data',
    zh: '新旧模型的差别不显著；新模型使用了更新的数据',
  },
  worse: {
    en: 'the model in use does better than the new one, on customers that neither had seen, so it stays',
    zh: '在双方都未见过的客户上，现用模型优于新模型，因此继续使用',
  },
  notMeasured: {
    en: 'there is too little to measure the new model by, so the one in use stays',
    zh: '数据太少，无法衡量新模型，因此继续使用现用模型',
  },
};

function reasonNotToCompare(inUse: PurchaseModel, challenger: Challenger): Challenge['reason'] | null {
  const { horizonDays, heldOutCutoff, heldOut } = challenger;
  if (inUse.horizonDays !== horizonDays)
    return {
      en: `the model before told of ${inUse.horizonDays} days and this one tells of ${horizonDays}`,
      zh: `原模型预测 ${inUse.horizonDays} 天，新模型预测 ${horizonDays} 天`,
    };
  const isThere = ({ name, kind }: { name: string; kind: string }): boolean =>
    heldOut.columns.some((column) => column.name === name && column.kind === kind);
  const missing = columnsOf(inUse).find((column) => !isThere(column));
  if (missing !== undefined)
    return {
      en: `the model before uses the column "${missing.name}", which is gone, left out or of another kind`,
      zh: `原模型使用的列“${missing.name}”已不存在、被排除或类型不同`,
    };
  const seenTo = inUse.report.validation.heldOutCutoff;
  if ((seenTo === null) !== (heldOutCutoff === null) || (seenTo ?? '') > (heldOutCutoff ?? ''))
    return {
      en: 'the model before has seen what the new one is tested on',
      zh: '原模型已见过新模型的测试数据',
    };
  return null;
}

/** All that scoring by the model reads. */
function columnsOf({ columns, roles }: PurchaseModel): { name: string; kind: string }[] {
  const { recency, spend, orders, history } = roles;
  const read = [recency, spend, orders, ...Object.values(history ?? {})].filter((name) => name !== null);
  return [...columns, ...read.map((name) => ({ name, kind: 'numeric' }))];
}
