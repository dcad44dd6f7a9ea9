import { deciles } from '../../math/deciles.ts';
import { type PurchaseModel, scorePurchaseModel } from '../../models/purchaseModel.ts';
import type { LookupExtent } from '../../store/lookupExtent.ts';
import { ObjectChanged, putObject } from '../../store/objects.ts';
import { writeLookup } from '../../store/pages.ts';
import { readPointer } from '../../store/pointer.ts';
import type { RunNote } from '../../store/runs.ts';
import { writeCsv, writeCsvRows } from '../../tables/csv.ts';
import { modelDatasets } from '../modelDatasets.ts';
import { loadModel, type ModelInUse } from '../modelInUse.ts';
import type { RunInput } from '../plan.ts';
import type { Platform } from '../platform.ts';
import type { OrderScoresManifest, ScoreEntry } from '../results.ts';
import { type Dataset, type Run, type RunResult, runObjectKey } from '../run.ts';
import { orderScoresKey } from '../scoreFile.ts';
import { scoreCells, scoresHeader } from '../scoresCsv.ts';
import { chooseExplained, explainScores } from './explainScores.ts';
import { readFeatureTable } from './featureTable.ts';
import { isKept, keptShare, storePredictions } from './keptPredictions.ts';
import { inputsFrom, type OrdersInUse, readOrdersInUse } from './ordersInUse.ts';

/** Every customer of the published order history, scored as of its last day by the model that was fitted to it. */
export const ordersScoresDataset: Dataset = {
  name: 'orders/scores',
  prefixes: [],
  inputs: featuresInUse,
  modelFrom: modelDatasets.orders,
  lastingFiles: [orderScoresKey],
  isInUnits: true,
  work: scoreOrders,
};

/** None as long as there is no model to score with. */
async function featuresInUse(platform: Platform): Promise<RunInput[]> {
  const [orders, model] = await Promise.all([
    readOrdersInUse(platform),
    readPointer(platform.table, modelDatasets.orders),
  ]);
  return orders === null || model === null ? [] : inputsFrom(platform, orders, orders.manifest.files);
}

async function scoreOrders(run: Run): Promise<RunResult> {
  const { platform, model: inUse } = run;
  const orders = await ordersOf(run);
  if (inUse === null) throw new ObjectChanged(`published/${modelDatasets.orders}.json`);
  const model = await loadModel(platform, inUse);
  const probabilities = await run.timed('score', () => scoreGroups(run, model, orders.manifest.files));
  const lookups = await run.timed('write', () => writeScores(run, { orders, inUse, model, probabilities }));
  const rows = probabilities.reduce((sum, { length }) => sum + length, 0);
  run.amend({ counts: { scored: rows } });
  const manifest: OrderScoresManifest = {
    kind: 'orderScores',
    lookups,
    rows,
    modelRunId: inUse.runId,
    modelStatus: inUse.manifest.status,
    scoresKey: orderScoresKey,
    ordersRunId: orders.runId,
    lastDay: orders.manifest.lastDay,
    horizonDays: inUse.manifest.horizonDays,
  };
  return { manifest };
}

/** The history that the run was planned for. */
async function ordersOf({ platform, plan }: Run): Promise<OrdersInUse> {
  const orders = await readOrdersInUse(platform);
  if (orders === null || plan.inputs.some(({ etag }) => etag !== orders.runId))
    throw new ObjectChanged('published/orders.json');
  return orders;
}

/** A group of customers at a time, so that memory holds one group's features whatever the size of the whole. */
async function scoreGroups(
  run: Run,
  model: PurchaseModel,
  files: readonly string[],
): Promise<Float64Array[]> {
  const probabilities: Float64Array[] = [];
  const notes: RunNote[] = [];
  for (const [group, file] of files.entries()) {
    const scored = await run.unit(`score-${group}`, async () =>
      scorePurchaseModel(model, await readFeatureTable(run, file)),
    );
    probabilities.push(scored.probabilities);
    notes.push(...scored.notes);
    const progress = {
      step: 'score',
      rows: scored.probabilities.length,
      engine: model.engine,
      candidates: null,
      trees: null,
    };
    run.progress({ ...progress, done: (group + 1) / files.length });
  }
  run.amend({ notes: summed(notes) });
  return probabilities;
}

