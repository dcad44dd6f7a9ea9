import { kmeans } from 'ml-kmeans';
import { silhouette } from 'simple-statistics';
import { seededGenerator, shuffledIndices } from '../math/random.ts';
import { standardise } from '../math/standardise.ts';

/** One thing that is known of every customer; NaN where it is not. */
export interface ClusterFeature<Name extends string> {
  name: Name;
  values: Float64Array;
}

export interface ClusterTrait<Name extends string> {
  feature: Name;
  /** The middle customer of the cluster, and of all. */
  median: number;
  medianOfAll: number;
  /** How far apart the means are, in standard deviations of all customers, on a scale of logarithms. */
  deviations: number;
}

export interface Cluster<Name extends string> {
  customers: number;
  /** What sets it apart, the farthest first. */
  traits: ClusterTrait<Name>[];
}

export interface Clustering<Name extends string> {
  /** The cluster of each customer, from 0. */
  clusterOf: Uint8Array;
  clusters: Cluster<Name>[];
  /** Mean silhouette: 1 for clusters far apart, 0 for none to speak of. */
  silhouette: number;
  /** Of every number of clusters that was tried. */
  tried: { clusters: number; silhouette: number }[];
}

export interface ClusterOptions {
  seed: number;
  /** Clusters are numbered by the mean of it, the greatest first. */
  worth: Float64Array;
  most?: number;
}

const [fewestCustomers, fittedTo, judgedBy, restarts] = [100, 5000, 800, 3];
/** A trait nearer to everybody's than this sets nothing apart. */
const noteworthyDeviations = 0.25;

/**
 * k-means, begun by k-means++ (Arthur and Vassilvitskii 2007), over logarithms brought to deviation 1; of two clusters and more, as
 * many as give the best mean silhouette (Rousseeuw 1987). Fitted to a seeded sample; then every customer goes to the nearest
 * centre. Null for fewer than 100 customers, or where they are all alike.
 */
export function clusterCustomers<Name extends string>(
  features: readonly ClusterFeature<Name>[],
  { seed, worth, most = 8 }: ClusterOptions,
): Clustering<Name> | null {
  const scaled = features.map(({ name, values }) => ({ name, values, scaled: onScale(values) }));
  const telling = scaled.filter((column) => column.scaled.some((value) => value !== 0));
  if (worth.length < fewestCustomers || telling.length === 0) return null;
  const order = shuffledIndices(seededGenerator(seed), worth.length);
  const pointsOf = (customers: Uint32Array): number[][] =>
    Array.from(customers, (customer) => telling.map((column) => column.scaled[customer] as number));
  const points = pointsOf(order.subarray(0, fittedTo));
  const judges = points.slice(0, judgedBy);
  const distinct = new Set(points.map((point) => point.join())).size;
  const tried = sizesUpTo(Math.min(most, distinct - 1)).map((clusters) => {
    const centres = fitCentres(points, { clusters, seed });
    const labels = judges.map((point) => nearest(centres, point));
    return { clusters, centres, silhouette: meanSilhouette(judges, labels) };
  });
  const best = tried.reduce<(typeof tried)[number] | null>(
    (winner, one) => (winner === null || one.silhouette > winner.silhouette ? one : winner),
    null,
  );
  if (best === null) return null;
  const columns = telling.map((column) => column.scaled);
  const clusterOf = numberedByWorth(assign(columns, best.centres), { worth, clusters: best.clusters });
  return {
    clusterOf,
    clusters: describe(telling, { clusterOf, clusters: best.clusters, sample: order.subarray(0, fittedTo) }),
    silhouette: best.silhouette,
    tried: tried.map(({ clusters, silhouette: value }) => ({ clusters, silhouette: value })),
  };
}

/** The logarithm of 1 + a value, at deviation 1; below 0 (more came back than was bought) counts as 0, unknown as the mean. */
function onScale(values: Float64Array): Float64Array {
  const logarithms = values.map((value) => (Number.isNaN(value) ? value : Math.log1p(Math.max(0, value))));
  const known = logarithms.filter((value) => !Number.isNaN(value));
  const { centre, scale } = standardise(known);
  if (scale === 0) return new Float64Array(values.length);
  return logarithms.map((value) => (Number.isNaN(value) ? 0 : (value - centre) / scale));
}

