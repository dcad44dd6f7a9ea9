import type { Platform } from '../../lib/pipeline/platform.ts';
import { parseSettings } from '../../lib/pipeline/settings.ts';
import { putObject, readText } from '../../lib/store/objects.ts';
import { listPointers, type Pointer } from '../../lib/store/pointer.ts';
import { reportOf } from '../../web/report/report.ts';
import type { ApiWiring } from '../wiring.ts';
import { readAnswers } from './readAnswers.ts';
import { reportKey } from './reportKey.ts';

/**
 * `reports/<runId>.html` for each published run. A report tells what is published beside its run, so that it is written again as long as
 * the run is current; then it stays as it was. Those of `scoring/`, of which there may be many, are written once.
 */
export async function writeReports(platform: Platform, wiring: ApiWiring): Promise<void> {
  const pointers = await listPointers(platform.table);
  if (pointers.length === 0) return;
  const [answers, language] = await Promise.all([readAnswers(wiring), languageOf(platform)]);
  const pageOf = reportOf(answers, language);
  for (const { runId, dataset, asOf } of pointers) {
    const written = await readReport(platform, runId);
    if (written !== null && dataset.startsWith('scoring/')) continue;
    const body = pageOf({ runId, dataset, asOf });
    if (body === written) continue;
    const key = reportKey(runId);
    await putObject(platform.objects, {
      bucket: platform.resultsBucket,
      key,
      body,
      contentType: 'text/html; charset=utf-8',
    });
    platform.log('report written', { runId, dataset, bytes: Buffer.byteLength(body) });
  }
}

const readReport = ({ objects, resultsBucket }: Platform, runId: Pointer['runId']): Promise<string | null> =>
  readText(objects, { bucket: resultsBucket, key: reportKey(runId) });

/** Settings that cannot be read are told by every run; a report is none the worse for them. */
async function languageOf({ objects, uploadsBucket }: Platform): Promise<'en' | 'zh'> {
  const settings = parseSettings(await readText(objects, { bucket: uploadsBucket, key: 'settings.json' }));
  return settings.ok ? settings.settings.words.language : 'en';
}
