import { sigmoid } from './logistic.ts';

const reach = 16;
const stepsPerUnit = 256;
const table = Float64Array.from({ length: 2 * reach * stepsPerUnit + 2 }, (_, step) =>
  sigmoid(step / stepsPerUnit - reach),
);

/** `sigmoid` to within 2e-7, by straight lines between values of a table, several times as fast. */
export function nearSigmoid(x: number): number {
  const position = (Math.max(-reach, Math.min(reach, x)) + reach) * stepsPerUnit;
  const step = Math.trunc(position);
  const below = table[step] as number;
  return below + (position - step) * ((table[step + 1] as number) - below);
}
