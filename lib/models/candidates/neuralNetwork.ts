import * as z from 'zod/mini';
import type { FeatureMatrix } from '../../features/matrix.ts';
import { sigmoid } from '../../math/logistic.ts';
import { applyScaling } from '../logisticRegression.ts';

/** Fully connected layers of rectified linear units, and one output whose sigmoid is the probability. */
export const neuralNetworkSchema = z.object({
  layers: z
    .array(
      z.object({
        inputs: z.int(),
        outputs: z.int(),
        /** Row-major, one row per output. */
        weights: z.array(z.number()),
        biases: z.array(z.number()),
      }),
    )
    .check(
      z.refine(
        isWellFormed,
        'each layer must take what the one before it gives, and the last give one number',
      ),
    ),
  compression: z.array(z.number()),
  means: z.array(z.number()),
  scales: z.array(z.number()),
  /** Passes over the rows until the rows kept aside stopped improving. */
  epochs: z.number(),
});
export type NeuralNetwork = z.infer<typeof neuralNetworkSchema>;

/** A layer while it is fitted or used. */
export interface Layer {
  inputs: number;
  outputs: number;
  weights: Float64Array;
  biases: Float64Array;
}

/** The probability of label 1 for each row. */
export function predictNeuralNetwork(
  model: NeuralNetwork,
  { X, rows, columns }: FeatureMatrix,
): Float64Array {
  const Z = applyScaling(model, X);
  const layers = model.layers.map((layer) => ({
    ...layer,
    weights: Float64Array.from(layer.weights),
    biases: Float64Array.from(layer.biases),
  }));
  const activations = activationsOf(layers);
  return Float64Array.from({ length: rows }, (_, row) => {
    activations[0]?.set(Z.subarray(row * columns, (row + 1) * columns));
    return sigmoid(forwardInPlace(layers, activations));
  });
}

/** Room for the inputs and for what each layer gives. */
export const activationsOf = (layers: readonly Layer[]): Float64Array[] => [
  new Float64Array(layers[0]?.inputs ?? 0),
  ...layers.map(({ outputs }) => new Float64Array(outputs)),
];

/** Fills the activations from `activations[0]` on and returns the margin. */
export function forwardInPlace(layers: readonly Layer[], activations: readonly Float64Array[]): number {
  for (const [index, { inputs, outputs, weights, biases }] of layers.entries()) {
    const from = activations[index] as Float64Array;
    const to = activations[index + 1] as Float64Array;
    const isLast = index === layers.length - 1;
    for (let output = 0; output < outputs; output++) {
      let sum = biases[output] as number;
      const start = output * inputs;
      for (let input = 0; input < inputs; input++)
        sum += (weights[start + input] as number) * (from[input] as number);
      to[output] = isLast || sum > 0 ? sum : 0;
    }
  }
  return activations.at(-1)?.[0] as number;
}

function isWellFormed(
  layers: { inputs: number; outputs: number; weights: number[]; biases: number[] }[],
): boolean {
  return (
    layers.at(-1)?.outputs === 1 &&
    layers.every(
      ({ inputs, outputs, weights, biases }, index) =>
        weights.length === inputs * outputs &&
        biases.length === outputs &&
        (index === 0 || layers[index - 1]?.outputs === inputs),
    )
  );
}