/** The notes of all groups: what several of them say is said once, with their counts added. */
function summed(notes: readonly RunNote[]): RunNote[] {
  const byText = new Map<string, RunNote>();
  for (const { code, message, count = 0 } of notes) {
    const text = message.replace(/^\d+ /, '');
    const sum = (byText.get(code + text)?.count ?? 0) + count;
    byText.set(code + text, { code, message: sum > 0 ? `${sum} ${text}` : text, count: sum });
  }
  return [...byText.values()];
}

async function writeScores(
  run: Run,
  {
    orders,
    inUse,
    model,
    probabilities,
  }: { orders: OrdersInUse; inUse: ModelInUse; model: PurchaseModel; probabilities: Float64Array[] },
): Promise<LookupExtent[]> {
  const { platform, plan, fence } = run;
  const { files, language } = orders.manifest;
  const tenths = decilesByGroup(probabilities);
  const explained = chooseExplained(run, model, probabilities);
  const lookups: LookupExtent[] = [];
  const kept: ScoreEntry[] = [];
  const share = keptShare(probabilities.reduce((sum, { length }) => sum + length, 0));
  const csv = [Buffer.from(writeCsv(scoresHeader[language], [], { bom: language === 'zh' }))];
  for (const [group, file] of files.entries()) {
    const written = await run.unit(`write-${group}`, async () => {
      const entries = await entriesOf(run, model, {
        file,
        probabilities: probabilities[group] as Float64Array,
        tenths: tenths[group] as Uint8Array,
        explained: explained[group] as Uint32Array,
      });
      const place = { runId: plan.runId, fence, name: `scores-${group}` };
      const lookup = await writeLookup(platform.table, {
        ...place,
        entries: entries.map((entry) => [entry.customerId, entry] as const),
      });
      const modelStatus = inUse.manifest.status;
      const rows = writeCsvRows(entries.map((entry) => scoreCells(entry, { language, modelStatus })));
      return { lookup, csv: Buffer.from(rows), kept: entries.filter((entry) => isKept(entry, share)) };
    });
    lookups.push(written.lookup);
    kept.push(...written.kept);
    csv.push(written.csv);
  }
  await putObject(platform.objects, {
    bucket: platform.resultsBucket,
    key: runObjectKey(plan, orderScoresKey),
    body: Buffer.concat(csv),
    contentType: 'text/csv; charset=utf-8',
  });
  const { lastDay } = orders.manifest;
  const { horizonDays } = inUse.manifest;
  await storePredictions(run, {
    entries: kept,
    modelRunId: inUse.runId,
    lastDay,
    horizonDays,
  });
  return lookups;
}

async function entriesOf(
  run: Run,
  model: PurchaseModel,
  {
    file,
    probabilities,
    tenths,
    explained,
  }: { file: string; probabilities: Float64Array; tenths: Uint8Array; explained: Uint32Array },
): Promise<ScoreEntry[]> {
  const table = await readFeatureTable(run, file);
  const reasons = await explainScores(run, model, { table, explained });
  return table.ids.map((customerId, row) => ({
    customerId,
    probability: probabilities[row] as number,
    decile: tenths[row] as number,
    reasons: reasons[row] ?? [],
  }));
}

/** Tenths of all customers, not of each group. */
function decilesByGroup(probabilities: readonly Float64Array[]): Uint8Array[] {
  const all = new Float64Array(probabilities.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  const ends = probabilities.map((group) => {
    all.set(group, end);
    end += group.length;
    return end;
  });
  const tenths = deciles(all);
  return probabilities.map(({ length }, group) =>
    tenths.subarray((ends[group] as number) - length, ends[group]),
  );
}
