import type { PurchaseModel } from '../../models/purchaseModel.ts';
import { putModel } from '../../store/models.ts';
import { putObject } from '../../store/objects.ts';
import { writeList } from '../../store/pages.ts';
import { sha256 } from '../modelInUse.ts';
import type { ModelManifest } from '../results.ts';
import type { Run, RunResult } from '../run.ts';

/** Inputs that a model's facts name one by one. */
const namedInputs = 100;

/** Stores a fitted model, and tells what is known of it: in the run record, beside the pointer, and in the history of models. */
export async function storeModel(run: Run, model: PurchaseModel): Promise<RunResult> {
  const { platform, plan } = run;
  const modelKey = `models/${plan.runId}.json`;
  const body = JSON.stringify(model);
  const manifest = manifestOf(model, { modelKey, modelSha256: sha256(body) });
  const { engine, status, grade, metrics, baseline, candidates } = manifest;
  run.amend({
    notes: model.notes,
    metrics: { engine, status, grade, heldOut: metrics, baseline, candidates },
  });
  await run.timed('write', async () => {
    await putObject(platform.objects, {
      bucket: platform.resultsBucket,
      key: modelKey,
      body,
      contentType: 'application/json',
    });
    const place = { runId: plan.runId, fence: run.fence, name: 'report' };
    await writeList(platform.table, { ...place, values: [model.report] });
    await storeFacts(run, manifest);
  });
  return { manifest };
}

const manifestOf = (
  {
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
    horizonDays,
    report,
  }: PurchaseModel,
  artifact: Pick<ModelManifest, 'modelKey' | 'modelSha256'>,
): ModelManifest => ({
  kind: 'model',
  ...artifact,
  engine,
  status,
  grade: report.grade,
  reasons,
  rows,
  positives,
  heldOutRows,
  metrics,
  baseline,
  candidates,
  columns,
  horizonDays,
});

/** They outlive the run's pages, so that the history of models is longer than what can be gone back to. */
async function storeFacts({ platform, plan, settings, fence }: Run, manifest: ModelManifest): Promise<void> {
  const { runId, dataset, inputs } = plan;
  const { engine, status, grade, rows, positives, heldOutRows, horizonDays, metrics, baseline } = manifest;
  const trainedAt = new Date(platform.clock()).toISOString();
  const facts = {
    runId,
    dataset,
    asOf: plan.asOf ?? trainedAt,
    codeVersion: platform.codeVersion,
    settings,
    inputs: inputs.slice(0, namedInputs),
    inputCount: inputs.length,
    trainedAt,
    summary: { engine, status, grade, rows, positives, heldOutRows, horizonDays, metrics, baseline },
    manifest,
  };
  await putModel(platform.table, facts, { fence });
}
