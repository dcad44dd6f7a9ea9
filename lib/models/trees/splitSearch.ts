import type { BoostingShard, SearchOrder } from './boostingShard.ts';
import { type BoostingTask, searchedNodes, slotPosition, splitLimits } from './boostingTask.ts';
import { splitRules } from './ensemble.ts';
import {
  between,
  type CodeSums,
  improveSplitInPlace,
  isUnbounded,
  type NodeSums,
  newCodeSums,
  noSplit,
  type Split,
} from './splits.ts';
import { bytesPerColumnSums, codesPerColumn, foundNumbers } from './treeKernel.ts';

/** What a leaf is before it is known how to split it. */
export interface Child extends NodeSums {
  depth: number;
  /** Of its histograms. */
  slot: number;
}

export interface SplitSearch {
  /** Whether the order of all columns is free. */
  isFree: boolean;
  /** Of all rows, which have been counted; their histograms are then in slot 0. */
  totals(): { target: number; weight: number };
  /** The best split of each node, one or two of them; null for one that is not to be split. */
  find(nodes: readonly (Child | null)[], order: SearchOrder): Split[];
}

/** Columns whose order is free are searched by all shards, a part of them each, and the others here. */
export function splitSearch(
  { buffer, task, team }: { buffer: ArrayBufferLike; task: BoostingTask; team: BoostingShard },
  columns: readonly number[],
): SplitSearch {
  const numbers = new Float64Array(buffer);
  const sums = newCodeSums();
  const limits = splitLimits(task);
  const isFree = (column: number): boolean => !task.isOneHot[column] && task.monotone[column] === 0;
  const others = columns.filter((column) => !isFree(column));
  shareColumns(buffer, task, columns.filter(isFree));

  const order = (nodes: readonly (Child | null)[], given: SearchOrder): void => {
    for (let at = 0; at < searchedNodes; at++) {
      const node = nodes[at] ?? null;
      const into = (task.searchAt >>> 3) + 3 * at;
      numbers[into] = node !== null && isUnbounded(node) ? node.slot : -1;
      numbers[into + 1] = node?.weight ?? 0;
      numbers[into + 2] = node?.target ?? 0;
    }
    team.search(given);
  };

  return {
    isFree: others.length === 0,
    totals() {
      order([], { counted: 0, parent: -1 });
      return totals(numbers, slotPosition(task, 0) + bytesPerColumnSums * (columns[0] as number));
    },
    find(nodes, given) {
      order(nodes, given);
      return nodes.map((node, at) => {
        const best = noSplit();
        if (node === null) return best;
        const isSearched = isUnbounded(node);
        if (isSearched) takeThreshold(best, node, at);
        for (const column of isSearched ? others : columns) {
          takeSumsInPlace(sums, numbers, slotPosition(task, node.slot) + bytesPerColumnSums * column);
          const isOneHot = task.isOneHot[column] as boolean;
          const monotone = task.monotone[column] as number;
          improveSplitInPlace(best, sums, { node, column: { column, isOneHot, monotone }, limits });
        }
        return best;
      });
    },
  };

  /** The best of what the shards found: as `improveSplitInPlace` would for each of the free columns. */
  function takeThreshold(best: Split, { weight }: NodeSums, at: number): void {
    for (const { foundAt } of task.shards) {
      const found = (foundAt >>> 3) + foundNumbers * at;
      const gain = numbers[found] as number;
      const column = numbers[found + 5] as number;
      if (gain < best.gain || gain === Number.NEGATIVE_INFINITY) continue;
      if (gain === best.gain && column > best.column) continue;
      const missing = numbers[found + 6];
      best.gain = gain;
      best.column = column;
      best.leftWeight = numbers[found + 1] as number;
      best.leftTarget = numbers[found + 2] as number;
      best.code = between(numbers[found + 3] as number, numbers[found + 4] as number);
      // without missing values to learn from, they follow the larger side
      const isRight = missing === 0 ? 2 * best.leftWeight < weight : missing === 2;
      best.rule = isRight ? splitRules.missingRight : splitRules.missingLeft;
    }
  }
}

/** Gives every shard about as many codes; what is found on them does not depend on whose they are. All columns were counted. */
function shareColumns(buffer: ArrayBufferLike, task: BoostingTask, searched: readonly number[]): void {
  const codesOf = (column: number): number => task.codes[column] as number;
  const all = Array.from({ length: task.columns }, (_, column) => column);
  const kinds = [searched, all.filter((column) => !searched.includes(column))];
  const loads = task.shards.map(() => 0);
  const shares = task.shards.map(() => [[], []] as [number[], number[]]);
  for (const [kind, columns] of kinds.entries()) {
    for (const column of [...columns].sort((a, b) => codesOf(b) - codesOf(a))) {
      const least = loads.indexOf(Math.min(...loads));
      loads[least] = (loads[least] as number) + codesOf(column);
      shares[least]?.[kind]?.push(column);
    }
  }
  for (const [index, { columnsAt }] of task.shards.entries()) {
    const [first, others] = shares[index] as [number[], number[]];
    const listed = [...first.sort((a, b) => a - b), ...others];
    const list = new Uint32Array(buffer, columnsAt, 2 * (listed.length + 1));
    list.set([first.length, listed.length]);
    for (const [at, column] of listed.entries()) list.set([column, codesOf(column)], 2 * (at + 1));
  }
}

/** Any column has all rows in it. */
function totals(numbers: Float64Array, histogramAt: number): { target: number; weight: number } {
  let [target, weight] = [0, 0];
  for (let at = histogramAt >>> 3; at < (histogramAt >>> 3) + 2 * codesPerColumn; at += 2) {
    weight += numbers[at] as number;
    target += numbers[at + 1] as number;
  }
  return { target, weight };
}

function takeSumsInPlace(sums: CodeSums, numbers: Float64Array, histogramAt: number): void {
  const histogram = histogramAt >>> 3;
  let length = 0;
  for (let code = 0; code < codesPerColumn; code++) {
    const weight = numbers[histogram + 2 * code] as number;
    const target = numbers[histogram + 2 * code + 1] as number;
    if (weight === 0 && target === 0) continue;
    sums.code[length] = code;
    sums.target[length] = target;
    sums.weight[length] = weight;
    length += 1;
  }
  sums.length = length;
}
