import type { BoostingShardLayout, BoostingTask } from './boostingTask.ts';
import { splitLimits } from './boostingTask.ts';

/** What the kernel reads of a task, in words of 32 bits and 64-bit numbers behind them: see assembly/treeKernel.ts. */
export interface Plan {
  columns: number;
  codesAt: number;
  gradientsAt: number;
  tableAt: number;
  partsAt: number;
  histogramsAt: number;
  searchAt: number;
  lambda: number;
  minWeight: number;
  minGain: number;
  shards: number;
}

const headBytes = 96;
const limitsAt = 64;
const shardBytes = 48;

export const bytesOfPlan = (shards: number): number => headBytes + shardBytes * shards;

const shardFields = [
  'rowsAt',
  'validationRowsAt',
  'spareAt',
  'partAt',
  'blockAt',
  'sumsAt',
  'leavesAt',
  'columnsAt',
  'foundAt',
] as const satisfies readonly (keyof BoostingShardLayout)[];

export type PlannedShard = Pick<BoostingShardLayout, (typeof shardFields)[number]>;

export function writePlan(buffer: ArrayBufferLike, task: BoostingTask): void {
  const { planAt, shards, columns, codesAt, gradientsAt, tableAt, partsAt, histogramsAt, searchAt } = task;
  const shared = [shards.length, columns, codesAt, gradientsAt, tableAt, partsAt, histogramsAt, searchAt];
  const maxDepth = Math.min(task.maxDepth, 2 ** 32 - 1);
  const growing = [task.maxLeaves, maxDepth, task.growth === 'leaf' ? 1 : 0];
  const places = [task.controlAt, task.statesAt, task.openAt, task.nodesAt];
  new Uint32Array(buffer, planAt, headBytes / 4).set([...shared, ...growing, ...places]);
  const { lambda, minWeight, minGain } = splitLimits(task);
  new Float64Array(buffer, planAt + limitsAt, 3).set([lambda, minWeight, minGain]);
  for (const [index, shard] of shards.entries()) {
    const words = new Uint32Array(buffer, planAt + headBytes + shardBytes * index, shardBytes / 4);
    words.set(shardFields.map((field) => shard[field]));
  }
}

export function readPlan(words: Uint32Array, numbers: Float64Array, planAt: number): Plan {
  const word = (index: number): number => words[(planAt >>> 2) + index] as number;
  const limit = (index: number): number => numbers[((planAt + limitsAt) >>> 3) + index] as number;
  return {
    ...{ shards: word(0), columns: word(1), codesAt: word(2), gradientsAt: word(3), tableAt: word(4) },
    ...{ partsAt: word(5), histogramsAt: word(6), searchAt: word(7) },
    ...{ lambda: limit(0), minWeight: limit(1), minGain: limit(2) },
  };
}

export function readPlannedShard(words: Uint32Array, planAt: number, shard: number): PlannedShard {
  const first = (planAt + headBytes + shardBytes * shard) >>> 2;
  return Object.fromEntries(
    shardFields.map((field, at) => [field, words[first + at]]),
  ) as unknown as PlannedShard;
}
