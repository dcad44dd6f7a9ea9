import { createHash } from 'node:crypto';
import type { Platform } from '../../lib/pipeline/platform.ts';
import { parseSettings } from '../../lib/pipeline/settings.ts';
import { putObject, readMetadata, readText } from '../../lib/store/objects.ts';
import { listPointers, type Pointer } from '../../lib/store/pointer.ts';
import { reportOf } from '../../web/report/report.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { readAnswers } from './readAnswers.ts';
import { reportKey } from './reportKey.ts';

/**
 * `reports/<runId>.html` for each published run. A report tells what is published beside its run, so that it is written again as long as
 * the run is current; then it stays as it was. Those of `scoring/`, of which there may be many, are written once. Each carries what it was
 * made of, so that nothing is read and drawn where that is as it was. `rendering` stands for the code that draws.
 */
export async function writeReports(platform: Platform, wiring: ApiWiring, rendering: string): Promise<void> {
  const pointers = await listPointers(platform.table);
  const language = await languageOf(platform);
  const madeOf = hashOf([rendering, language, pointers.map(({ dataset, runId }) => [dataset, runId])]);
  const stale: Pointer[] = [];
  for (const pointer of pointers) if (await isStale(platform, pointer, madeOf)) stale.push(pointer);
  if (stale.length === 0) return;
  const pageOf = reportOf(await readAnswers(wiring), language);
  for (const { runId, dataset, asOf } of stale) {
    const body = pageOf({ runId, dataset, asOf });
    await putObject(platform.objects, {
      ...placeOf(platform, runId),
      body,
      contentType: 'text/html; charset=utf-8',
      metadata: { [madeOfName]: madeOf },
    });
    platform.log('report written', { runId, dataset, bytes: Buffer.byteLength(body) });
  }
}

const madeOfName = 'made-of';

async function isStale(platform: Platform, { runId, dataset }: Pointer, madeOf: string): Promise<boolean> {
  const written = await readMetadata(platform.objects, placeOf(platform, runId));
  if (written === null) return true;
  return !dataset.startsWith('scoring/') && written[madeOfName] !== madeOf;
}

const placeOf = ({ resultsBucket: bucket }: Platform, runId: string) => ({ bucket, key: reportKey(runId) });

/** Settings that cannot be read are told by every run; a report is none the worse for them. */
async function languageOf({ objects, uploadsBucket }: Platform): Promise<'en' | 'zh'> {
  const settings = parseSettings(await readText(objects, { bucket: uploadsBucket, key: 'settings.json' }));
  return settings.ok ? settings.settings.words.language : 'en';
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
