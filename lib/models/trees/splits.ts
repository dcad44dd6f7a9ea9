import { splitRules } from './ensemble.ts';

/** The sums of a node's rows for one column, an entry per code that occurs, ascending. Sums are whole numbers. */
export interface CodeSums {
  length: number;
  code: Int32Array;
  /** Forest: the weight of label 1. Boosting: the negative gradient. */
  target: Float64Array;
  /** Forest: the weight. Boosting: the second derivative. */
  weight: Float64Array;
}

export interface Split {
  column: number;
  code: number;
  rule: number;
  gain: number;
  leftTarget: number;
  leftWeight: number;
}

export interface SplitLimits {
  /** Added to the weight of each side (ridge penalty). */
  lambda: number;
  minWeight: number;
  minGain: number;
}

/** The node that is to be split. */
export interface NodeSums {
  target: number;
  weight: number;
  /** What the value of the children may be, by the monotone constraints above. */
  lowest: number;
  highest: number;
}

export interface SplitColumn {
  column: number;
  isOneHot: boolean;
  /** 1: the probability may not fall as the column grows; -1: it may not rise; 0: either. */
  monotone: number;
}

export const newCodeSums = (): CodeSums => ({
  length: 0,
  code: new Int32Array(256),
  target: new Float64Array(256),
  weight: new Float64Array(256),
});

export const noSplit = (): Split => ({
  column: -1,
  code: 0,
  rule: 0,
  gain: Number.NEGATIVE_INFINITY,
  leftTarget: 0,
  leftWeight: 0,
});

/**
 * Replaces `best` in place where the column has a split that gains more. A side's score is target² / (weight + lambda): for
 * a forest, whose lambda is 0, the best split is the one with the least Gini impurity; for boosting it is equation 7 of
 * Chen & Guestrin (2016).
 */
export function improveSplitInPlace(
  best: Split,
  sums: CodeSums,
  { node, column, limits }: { node: NodeSums; column: SplitColumn; limits: SplitLimits },
): void {
  if (sums.length < 2) return;
  if (column.isOneHot) {
    tryEachCode(best, sums, { node, column, limits });
  } else if (sums.code[0] === 0) {
    tryThresholds(best, sums, { node, column, limits, from: 0, rule: splitRules.missingLeft });
    tryThresholds(best, sums, { node, column, limits, from: 1, rule: splitRules.missingRight });
  } else {
    tryThresholds(best, sums, { node, column, limits, from: 0, rule: splitRules.missingLeft });
    // without missing values to learn from, they follow the larger side
    if (best.column === column.column && 2 * best.leftWeight < node.weight)
      best.rule = splitRules.missingRight;
  }
}

interface Search {
  node: NodeSums;
  column: SplitColumn;
  limits: SplitLimits;
}

function tryThresholds(
  best: Split,
  { length, code, target, weight }: CodeSums,
  { node, column, limits, from, rule }: Search & { from: number; rule: number },
): void {
  const { lambda, minWeight } = limits;
  const parent = score(node.target, node.weight + lambda);
  const isFree = column.monotone === 0 && isUnbounded(node);
  let leftTarget = 0;
  let leftWeight = 0;
  for (let at = from; at < length - 1; at++) {
    leftTarget += target[at] as number;
    leftWeight += weight[at] as number;
    const rightWeight = node.weight - leftWeight;
    if (leftWeight < minWeight) continue;
    // with missing values on the right, the right side never runs out of them
    if (rightWeight < minWeight) break;
    const rightTarget = node.target - leftTarget;
    const gain = isFree
      ? score(leftTarget, leftWeight + lambda) + score(rightTarget, rightWeight + lambda) - parent
      : boundedGain({ leftTarget, leftWeight, rightTarget, rightWeight }, { node, column, limits }) - parent;
    if (gain <= limits.minGain || !isBetter(gain, column.column, best)) continue;
    best.gain = gain;
    best.column = column.column;
    best.rule = rule;
    best.code = between(code[at] as number, code[at + 1] as number);
    best.leftTarget = leftTarget;
    best.leftWeight = leftWeight;
  }
}

function tryEachCode(best: Split, { length, code, target, weight }: CodeSums, search: Search): void {
  const { node, column, limits } = search;
  const { lambda, minWeight } = limits;
  const parent = score(node.target, node.weight + lambda);
  const isFree = isUnbounded(node);
  for (let at = 0; at < length; at++) {
    const leftTarget = target[at] as number;
    const leftWeight = weight[at] as number;
    const rightTarget = node.target - leftTarget;
    const rightWeight = node.weight - leftWeight;
    if (leftWeight < minWeight || rightWeight < minWeight) continue;
    const gain = isFree
      ? score(leftTarget, leftWeight + lambda) + score(rightTarget, rightWeight + lambda) - parent
      : boundedGain({ leftTarget, leftWeight, rightTarget, rightWeight }, search) - parent;
    if (gain <= limits.minGain || !isBetter(gain, column.column, best)) continue;
    best.gain = gain;
    best.column = column.column;
    best.rule = splitRules.equal;
    best.code = code[at] as number;
    best.leftTarget = leftTarget;
    best.leftWeight = leftWeight;
  }
}

/** Of equal gains the first column's counts, so that the order in which columns are tried does not. */
const isBetter = (gain: number, column: number, best: Split): boolean =>
  gain > best.gain || (gain === best.gain && column < best.column);

const score = (target: number, weight: number): number => (weight > 0 ? (target * target) / weight : 0);

export const isUnbounded = ({ lowest, highest }: NodeSums): boolean =>
  lowest === Number.NEGATIVE_INFINITY && highest === Number.POSITIVE_INFINITY;

/** The value of a leaf with these sums, within the node's bounds. */
export function boundedValue(
  target: number,
  weight: number,
  { lowest, highest }: Pick<NodeSums, 'lowest' | 'highest'>,
): number {
  const value = weight > 0 ? target / weight : 0;
  return Math.min(highest, Math.max(lowest, value));
}

interface Sides {
  leftTarget: number;
  leftWeight: number;
  rightTarget: number;
  rightWeight: number;
}

function boundedGain(
  { leftTarget, leftWeight, rightTarget, rightWeight }: Sides,
  { node, column, limits }: Search,
): number {
  const left = boundedValue(leftTarget, leftWeight + limits.lambda, node);
  const right = boundedValue(rightTarget, rightWeight + limits.lambda, node);
  if (column.monotone * (right - left) < 0) return Number.NEGATIVE_INFINITY;
  return (
    2 * (left * leftTarget + right * rightTarget) -
    left * left * (leftWeight + limits.lambda) -
    right * right * (rightWeight + limits.lambda)
  );
}

/** Half way between two codes that occur, so that rows unlike the fitted ones go to the side that they are nearer to. */
export const between = (lower: number, upper: number): number => (lower === 0 ? 0 : (lower + upper - 1) >> 1);

/** The bounds of both children: by a monotone split, neither may cross the middle. */
export function childBounds(
  node: NodeSums,
  { left, right, monotone }: { left: number; right: number; monotone: number },
): { left: Pick<NodeSums, 'lowest' | 'highest'>; right: Pick<NodeSums, 'lowest' | 'highest'> } {
  const { lowest, highest } = node;
  const middle = (left + right) / 2;
  if (monotone > 0) return { left: { lowest, highest: middle }, right: { lowest: middle, highest } };
  if (monotone < 0) return { left: { lowest: middle, highest }, right: { lowest, highest: middle } };
  return { left: { lowest, highest }, right: { lowest, highest } };
}
