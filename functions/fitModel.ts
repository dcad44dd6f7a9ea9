import { isMainThread, parentPort, Worker, type WorkerOptions, workerData } from 'node:worker_threads';
import { fitAgainstModelInUse, type PurchaseFit } from '../lib/models/fitPurchaseModel.ts';
import type { FitProgress } from '../lib/models/purchaseReport.ts';
import type { PurchaseRows } from '../lib/models/purchaseRows.ts';
import type { FitModel, FitSettings } from '../lib/pipeline/purchase/fitModel.ts';
import { type PackedRows, packRows, unpackRows } from '../lib/pipeline/purchase/packedRows.ts';

/**
 * Fits in a thread of its own, so that this one can renew its lease and tell how far the fit has come. The thread runs this very file: in a
 * bundle that is the whole function, which does nothing when it is loaded.
 */
export const fitInThread: FitModel = (rows, settings, onProgress) =>
  rows.ids.length < rowsWorthAThread
    ? fitAgainstModelInUse(rows, { ...settings, onProgress })
    : fitElsewhere(rows, settings, onProgress);

/** Below, starting a thread takes longer than what it would be for. */
const rowsWorthAThread = 2000;

interface Task {
  isPurchaseFit: true;
  rows: PackedRows;
  settings: FitSettings;
}

type Message = { progress: FitProgress } | { fit: PurchaseFit };

function fitElsewhere(
  rows: PurchaseRows,
  settings: FitSettings,
  onProgress: (progress: FitProgress) => void,
): Promise<PurchaseFit> {
  const { packed, buffers } = packRows(rows);
  const task: Task = { isPurchaseFit: true, rows: packed, settings };
  const worker = startThisFile({ workerData: task, transferList: buffers });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if ('progress' in message) onProgress(message.progress);
      else resolve(message.fit);
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      reject(new Error(`the thread that fitted the model ended with ${code} before it was done`)),
    );
  });
}

function startThisFile(options: WorkerOptions): Worker {
  const url = new URL(import.meta.url);
  if (!url.pathname.endsWith('.ts')) return new Worker(url, options);
  // Sources, as tests run them: a thread does not inherit the loader that reads them.
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import('${url}'); })`;
  return new Worker(load, { ...options, eval: true });
}

if (!isMainThread && isTask(workerData)) {
  const { rows, settings } = workerData;
  const send = (message: Message): void => parentPort?.postMessage(message);
  const onProgress = (progress: FitProgress): void => send({ progress });
  // what it rejects with ends this thread, and is its error
  void fitAgainstModelInUse(unpackRows(rows), { ...settings, onProgress }).then((fit) => send({ fit }));
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'isPurchaseFit' in data;
}
