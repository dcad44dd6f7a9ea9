import { negatedInverse } from '../../math/dense/symmetricInverse.ts';
import { newRowSummer, type RowSummer } from '../../math/dense/weightedRows.ts';
import type { ModelledPurchases } from './modelledPurchases.ts';

/** The square matrix of weights of Steck (2019), in memory that its sums are computed in. */
export interface EaseModel {
  items: number;
  summer: RowSummer;
}

/** L2 penalty as a multiple of the mean of the Gram matrix's diagonal, so that it fits shops of any size. */
const penaltyShare = 6;

/**
 * EASE^R of H. Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (WWW 2019): the linear model of every product by all others
 * that reproduces what customers bought, in closed form (equation 8): P = (X'X + λI)^-1, B = I - P / diag(P), with zeros on the diagonal.
 * X holds purchases that fade with age. Takes some items³ multiplications and 16 items² bytes.
 */
export function fitEase(purchases: ModelledPurchases): EaseModel {
  const items = purchases.products.length;
  const { matrix, stride } = negatedInverse(items, (gram, rowLength) =>
    writePenalisedGram(purchases, gram, rowLength),
  );
  const summer = newRowSummer({ size: items, width: items, mostRows: Math.max(1, purchases.mostItems) });
  for (let row = 0; row < items; row++)
    for (let column = 0; column < items; column++)
      // The sign of the inverse cancels.
      summer.matrix[row * summer.stride + column] =
        row === column
          ? 0
          : -(matrix[row > column ? row * stride + column : column * stride + row] as number) /
            (matrix[column * stride + column] as number);
  return { items, summer };
}

/** The lower triangle of X'X + λI. */
function writePenalisedGram(
  { starts, item, weight, products }: ModelledPurchases,
  gram: Float64Array,
  stride: number,
): void {
  for (let customer = 0; customer + 1 < starts.length; customer++) {
    const end = starts[customer + 1] as number;
    for (let one = starts[customer] as number; one < end; one++)
      for (let other = starts[customer] as number; other <= one; other++) {
        const [i, j] = [item[one] as number, item[other] as number];
        const at = i > j ? i * stride + j : j * stride + i;
        gram[at] = (gram[at] as number) + (weight[one] as number) * (weight[other] as number);
      }
  }
  let trace = 0;
  for (let row = 0; row < products.length; row++) trace += gram[row * stride + row] as number;
  const penalty = (penaltyShare * trace) / Math.max(1, products.length);
  for (let row = 0; row < products.length; row++)
    gram[row * stride + row] = (gram[row * stride + row] as number) + Math.max(penalty, 1e-6);
}

/** What is expected of each item from what a customer bought; the array is the same one at every call. */
export const scoreByEase = ({ summer }: EaseModel, items: Uint32Array, weights: Float32Array): Float32Array =>
  summer.sum(items, weights);

/** What a purchase of `bought` adds to the score of `item`. */
export const easeWeight = ({ summer }: EaseModel, bought: number, item: number): number =>
  summer.matrix[bought * summer.stride + item] as number;
