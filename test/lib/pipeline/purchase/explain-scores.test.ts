import { describe, expect, it } from 'vitest';
import type { PurchaseModel } from '../../../../lib/models/purchaseModel.ts';
import { encodeEnsemble } from '../../../../lib/models/trees/artifact.ts';
import { emptyNodes } from '../../../../lib/models/trees/ensemble.ts';
import { chooseExplained } from '../../../../lib/pipeline/purchase/explainScores.ts';
import type { Run } from '../../../../lib/pipeline/run.ts';

/** A forest of so many nodes, all of them leaves. */
function forestOf(nodes: number): PurchaseModel {
  const ensemble = {
    engine: 'randomForest' as const,
    link: 'identity' as const,
    baseMargin: 0,
    columnNames: [],
    columnCodes: [],
    roots: Uint32Array.of(0),
    nodes: emptyNodes(nodes),
  };
  const artifact = Buffer.from(encodeEnsemble(ensemble)).toString('base64');
  return { engine: 'randomForest', parameters: { artifact } } as unknown as PurchaseModel;
}

const logistic = { engine: 'logisticRegression' } as unknown as PurchaseModel;

function choose(model: PurchaseModel, groups: Float64Array[]) {
  const notes: { message: string; count?: number | undefined }[] = [];
  const run = { amend: (changes: { notes: typeof notes }) => notes.push(...changes.notes) };
  return { chosen: chooseExplained(run as unknown as Run, model, groups), notes };
}

const rising = (length: number): Float64Array => Float64Array.from({ length }, (_, row) => row / length);

describe('customers that get reasons', () => {
  it('are all of them where there is time for all', () => {
    const { chosen, notes } = choose(forestOf(10), [rising(3), rising(2)]);
    expect(chosen).toEqual([Uint32Array.of(0, 1, 2), Uint32Array.of(0, 1)]);
    expect(notes).toEqual([]);
  });

  it('are the 100,000 most likely buyers of more, in whatever group they are', () => {
    const { chosen, notes } = choose(logistic, [rising(100_000), Float64Array.of(-1, 2)]);
    expect(chosen[0]?.length).toBe(99_999);
    expect(chosen[0]?.[0]).toBe(1);
    expect(chosen[1]).toEqual(Uint32Array.of(1));
    expect(notes).toMatchObject([{ message: expect.stringContaining('only the 100000 '), count: 2 }]);
  });

  it('are fewer where trees are large: nodes times customers stay below what there is time for', () => {
    const { chosen, notes } = choose(forestOf(3_000_000), [rising(60_000)]);
    expect(chosen[0]?.length).toBe(50_000);
    expect(chosen[0]?.[0]).toBe(60_000 - 50_000);
    expect(notes).toMatchObject([
      { message: expect.stringContaining('too large to explain'), count: 10_000 },
    ]);
  }, 60_000);

  it('are no more than that where many are equally likely: then the first of them', () => {
    const equal = new Float64Array(60_000).fill(0.2);
    const { chosen } = choose(logistic, [equal, Float64Array.of(0.1, 0.3), equal]);
    expect(chosen.map(({ length }) => length)).toEqual([60_000, 1, 39_999]);
    expect(chosen[2]?.at(-1)).toBe(39_998);
  });
});
