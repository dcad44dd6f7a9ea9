import { describe, expect, it } from 'vitest';
import { decodeEnsemble, encodeEnsemble } from '../../../../lib/models/trees/artifact.ts';
import { binFeatures } from '../../../../lib/models/trees/binFeatures.ts';
import type { TreeEnsemble } from '../../../../lib/models/trees/ensemble.ts';
import { fitGradientBoosting } from '../../../../lib/models/trees/fitGradientBoosting.ts';
import { fitRandomForest } from '../../../../lib/models/trees/fitRandomForest.ts';
import { fitRandomForestDraws } from '../../../../lib/models/trees/fitRandomForestDraws.ts';
import { shopMatrix } from './shopMatrix.ts';

const { matrix, y, categoricalColumns } = shopMatrix(300, 5);
const binned = binFeatures(matrix, { categoricalColumns, labels: { y, seed: 1 } });
const boosting = fitGradientBoosting(binned, y, { seed: 1, nEstimators: 5 }).ensemble;
const engines: [string, TreeEnsemble][] = [
  ['boosting', boosting],
  ['a forest', fitRandomForest(binned, y, { seed: 1, nEstimators: 3, minSamplesLeaf: 2 }).ensemble],
  ['draws', fitRandomForestDraws(matrix, y, { seed: 1, nEstimators: 3 })],
];

describe.each(engines)('the artifact of %s', (_, ensemble) => {
  it('reads back as what was written, through base64 too', () => {
    const bytes = encodeEnsemble(ensemble);
    expect(decodeEnsemble(bytes)).toEqual(ensemble);
    expect(decodeEnsemble(Buffer.from(Buffer.from(bytes).toString('base64'), 'base64'))).toEqual(ensemble);
    expect(encodeEnsemble(decodeEnsemble(bytes))).toEqual(bytes);
  });
});

describe('an artifact that cannot be used', () => {
  const bytes = encodeEnsemble(boosting);

  it('is refused wherever a byte of it has changed, and wherever it was cut off', () => {
    for (let at = 0; at < bytes.length; at += at < 50 ? 1 : 37) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] as number) ^ 0x40;
      expect(() => decodeEnsemble(damaged), `byte ${at}`).toThrow(/^decodeEnsemble/);
      expect(() => decodeEnsemble(bytes.slice(0, at)), `cut at ${at}`).toThrow(/^decodeEnsemble/);
    }
  });

  it('says whether it is of another version, damaged, or something else', () => {
    const changed = (at: number, byte: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = byte;
      return copy;
    };
    expect(() => decodeEnsemble(changed(7, 9))).toThrow('this one has version 9: fit the model again');
    expect(() => decodeEnsemble(changed(60, (bytes[60] as number) ^ 1))).toThrow('checksum does not agree');
    expect(() => decodeEnsemble(Buffer.from('{"engine":"randomForest"}'.padEnd(60)))).toThrow(
      '60 bytes that are not a tree ensemble',
    );
  });

  it('is not made from trees that lead nowhere, or round in circles', () => {
    const { nodes } = boosting;
    const withNode = (field: 'feature' | 'right', node: number, value: number): TreeEnsemble => {
      const copy = nodes[field].slice();
      copy[node] = value;
      return { ...boosting, nodes: { ...nodes, [field]: copy } };
    };
    for (const broken of [
      withNode('right', 0, 0),
      withNode('right', 0, 1),
      withNode('right', 0, 100_000),
      withNode('feature', 0, 6),
      { ...boosting, roots: Uint32Array.of(nodes.feature.length) },
      { ...boosting, nodes: { ...nodes, value: nodes.value.map(() => Number.NaN) } },
      { ...boosting, nodes: { ...nodes, cover: nodes.cover.slice(1) } },
      { ...boosting, columnCodes: [] },
      { ...boosting, baseMargin: Number.NaN },
    ])
      expect(() => encodeEnsemble(broken)).toThrow(
        /^encodeEnsemble was given a tree ensemble that cannot be/,
      );
  });
});
