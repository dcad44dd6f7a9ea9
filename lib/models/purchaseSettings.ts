import * as z from 'zod/mini';

/** How the rarer label is treated while a model is fitted; the probabilities are corrected for it afterwards. */
export const imbalanceMethodSchema = z.enum([
  'none',
  'randomOverSampling',
  'randomUnderSampling',
  'smote',
  'smotenc',
  'clusterUnderSampling',
  'smoteTomek',
  'smoteEnn',
  'classWeights',
  'focalLoss',
  'balancedForest',
]);
export type ImbalanceMethod = z.infer<typeof imbalanceMethodSchema>;

const amount = z.nullable(z.number().check(z.gte(0), z.lte(1e9)));

/** The part of settings.json that says how the purchase model is fitted and what its figures are worth. */
export const purchaseSettings = z.strictObject({
  /** Features that the model may not use: what is known only afterwards, or what must not decide. */
  excludeColumns: z._default(z.array(z.string()), []),
  /** Tried beside no treatment, and used only where it does better on held-out rows. */
  imbalance: z._default(imbalanceMethodSchema, 'none'),
  /** A new model that does worse than the one in use, on rows that neither has seen, is kept as its challenger and not published. */
  keepChampion: z._default(z.boolean(), true),
  /** What it costs to contact one customer, in the shop's currency; null shows no profit. */
  contactCost: z._default(amount, null),
  /** What the shop keeps of a purchase that a contact brings, in its currency; null shows no profit. */
  purchaseMargin: z._default(amount, null),
});
export type PurchaseSettings = z.infer<typeof purchaseSettings>;
