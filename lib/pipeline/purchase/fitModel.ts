import type { FitOptions, PurchaseFit } from '../../models/fitPurchaseModel.ts';
import type { PurchaseModel } from '../../models/purchaseModel.ts';
import type { FitProgress } from '../../models/purchaseReport.ts';
import type { PurchaseRows } from '../../models/purchaseRows.ts';
import { loadTested } from '../modelInUse.ts';
import { modelManifestSchema } from '../results.ts';
import type { Run } from '../run.ts';

export type FitSettings = Omit<FitOptions, 'onProgress'>;

/** Fits a purchase model, on whatever thread. */
export type FitModel = (
  rows: PurchaseRows,
  settings: FitSettings,
  onProgress: (progress: FitProgress) => void,
) => Promise<PurchaseFit>;

/** Fits as the shop's settings say, beside the model in use, and tells how far it has come. */
export async function fitForRun(run: Run, rows: PurchaseRows, fitModel: FitModel): Promise<PurchaseFit> {
  const { seed, horizonDays, currency, purchase } = run.settings;
  const inUse = purchase.keepChampion ? await run.timed('champion', () => loadChampion(run)) : null;
  const settings = { seed, horizonDays, currency, settings: purchase, inUse };
  run.amend({ counts: { fittedRows: rows.ids.length } });
  return run.timed('fit', () => fitModel(rows, settings, run.progress));
}

/** A run that is done again after it was published does not challenge itself; and no model stays that knows who has been erased since. */
async function loadChampion({
  platform,
  plan,
  erased,
  previousRunId,
  previousManifest,
}: Run): Promise<PurchaseModel | null> {
  if (previousRunId === null || previousRunId === plan.runId) return null;
  const manifest = modelManifestSchema.safeParse(previousManifest);
  if (!manifest.success || manifest.data.erasedDigest !== erased.digest) return null;
  return loadTested(platform, manifest.data);
}
