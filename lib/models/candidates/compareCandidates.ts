import { seededGenerator } from '../../math/random.ts';
import { ModelFitError } from '../btyd/modelFitError.ts';
import { type BootstrapInterval, pairedBootstrap } from '../evaluation/pairedBootstrap.ts';
import { rowLosses } from '../metrics.ts';
import { engineNames, type FitProgress } from '../purchaseReport.ts';
import type { ImbalanceMethod } from '../purchaseSettings.ts';
import { type Candidate, candidateOf, enginesFor } from './candidates.ts';
import { type Arena, type Measured, measureCandidate } from './measureCandidate.ts';

export interface CompareOptions {
  seed: number;
  horizonDays: number;
  imbalance: ImbalanceMethod;
  onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** Every candidate on the same held-out rows: first the champion, then the others, the best first. */
export interface Comparison {
  measured: Measured[];
  /** Held-out log-loss of each less the champion's, and of the base rate less the champion's. */
  behindChampion: BootstrapInterval[];
  /** Candidates that these rows cannot carry, and why. */
  failed: { candidate: Candidate; message: string }[];
}

/** Fits the candidates untreated, and then once more with the treatment of the rarer label that the settings ask for. */
export async function compareCandidates(
  candidates: readonly Candidate[],
  arena: Arena,
  options: CompareOptions,
): Promise<Comparison> {
  const measured: Measured[] = [];
  const failed: Comparison['failed'] = [];
  const measure = async (some: readonly Candidate[], of: number): Promise<void> => {
    for (const candidate of some) {
      try {
        const progress = { done: measured.length + failed.length, of };
        measured.push(await measureOne(candidate, arena, { ...options, progress }));
      } catch (error) {
        if (!(error instanceof ModelFitError)) throw error;
        failed.push({ candidate, message: error.message });
      }
    }
  };
  await measure(candidates, candidates.length);
  const treated = treatedCandidates(measured, options.imbalance);
  await measure(treated, candidates.length + treated.length);
  measured.sort(byLoss);
  const losses = measured.map(({ test, probabilities }) => rowLosses(test.y, probabilities));
  const champion = simplestOfTheBest(measured, behindFirst(losses, options.seed));
  return {
    measured: championFirst(measured, champion),
    behindChampion: behindFirst(championFirst(losses, champion), options.seed),
    failed,
  };
}

const championFirst = <Entry>(entries: readonly Entry[], champion: number): Entry[] => [
  ...entries.slice(champion, champion + 1),
  ...entries.filter((_, place) => place !== champion),
];

function behindFirst(losses: readonly Float64Array[], seed: number): BootstrapInterval[] {
  const own = losses[0];
  if (own === undefined) throw new Error('compareCandidates needs at least one candidate; got 0');
  const differences = losses.map((loss) => loss.map((value, row) => value - (own[row] as number)));
  return pairedBootstrap(differences, { generator: seededGenerator(seed) });
}

/** Of what the best gains over the base rate, a simpler model may lose this share where the loss may be chance. */
const worthOfSimplicity = 0.01;

/** The place of the simplest model that does as well as the first, beyond chance and nearly to the digit. */
function simplestOfTheBest(measured: readonly Measured[], behindBest: readonly BootstrapInterval[]): number {
  const base = measured.findIndex(({ candidate }) => candidate.engine === 'baseRate');
  const mayLose = worthOfSimplicity * (behindBest[base]?.difference ?? 0);
  const complexity = (place: number): number => {
    const { engine, treatment } = (measured[place] as Measured).candidate;
    return 2 * engineNames.indexOf(engine) + (treatment === 'none' ? 0 : 1);
  };
  return [...measured.keys()]
    .filter((place) => {
      const { difference = 0, low = 0 } = behindBest[place] ?? {};
      return place === 0 || (difference <= mayLose && low <= 0);
    })
    .reduce((a, b) => (complexity(b) < complexity(a) ? b : a));
}

function measureOne(
  candidate: Candidate,
  arena: Arena,
  { progress, onProgress, seed, horizonDays }: CompareOptions & { progress: { done: number; of: number } },
): Promise<Measured> {
  const { engine } = candidate;
  const common = {
    step: 'compare' as const,
    engine,
    candidates: progress,
    rows: arena.test.training.y.length,
  };
  onProgress?.({ ...common, done: 0, trees: null });
  return measureCandidate(candidate, arena, {
    seed,
    horizonDays,
    onTree: (done, of) => onProgress?.({ ...common, done: done / of, trees: { done, of } }),
  });
}

/** The treatment for the engines that it is made for, or else for the model that does best without one. */
function treatedCandidates(measured: readonly Measured[], treatment: ImbalanceMethod): Candidate[] {
  if (treatment === 'none') return [];
  const models = measured.filter(({ candidate }) => !candidate.isBaseline).sort(byLoss);
  const best = models[0]?.candidate.engine;
  const engines = enginesFor(treatment) ?? (best === undefined ? [] : [best]);
  return engines
    .filter((engine) => models.some(({ candidate }) => candidate.engine === engine))
    .map((engine) => candidateOf(engine, treatment));
}

/** Of equals the simpler one. */
const byLoss = (a: Measured, b: Measured): number =>
  a.metrics.logLoss - b.metrics.logLoss ||
  engineNames.indexOf(a.candidate.engine) - engineNames.indexOf(b.candidate.engine);
