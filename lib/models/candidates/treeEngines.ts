import * as z from 'zod/mini';
import { type ColumnPlace, type FeatureMatrix, withGaps } from '../../features/matrix.ts';
import { drawInPlace, seededGenerator, uniformBelow } from '../../math/random.ts';
import { decodeEnsemble, encodeEnsemble } from '../trees/artifact.ts';
import { type BinnedFeatures, binFeatures } from '../trees/binFeatures.ts';
import { joinTrees, type TreeEnsemble, type TreeNodes, treeRanges } from '../trees/ensemble.ts';
import { fitGradientBoosting } from '../trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../trees/fitRandomForest.ts';
import { fitRandomForestDraws } from '../trees/fitRandomForestDraws.ts';
import {
  binFeaturesInBackground,
  fitGradientBoostingInBackground,
  fitRandomForestInBackground,
} from '../trees/inBackground.ts';
import { predictProbability } from '../trees/predict.ts';

/** What `encodeEnsemble` made of the trees, as base64. */
export const treeArtifactSchema = z.object({ artifact: z.string() });
export type TreeArtifact = z.infer<typeof treeArtifactSchema>;

export interface TreeFit {
  matrix: FeatureMatrix;
  places: readonly ColumnPlace[];
  y: Uint8Array;
  weights: Float64Array | null;
}

export interface TreeFitOptions {
  seed: number;
  parameters: Record<string, number>;
  /** Each tree on as many buyers as others. */
  balanced?: boolean | undefined;
  onTree?: ((done: number, of: number) => void) | undefined;
}

/** Rows from which trees grow on threads of their own. Fewer take less than a second, of which a start costs a good part; the trees are the same. */
export const rowsInBackground = 10_000;

export async function fitForest(rows: TreeFit, options: TreeFitOptions): Promise<TreeArtifact> {
  const { seed, balanced = false, parameters, onTree } = options;
  const { minSamplesLeaf = 5, nEstimators = 100 } = parameters;
  const common = { seed, minSamplesLeaf, nEstimators, ...(onTree && { onTree }) };
  const bins = await binsOf(rows);
  if (balanced) return artifactOf(await fitBalanced(bins, rows.y, common));
  const sampleWeight = rows.weights === null ? {} : { sampleWeight: rows.weights };
  const grow = bins.rows < rowsInBackground ? fitRandomForest : fitRandomForestInBackground;
  return artifactOf((await grow(bins, rows.y, { ...common, ...sampleWeight })).ensemble);
}

export async function fitBoosting(
  rows: TreeFit,
  { seed, parameters, onTree }: TreeFitOptions,
): Promise<TreeArtifact> {
  const sampleWeight = rows.weights === null ? {} : { sampleWeight: rows.weights };
  const options = { seed, ...parameters, ...sampleWeight, ...(onTree && { onTree }) };
  const bins = await binsOf(rows);
  const grow = bins.rows < rowsInBackground ? fitGradientBoosting : fitGradientBoostingInBackground;
  return artifactOf((await grow(bins, rows.y, options)).ensemble);
}

/** The baseline takes gaps as the middle value, which is what stands there. */
export const fitDraws = ({ matrix, y }: TreeFit, { seed, onTree }: TreeFitOptions): TreeArtifact =>
  artifactOf(fitRandomForestDraws(matrix, y, { seed, ...(onTree && { onTree }) }));

export const predictTrees = (
  parameters: TreeArtifact,
  { matrix, places }: Pick<TreeFit, 'matrix' | 'places'>,
): Float64Array =>
  predictProbability(ensembleOf(parameters), treeMatrix(ensembleOf(parameters), { matrix, places }));

/** As the trees were fitted: our own tell a gap from a number. */
export const treeMatrix = (
  { engine }: TreeEnsemble,
  { matrix, places }: Pick<TreeFit, 'matrix' | 'places'>,
): FeatureMatrix => (engine === 'randomForestDraws' ? matrix : withGaps(matrix, places));

/** Decoded once for each model that is held. */
export function ensembleOf(parameters: TreeArtifact): TreeEnsemble {
  const known = decoded.get(parameters);
  if (known !== undefined) return known;
  const ensemble = decodeEnsemble(Buffer.from(parameters.artifact, 'base64'));
  decoded.set(parameters, ensemble);
  return ensemble;
}

const decoded = new WeakMap<TreeArtifact, TreeEnsemble>();

function artifactOf(ensemble: TreeEnsemble): TreeArtifact {
  const parameters = { artifact: Buffer.from(encodeEnsemble(ensemble)).toString('base64') };
  decoded.set(parameters, ensemble);
  return parameters;
}

/** The same rows are fitted many times while parameters are searched. */
const binned = new WeakMap<FeatureMatrix, BinnedFeatures>();

async function binsOf({ matrix, places }: TreeFit): Promise<BinnedFeatures> {
  const known = binned.get(matrix);
  if (known !== undefined) return known;
  const bin = matrix.rows < rowsInBackground ? binFeatures : binFeaturesInBackground;
  const bins = await bin(withGaps(matrix, places));
  binned.set(matrix, bins);
  return bins;
}

/** Draws of the more frequent label, each the size of the rarer one; as many trees on each. */
const balancedDraws = 20;

/**
 * A balanced forest (Chen, Liaw and Breiman 2004): trees on all rows of the rarer label and as many of the other, drawn anew
 * for every few trees.
 */
async function fitBalanced(
  bins: BinnedFeatures,
  y: Uint8Array,
  { seed, nEstimators, ...options }: { seed: number; minSamplesLeaf: number; nEstimators: number },
): Promise<TreeEnsemble> {
  const generator = seededGenerator(seed);
  const all = Uint32Array.from(y.keys());
  const [negatives, positives] = [all.filter((row) => y[row] === 0), all.filter((row) => y[row] === 1)];
  const size = Math.min(negatives.length, positives.length);
  const grow = 2 * size < rowsInBackground ? fitRandomForest : fitRandomForestInBackground;
  const forests: TreeEnsemble[] = [];
  for (let draw = 0; draw < balancedDraws; draw++) {
    const rows = new Uint32Array(2 * size);
    rows.set(drawInPlace(generator, negatives, size));
    rows.set(drawInPlace(generator, positives, size), size);
    const each = { ...options, seed: uniformBelow(generator, 2 ** 31), rows: rows.sort() };
    const fitted = await grow(bins, y, { ...each, nEstimators: Math.ceil(nEstimators / balancedDraws) });
    forests.push(fitted.ensemble);
  }
  return meanForest(forests);
}

/** One forest whose probability is the mean of these; they read their columns alike. */
function meanForest(forests: readonly TreeEnsemble[]): TreeEnsemble {
  const [first] = forests;
  if (first === undefined) throw new Error('meanForest needs at least one forest; got 0');
  const share = 1 / forests.length;
  const trees = forests.flatMap((forest) =>
    treeRanges(forest).map(({ root, length }): TreeNodes => {
      const { feature, code, rule, right, value, cover } = forest.nodes;
      const end = root + length;
      return {
        feature: feature.slice(root, end),
        code: code.slice(root, end),
        rule: rule.slice(root, end),
        right: right.slice(root, end),
        value: value.slice(root, end).map((leaf) => leaf * share),
        cover: cover.slice(root, end),
      };
    }),
  );
  const baseMargin = forests.reduce((sum, forest) => sum + forest.baseMargin * share, 0);
  return { ...first, baseMargin, ...joinTrees(trees) };
}
