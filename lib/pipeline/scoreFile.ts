import { takeFeatures } from '../features/rows.ts';
import { deciles } from '../math/deciles.ts';
import { scorePurchaseModel } from '../models/purchaseModel.ts';
import { putObject } from '../store/objects.ts';
import { writeLookup } from '../store/pages.ts';
import { writeCsv } from '../tables/csv.ts';
import { readScoring } from '../tables/readScoring.ts';
import { rowsWithoutErased } from './erased.ts';
import { lastOfEach } from './lastOfEach.ts';
import { modelDatasets } from './modelDatasets.ts';
import { loadModel, type ModelInUse } from './modelInUse.ts';
import { chooseExplained, explainScores } from './purchase/explainScores.ts';
import { readEachInput } from './readInputs.ts';
import { rejectRun } from './rejection.ts';
import type { ScoreEntry, ScoresManifest } from './results.ts';
import { type Dataset, type Run, type RunResult, runObjectKey } from './run.ts';
import { scoreCells, scoresHeader } from './scoresCsv.ts';

export const scoringPrefix = 'scoring/';

/** One file of `scoring/`, scored on its own by the model in use. */
export const scoringDataset = (key: string): Dataset => ({
  name: key,
  prefixes: [key],
  modelFrom: modelDatasets.training,
  // What stands under the name of the order history's scores is not this file's to tidy up.
  lastingFiles: isTaken(key) ? [] : [scoresKey(key)],
  work: scoreFile,
});

const scoresKey = (key: string): string =>
  `scores/${key.slice(scoringPrefix.length).replace(/\.csv$/i, '')}.csv`;

async function scoreFile(run: Run): Promise<RunResult> {
  const { plan, platform } = run;
  if (isTaken(plan.dataset)) nameIsTaken(plan.dataset);
  const inUse = run.model ?? noModel(plan.dataset);
  const model = await loadModel(platform, inUse);
  const reading = await run.timed('read', async () => {
    const [only] = await readEachInput(run, (source) => readScoring(source, { columns: model.columns }));
    if (only === undefined) throw new Error(`scoreFile was called without an input for ${plan.dataset}`);
    const kept = rowsWithoutErased(run, { ids: only.table.ids, fileOf: () => plan.dataset });
    return kept === null ? only : { ...only, table: takeFeatures(only.table, kept) };
  });
  const { probabilities, notes } = scorePurchaseModel(model, reading.table);
  const tenths = deciles(probabilities);
  const [explained = new Uint32Array()] = chooseExplained(run, model, [probabilities]);
  const reasons = await run.timed('explain', () =>
    explainScores(run, model, { table: reading.table, explained }),
  );
  const entries = reading.table.ids.map((customerId, row) => ({
    customerId,
    probability: probabilities[row] as number,
    decile: tenths[row] as number,
    reasons: reasons[row] ?? [],
  }));
  run.amend({ notes, counts: { scored: entries.length } });
  return run.timed('write', () => writeScores(run, entries, { inUse, language: reading.report.language }));
}

/** Under this name stand the scores of the order history's customers. */
export const orderScoresKey = 'scores/orders.csv';

const isTaken = (key: string): boolean => scoresKey(key) === orderScoresKey;

function nameIsTaken(file: string): never {
  return rejectRun(
    'nameIsTaken',
    `${file} would give ${orderScoresKey}, which holds the scores of the order history: upload it under another name`,
    { file },
  );
}

function noModel(file: string): never {
  return rejectRun(
    'noModel',
    `${file} waits for a purchase model: upload a table that says who bought to training/, and it will be scored by itself`,
    { file },
  );
}

async function writeScores(
  run: Run,
  entries: ScoreEntry[],
  { inUse, language }: { inUse: ModelInUse; language: 'en' | 'zh' },
): Promise<RunResult> {
  const { plan, platform } = run;
  const { kept, replaced } = lastOfEach(entries, (entry) => entry.customerId);
  if (replaced > 0) {
    const message = `${replaced} rows have an id that comes again further down; the API answers with the last one`;
    run.amend({ notes: [{ code: 'repeatedCustomer', message, count: replaced }] });
  }
  const extent = await writeLookup(platform.table, {
    runId: plan.runId,
    fence: run.fence,
    name: 'scores',
    entries: kept.map((entry) => [entry.customerId, entry] as const),
  });
  const status = inUse.manifest.status;
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key: runObjectKey(plan, scoresKey(plan.dataset)),
    body: writeCsv(
      scoresHeader[language],
      entries.map((entry) => scoreCells(entry, { language, modelStatus: status })),
      { bom: language === 'zh' },
    ),
    contentType: 'text/csv; charset=utf-8',
  });
  const manifest: ScoresManifest = {
    kind: 'scores',
    ...extent,
    rows: entries.length,
    modelRunId: inUse.runId,
    modelStatus: status,
    horizonDays: inUse.manifest.horizonDays,
    scoresKey: scoresKey(plan.dataset),
  };
  return { manifest };
}