const sizesUpTo = (most: number): number[] =>
  Array.from({ length: Math.max(0, most - 1) }, (_, index) => index + 2);

/** The best of several starts, by the squared distances that are left. */
function fitCentres(points: number[][], { clusters, seed }: { clusters: number; seed: number }): number[][] {
  let best = { centres: [] as number[][], left: Number.POSITIVE_INFINITY };
  for (let restart = 0; restart < restarts; restart++) {
    const fitted = kmeans(points, clusters, {
      initialization: 'kmeans++',
      seed: seed + restart,
      maxIterations: 100,
    });
    const left = points.reduce(
      (sum, point, index) =>
        sum + squaredDistance(point, fitted.centroids[fitted.clusters[index] as number] ?? []),
      0,
    );
    if (left < best.left) best = { centres: fitted.centroids, left };
  }
  return best.centres;
}

function meanSilhouette(points: number[][], labels: number[]): number {
  const present = [...new Set(labels)].sort((one, other) => one - other);
  if (present.length < 2) return -1;
  const values = silhouette(
    points,
    labels.map((label) => present.indexOf(label)),
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaredDistance(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += ((one[at] as number) - (other[at] as number)) ** 2;
  return sum;
}

function nearest(centres: readonly (readonly number[])[], point: readonly number[]): number {
  let [closest, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, centre] of centres.entries()) {
    const distance = squaredDistance(point, centre);
    if (distance < least) [closest, least] = [index, distance];
  }
  return closest;
}

function assign(columns: readonly Float64Array[], centres: readonly (readonly number[])[]): Uint8Array {
  const point = new Array<number>(columns.length).fill(0);
  return Uint8Array.from(columns[0] ?? [], (_, customer) => {
    for (let at = 0; at < point.length; at++) point[at] = columns[at]?.[customer] as number;
    return nearest(centres, point);
  });
}

function numberedByWorth(
  clusterOf: Uint8Array,
  { worth, clusters }: { worth: Float64Array; clusters: number },
): Uint8Array {
  const sums = Array.from({ length: clusters }, () => ({ worth: 0, customers: 0 }));
  for (let customer = 0; customer < clusterOf.length; customer++) {
    const sum = sums[clusterOf[customer] as number] as (typeof sums)[number];
    sum.worth += worth[customer] as number;
    sum.customers += 1;
  }
  const mean = sums.map(({ worth: total, customers }) =>
    customers === 0 ? Number.NEGATIVE_INFINITY : total / customers,
  );
  const order = [...sums.keys()].sort((one, other) => (mean[other] as number) - (mean[one] as number));
  const numberOf = Uint8Array.from(sums.keys(), (cluster) => order.indexOf(cluster));
  return clusterOf.map((cluster) => numberOf[cluster] as number);
}

function describe<Name extends string>(
  features: readonly (ClusterFeature<Name> & { scaled: Float64Array })[],
  { clusterOf, clusters, sample }: { clusterOf: Uint8Array; clusters: number; sample: Uint32Array },
): Cluster<Name>[] {
  const sizes = new Uint32Array(clusters);
  for (const cluster of clusterOf) sizes[cluster] = (sizes[cluster] as number) + 1;
  const customers = Array.from(sample);
  return Array.from(sizes, (size, cluster) => {
    const members = customers.filter((customer) => clusterOf[customer] === cluster);
    const traits = features.map(({ name, values, scaled }) => ({
      feature: name,
      median: medianOf(values, members),
      medianOfAll: medianOf(values, customers),
      deviations:
        members.reduce((sum, customer) => sum + (scaled[customer] as number), 0) /
        Math.max(1, members.length),
    }));
    traits.sort((one, other) => Math.abs(other.deviations) - Math.abs(one.deviations));
    return {
      customers: size,
      traits: traits.filter(({ deviations }) => Math.abs(deviations) >= noteworthyDeviations).slice(0, 3),
    };
  });
}

/** The middle one of those that are known; 0 where none is. */
function medianOf(values: Float64Array, customers: readonly number[]): number {
  const known = Float64Array.from(customers, (customer) => values[customer] as number)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return known[known.length >> 1] ?? 0;
}
