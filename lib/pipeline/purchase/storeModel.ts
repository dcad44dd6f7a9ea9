import type { PurchaseModel } from '../../models/purchaseModel.ts';
import { putObject } from '../../store/objects.ts';
import type { ModelManifest } from '../results.ts';
import type { Run, RunResult } from '../run.ts';

/** Stores a fitted model, and tells what is known of it: in the run record, and beside the pointer. */
export async function storeModel(run: Run, model: PurchaseModel): Promise<RunResult> {
  const { platform, plan } = run;
  const modelKey = `models/${plan.runId}.json`;
  await run.timed('write', () =>
    putObject(platform.objects, {
      bucket: platform.resultsBucket,
      key: modelKey,
      body: JSON.stringify(model),
      contentType: 'application/json',
    }),
  );
  const { engine, status, reasons, rows, positives, heldOutRows, metrics, baseline, candidates, columns } =
    model;
  run.amend({ notes: model.notes, metrics: { engine, status, heldOut: metrics, baseline, candidates } });
  const manifest: ModelManifest = {
    kind: 'model',
    modelKey,
    engine,
    status,
    reasons,
    rows,
    positives,
    heldOutRows,
    metrics,
    baseline,
    candidates,
    columns,
    horizonDays: model.horizonDays,
  };
  return { manifest };
}
