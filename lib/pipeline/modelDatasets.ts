/** Where purchase models come from, and the dataset of each: a training table of the shop's own, or its order history. */
export const modelDatasets = { training: 'training', orders: 'orders/model' } as const;
export type ModelDataset = (typeof modelDatasets)[keyof typeof modelDatasets];
