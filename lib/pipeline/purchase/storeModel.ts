import { winsChallenge } from '../../models/challenge.ts';
import type { PurchaseFit } from '../../models/fitPurchaseModel.ts';
import type { PurchaseModel } from '../../models/purchaseModel.ts';
import { putModel } from '../../store/models.ts';
import { putObject } from '../../store/objects.ts';
import { writeList } from '../../store/pages.ts';
import { sha256 } from '../modelInUse.ts';
import type { ModelManifest } from '../results.ts';
import type { Run, RunResult } from '../run.ts';

/** Inputs that a model's facts name one by one. */
const namedInputs = 100;

/**
 * Stores a fitted model, and tells what is known of it: in the run record, beside the pointer, and in the history of models. One
 * that does worse than the model in use is stored all the same, and not to be published.
 */
export async function storeModel(run: Run, fit: PurchaseFit): Promise<RunResult> {
  const { platform, plan } = run;
  const { model } = fit;
  const stored = storedAs(`models/${plan.runId}.json`, model);
  const tested = fit.tested === null ? null : storedAs(`models/${plan.runId}.tested.json`, fit.tested);
  const challenge =
    fit.challenge === null || run.previousRunId === null
      ? null
      : { championRunId: run.previousRunId, ...fit.challenge };
  const manifest = manifestOf(model, {
    modelKey: stored.key,
    modelSha256: stored.sha256,
    tested: tested && { key: tested.key, sha256: tested.sha256 },
    erasedDigest: run.erased.digest,
    challenge,
  });
  const { engine, status, grade, metrics, baseline, candidates } = manifest;
  run.amend({
    notes: [
      ...model.notes,
      ...(challenge === null ? [] : [{ code: 'championChallenged', message: challenge.reason.en }]),
    ],
    metrics: { engine, status, grade, heldOut: metrics, baseline, candidates, challenge },
  });
  await run.timed('write', async () => {
    for (const { key, body } of tested === null ? [stored] : [stored, tested])
      await putObject(platform.objects, {
        bucket: platform.resultsBucket,
        key,
        body,
        contentType: 'application/json',
      });
    const place = { runId: plan.runId, fence: run.fence, name: 'report' };
    await writeList(platform.table, { ...place, values: [model.report] });
    await storeFacts(run, manifest);
  });
  const stays = challenge !== null && !winsChallenge(challenge);
  return { manifest, championRunId: stays ? challenge.championRunId : null };
}

function storedAs(key: string, model: PurchaseModel): { key: string; sha256: string; body: string } {
  const body = JSON.stringify(model);
  return { key, sha256: sha256(body), body };
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
  artifact: Pick<ModelManifest, 'modelKey' | 'modelSha256' | 'tested' | 'erasedDigest' | 'challenge'>,
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
