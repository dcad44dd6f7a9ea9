import type { FeatureMatrix } from '../../features/matrix.ts';
import { sigmoid, softplus } from '../../math/logistic.ts';
import { type RandomGenerator, seededGenerator, shuffledIndices, standardNormal } from '../../math/random.ts';
import { scaleColumns } from '../logisticRegression.ts';
import { focalLoss } from './focalLogistic.ts';
import { activationsOf, forwardInPlace, type Layer, type NeuralNetwork } from './neuralNetwork.ts';

export interface NeuralNetworkOptions {
  seed: number;
  /** Units of each hidden layer: one or two of them. */
  hidden?: readonly number[];
  learningRate?: number;
  /** Pulls weights towards 0 at every step, apart from the gradient (AdamW; Loshchilov and Hutter 2019). */
  weightDecay?: number;
  /** By default as many as make some 5,000 steps, 20 to 200. */
  maxEpochs?: number;
  /** Epochs without improvement on the rows kept aside, after which the best weights are taken. */
  patience?: number;
  weights?: Float64Array | null;
  focalGamma?: number | null;
  onEpoch?: (done: number, maxEpochs: number) => void;
}

const batchSize = 64;
const keptAside = 0.15;

/**
 * A small network by Adam (Kingma and Ba 2015, algorithm 1) on batches of 64 rows, its first weights those of He, Zhang, Ren
 * and Sun (2015). It stops when 15 % of the rows, kept aside, no longer do better, and returns the weights that did best.
 */
export function fitNeuralNetwork(
  matrix: FeatureMatrix,
  y: Uint8Array,
  options: NeuralNetworkOptions,
): NeuralNetwork {
  const { seed, hidden = [16], patience = 5, onEpoch } = options;
  const { maxEpochs = epochsFor(matrix.rows) } = options;
  const generator = seededGenerator(seed);
  const { Z, ...scaling } = scaleColumns(matrix);
  const order = shuffledIndices(generator, matrix.rows);
  const aside = order.subarray(0, Math.floor(keptAside * matrix.rows));
  const fitted = order.slice(aside.length);
  const layers = firstLayers([matrix.columns, ...hidden, 1], generator);
  const learner: Learner = {
    layers,
    slopes: layers.map(noSlopes),
    activations: activationsOf(layers),
    steps: 0,
  };
  const data: Rows = { Z, y, columns: matrix.columns, weights: options.weights ?? null };
  let best = { loss: Number.POSITIVE_INFINITY, layers: layers.map(copyOf), epochs: 0 };
  for (let epoch = 1; epoch <= maxEpochs && epoch - best.epochs <= patience; epoch++) {
    const shuffled = shuffledIndices(generator, fitted.length).map((place) => fitted[place] as number);
    for (let start = 0; start < shuffled.length; start += batchSize)
      learnInPlace(learner, data, { ...options, batch: shuffled.subarray(start, start + batchSize) });
    const loss = lossOn(learner, data, {
      rows: aside.length > 0 ? aside : fitted,
      focalGamma: options.focalGamma,
    });
    if (loss < best.loss) best = { loss, layers: layers.map(copyOf), epochs: epoch };
    onEpoch?.(epoch, maxEpochs);
  }
  const stored = best.layers.map(({ inputs, outputs, weights, biases }) => ({
    inputs,
    outputs,
    weights: [...weights],
    biases: [...biases],
  }));
  return { layers: stored, ...scaling, epochs: best.epochs };
}

const epochsFor = (rows: number): number =>
  Math.max(20, Math.min(200, Math.round((5000 * batchSize) / rows)));

interface Rows {
  Z: Float64Array;
  y: Uint8Array;
  columns: number;
  weights: Float64Array | null;
}

interface Learner {
  layers: Layer[];
  slopes: Slopes[];
  activations: Float64Array[];
  steps: number;
}

/** Of a layer's weights and then its biases: the gradient and Adam's running moments. */
interface Slopes {
  gradient: Float64Array;
  first: Float64Array;
  second: Float64Array;
  /** With respect to what the layer gives, before it is rectified. */
  deltas: Float64Array;
}

const firstLayers = (widths: readonly number[], generator: RandomGenerator): Layer[] =>
  widths.slice(1).map((outputs, index) => {
    const inputs = widths[index] as number;
    const deviation = Math.sqrt(2 / inputs);
    const weights = Float64Array.from(
      { length: inputs * outputs },
      () => deviation * standardNormal(generator),
    );
    return { inputs, outputs, weights, biases: new Float64Array(outputs) };
  });

