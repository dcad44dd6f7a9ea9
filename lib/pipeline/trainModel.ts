import { fitPurchaseModel } from '../models/fitPurchaseModel.ts';
import { putObject } from '../store/objects.ts';
import { readTraining } from '../tables/readTraining.ts';
import { trainingDatasetName } from './modelInUse.ts';
import { readInputsTogether } from './readInputs.ts';
import type { ModelManifest } from './results.ts';
import type { Dataset, Run, RunResult } from './run.ts';

/** `training/`: rows that say who bought become the purchase model. */
export const trainingDataset: Dataset = {
  name: trainingDatasetName,
  prefixes: ['training/'],
  needsModel: false,
  lastingFiles: [],
  work: trainModel,
};

async function trainModel(run: Run): Promise<RunResult> {
  const { settings, plan, platform } = run;
  const { table } = await run.timed('read', () => readInputsTogether(run, readTraining));
  const model = await run.timed('fit', async () =>
    fitPurchaseModel(table, { seed: settings.seed, horizonDays: settings.horizonDays }),
  );
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
    horizonDays: settings.horizonDays,
  };
  return { manifest };
}
