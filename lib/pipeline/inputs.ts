import { listObjects, readText } from '../store/objects.ts';
import type { RunNote } from '../store/runs.ts';
import { type Erased, nobodyErased, readErased } from './erased.ts';
import { type ModelInUse, readModelInUse } from './modelInUse.ts';
import { ignoredBecause, type Plan, planRun, type RunInput } from './plan.ts';
import type { Platform } from './platform.ts';
import type { Dataset } from './run.ts';
import { type ParsedSettings, parseSettings, type Settings } from './settings.ts';

/** What a dataset looks like now: the run that its uploads ask for, and what that run would use. */
export interface Sight {
  plan: Plan;
  settings: ParsedSettings;
  model: ModelInUse | null;
  erased: Erased;
  notes: RunNote[];
}

/** Lists the uploads and reads the settings; plans the run, and runs nothing. */
export async function lookAt(platform: Platform, dataset: Dataset): Promise<Sight> {
  const [uploads, derived, settingsText, model, erased] = await Promise.all([
    listUploads(platform, dataset),
    dataset.inputs?.(platform) ?? [],
    readText(platform.objects, { bucket: platform.uploadsBucket, key: 'settings.json' }),
    dataset.modelFrom === null ? null : readModelInUse(platform, dataset.modelFrom),
    dataset.isWithoutCustomers ? nobodyErased : readErased(platform),
  ]);
  const settings = parseSettings(settingsText);
  const plan = planRun(
    dataset.name,
    derived === null ? [] : [...uploads.filter(({ key }) => ignoredBecause(key) === null), ...derived],
    {
      settings: settings.ok ? ofResults(settings.settings) : settingsText,
      codeVersion: platform.codeVersion,
      modelRunId: model?.runId ?? null,
      erasedDigest: erased.digest,
      ...(platform.table.tenant !== undefined && { tenant: platform.table.tenant }),
    },
  );
  return {
    plan,
    settings,
    model,
    erased,
    notes: uploads.flatMap(({ key }) => noteOnIgnored(key)),
  };
}

/** Who writes the words about a run is none of what makes it. */
const ofResults = ({ words: _, ...settings }: Settings): Omit<Settings, 'words'> => settings;

async function listUploads(platform: Platform, { prefixes }: Dataset): Promise<RunInput[]> {
  const listings = await Promise.all(prefixes.map((prefix) => listPrefix(platform, prefix)));
  return listings.flat();
}

async function listPrefix({ objects, uploadsBucket }: Platform, prefix: string): Promise<RunInput[]> {
  const listing = await listObjects(objects, { bucket: uploadsBucket, prefix });
  return listing.filter(({ key }) => prefix.endsWith('/') || key === prefix);
}

function noteOnIgnored(key: string): RunNote[] {
  const reason = ignoredBecause(key);
  return reason === null || key.endsWith('/')
    ? []
    : [{ code: 'ignoredFile', message: `${key} was not read: ${reason}` }];
}
