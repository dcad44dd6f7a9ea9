import { expect, it } from 'vitest';
import { leafFeature, splitRules } from '../../../../lib/models/trees/ensemble.ts';
import {
  addLeafInPlace,
  finishTree,
  newGrowingTree,
  splitLeafInPlace,
} from '../../../../lib/models/trees/growingTree.ts';
import { joinGrownTrees } from '../../../../lib/models/trees/grownTree.ts';
import { noSplit } from '../../../../lib/models/trees/splits.ts';

it('grown trees are joined in preorder, with right children counted from the root and the cover of their leaves', () => {
  const tree = newGrowingTree(1);
  const [root, right, left, leftLeft, leftRight] = [30, 10, 20, 13, 7].map((cover, at) =>
    addLeafInPlace(tree, { value: at, cover }),
  ) as [number, number, number, number, number];
  const split = { ...noSplit(), column: 4, code: 9, rule: splitRules.missingRight };
  splitLeafInPlace(tree, root, { split, left, right });
  splitLeafInPlace(tree, left, { split: { ...split, column: 2, code: 5 }, left: leftLeft, right: leftRight });
  const alone = newGrowingTree();
  addLeafInPlace(alone, { value: 8, cover: 30 });
  const { roots, nodes } = joinGrownTrees([finishTree(alone, 1), finishTree(tree, 0.5)]);
  expect([...roots]).toEqual([0, 1]);
  expect(Object.fromEntries(Object.entries(nodes).map(([field, numbers]) => [field, [...numbers]]))).toEqual({
    feature: [leafFeature, 4, 2, leafFeature, leafFeature, leafFeature],
    code: [0, 9, 5, 0, 0, 0],
    rule: [0, splitRules.missingRight, splitRules.missingRight, 0, 0, 0],
    right: [0, 4, 3, 0, 0, 0],
    value: [8, 0, 0, 1.5, 2, 0.5],
    cover: [30, 30, 20, 13, 7, 10],
  });
});