const noSlopes = ({ weights, outputs }: Layer): Slopes => ({
  gradient: new Float64Array(weights.length + outputs),
  first: new Float64Array(weights.length + outputs),
  second: new Float64Array(weights.length + outputs),
  deltas: new Float64Array(outputs),
});

const copyOf = (layer: Layer): Layer => ({
  ...layer,
  weights: layer.weights.slice(),
  biases: layer.biases.slice(),
});

/** One step of Adam down the mean loss of the batch. */
function learnInPlace(
  learner: Learner,
  { Z, y, columns, weights }: Rows,
  { batch, focalGamma = null, ...step }: NeuralNetworkOptions & { batch: Uint32Array },
): void {
  const { layers, slopes, activations } = learner;
  for (const { gradient } of slopes) gradient.fill(0);
  let total = 0;
  for (const row of batch) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    activations[0]?.set(Z.subarray(row * columns, (row + 1) * columns));
    const margin = forwardInPlace(layers, activations);
    const output = slopes.at(-1)?.deltas as Float64Array;
    output[0] = weight * slopeOfLoss(margin, y[row] as number, focalGamma);
    backwardInPlace(learner);
  }
  learner.steps += 1;
  for (const [index, layer] of layers.entries())
    adamInPlace(layer, slopes[index] as Slopes, { ...step, steps: learner.steps, total });
}

function slopeOfLoss(margin: number, label: number, focalGamma: number | null): number {
  if (focalGamma === null) return sigmoid(margin) - label;
  const sign = label === 1 ? 1 : -1;
  return sign * focalLoss(sign * margin, focalGamma).slope;
}

/** From the output's delta to the gradient of every weight. */
function backwardInPlace({ layers, slopes, activations }: Learner): void {
  for (let index = layers.length - 1; index >= 0; index--) {
    const { inputs, outputs, weights } = layers[index] as Layer;
    const { gradient, deltas } = slopes[index] as Slopes;
    const from = activations[index] as Float64Array;
    const below = slopes[index - 1]?.deltas;
    below?.fill(0);
    for (let output = 0; output < outputs; output++) {
      const delta = deltas[output] as number;
      if (delta === 0) continue;
      const start = output * inputs;
      for (let input = 0; input < inputs; input++) {
        const value = from[input] as number;
        gradient[start + input] = (gradient[start + input] as number) + delta * value;
        // a unit that gave nothing passes nothing back
        if (below !== undefined && value > 0)
          below[input] = (below[input] as number) + delta * (weights[start + input] as number);
      }
      const bias = weights.length + output;
      gradient[bias] = (gradient[bias] as number) + delta;
    }
  }
}

const [firstDecay, secondDecay, tiny] = [0.9, 0.999, 1e-8];

function adamInPlace(
  { weights, biases }: Layer,
  { gradient, first, second }: Slopes,
  {
    learningRate = 0.003,
    weightDecay = 1e-3,
    steps,
    total,
  }: { learningRate?: number; weightDecay?: number; steps: number; total: number },
): void {
  const rate = (learningRate * Math.sqrt(1 - secondDecay ** steps)) / (1 - firstDecay ** steps);
  for (let index = 0; index < gradient.length; index++) {
    const slope = (gradient[index] as number) / total;
    const moment = firstDecay * (first[index] as number) + (1 - firstDecay) * slope;
    const size = secondDecay * (second[index] as number) + (1 - secondDecay) * slope * slope;
    first[index] = moment;
    second[index] = size;
    const step = (rate * moment) / (Math.sqrt(size) + tiny);
    const bias = index - weights.length;
    if (bias >= 0) biases[bias] = (biases[bias] as number) - step;
    else weights[index] = (weights[index] as number) * (1 - learningRate * weightDecay) - step;
  }
}

/** Mean loss by the weights and the loss that are fitted, so that stopping follows what is learnt. */
function lossOn(
  { layers, activations }: Learner,
  { Z, y, columns, weights }: Rows,
  { rows, focalGamma = null }: { rows: Uint32Array; focalGamma?: number | null | undefined },
): number {
  let [loss, total] = [0, 0];
  for (const row of rows) {
    activations[0]?.set(Z.subarray(row * columns, (row + 1) * columns));
    const margin = forwardInPlace(layers, activations);
    const towards = y[row] === 1 ? margin : -margin;
    const weight = weights?.[row] ?? 1;
    loss += weight * (focalGamma === null ? softplus(-towards) : focalLoss(towards, focalGamma).value);
    total += weight;
  }
  return loss / total;
}
