import type { FitOptions } from '../../models/fitPurchaseModel.ts';
import type { PurchaseModel } from '../../models/purchaseModel.ts';
import type { FitProgress } from '../../models/purchaseReport.ts';
import type { PurchaseRows } from '../../models/purchaseRows.ts';
import type { Run } from '../run.ts';

export type FitSettings = Omit<FitOptions, 'onProgress'>;

/** Fits a purchase model, on whatever thread. */
export type FitModel = (
  rows: PurchaseRows,
  settings: FitSettings,
  onProgress: (progress: FitProgress) => void,
) => Promise<PurchaseModel>;

/** Fits as the shop's settings say, and tells how far it has come. */
export function fitForRun(run: Run, rows: PurchaseRows, fitModel: FitModel): Promise<PurchaseModel> {
  const { seed, horizonDays, currency, purchase } = run.settings;
  const settings = { seed, horizonDays, currency, settings: purchase };
  run.amend({ counts: { fittedRows: rows.ids.length } });
  return run.timed('fit', () => fitModel(rows, settings, run.progress));
}
