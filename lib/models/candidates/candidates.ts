import type { EngineName } from '../purchaseReport.ts';
import type { ImbalanceMethod } from '../purchaseSettings.ts';
import type { Parameters } from './engines.ts';
import type { RoleColumns } from './roleColumns.ts';
import { hasScore } from './singleScore.ts';

/** One way to get probabilities, to be compared with the others. */
export interface Candidate {
  engine: EngineName;
  treatment: ImbalanceMethod;
  /** What may be chosen, the most usual first; the search takes one. */
  grid: readonly Parameters[];
  /** A baseline is measured as it is; a model's probabilities are calibrated on rows that it has not seen. */
  isBaseline: boolean;
}

const grids: Partial<Record<EngineName, readonly Parameters[]>> = {
  logisticRegression: [{ l2: 1 }, { l2: 10 }, { l2: 100 }],
  decisionTree: [{ complexity: 0.001 }, { complexity: 0.0003 }, { complexity: 0.003 }, { complexity: 0.01 }],
  gradientBoosting: [
    { learningRate: 0.1, maxLeaves: 15 },
    { learningRate: 0.05, maxLeaves: 7 },
    { learningRate: 0.05, maxLeaves: 31 },
  ],
  randomForest: [
    { minSamplesLeaf: 5 },
    { minSamplesLeaf: 2 },
    { minSamplesLeaf: 10 },
    { minSamplesLeaf: 20 },
    { minSamplesLeaf: 50 },
  ],
  neuralNetwork: [
    { hidden1: 16, hidden2: 0, weightDecay: 0.1 },
    { hidden1: 32, hidden2: 16, weightDecay: 0.1 },
  ],
};

const baselines = ['baseRate', 'recency', 'spend', 'rfmSum', 'bgNbd', 'randomForestDraws'] as const;
const models = [
  'logisticRegression',
  'decisionTree',
  'gradientBoosting',
  'randomForest',
  'neuralNetwork',
] as const;

/** What these rows allow, baselines first; `few`: too few buyers for anything but the simplest models. */
export function candidatesFor(
  roles: RoleColumns,
  { few, engines }: { few: boolean; engines: readonly EngineName[] | null },
): Candidate[] {
  const possible: EngineName[] = [
    ...baselines.filter((engine) => allows(engine, roles) && !(few && engine === 'randomForestDraws')),
    ...models.filter((engine) => !few || engine === 'logisticRegression'),
  ];
  return possible
    .filter((engine) => engine === 'baseRate' || (engines?.includes(engine) ?? true))
    .map((engine) => candidateOf(engine, 'none'));
}

export const candidateOf = (engine: EngineName, treatment: ImbalanceMethod): Candidate => ({
  engine,
  treatment,
  grid: grids[engine] ?? [{}],
  isBaseline: baselines.some((name) => name === engine),
});

/** The engines that a treatment is for; for all others that is whichever model does best without one. */
export function enginesFor(treatment: ImbalanceMethod): readonly EngineName[] | null {
  if (treatment === 'balancedForest') return ['randomForest'];
  if (treatment === 'focalLoss') return ['logisticRegression', 'neuralNetwork'];
  return null;
}

function allows(engine: (typeof baselines)[number], roles: RoleColumns): boolean {
  switch (engine) {
    case 'recency':
    case 'spend':
    case 'rfmSum':
      return hasScore(engine, roles);
    case 'bgNbd':
      return roles.history !== null;
    default:
      return true;
  }
}
