import { audienceMembers, usualAudiences } from '../../marketing/audiences/audienceMembers.ts';
import { audienceRows, type KnownContact, knownContacts } from '../../marketing/audiences/audienceRows.ts';
import {
  googleHeader,
  metaHeader,
  metaRowsPerFile,
  partsOf,
} from '../../marketing/audiences/platformRows.ts';
import type { Audience } from '../../marketing/campaigns/settings.ts';
import type { ContactRow } from '../../tables/contacts/readContacts.ts';
import type { Cell } from '../../tables/csv.ts';
import { putCsv } from '../putCsv.ts';
import type { Run } from '../run.ts';
import type { CampaignsManifest } from './campaignResults.ts';
import type { Buyers } from './readBuyers.ts';

/** Nobody can be found in these files but by their address, so those of runs that were superseded are removed. */
export const audiencesPrefix = 'audiences/';

export type AudienceReport = CampaignsManifest['audiences'][number];

export interface AudienceContext {
  buyers: Buyers;
  contacts: ReadonlyMap<string, ContactRow>;
  minorDigits: number;
}

/** Files for ad platforms of every audience that somebody is in; customers without consent are in none. */
export async function writeAudiences(run: Run, context: AudienceContext): Promise<AudienceReport[]> {
  const known = knownContacts(context.buyers.customerIds, context.contacts);
  const reports: AudienceReport[] = [];
  if (known.every((of) => of === null)) return reports;
  for (const audience of run.settings.audiences ?? usualAudiences) {
    const members = audienceMembers(context.buyers, audience, { minorUnits: 10 ** context.minorDigits });
    reports.push(await writeAudience(run, { audience, members, known, context }));
  }
  return reports;
}

async function writeAudience(
  run: Run,
  {
    audience,
    members,
    known,
    context,
  }: {
    audience: Audience;
    members: Uint32Array;
    known: readonly (KnownContact | null)[];
    context: AudienceContext;
  },
): Promise<AudienceReport> {
  const { google, googleWithoutPersonalization, meta, metaValued } = audienceRows(members, {
    known,
    worth: context.buyers.next12m,
    minorDigits: context.minorDigits,
  });
  const { name } = audience;
  const files = [
    ...(await putParts(run, `audiences/google/${name}`, { header: googleHeader, rows: google })),
    ...(await putParts(run, `audiences/google-no-personalization/${name}`, {
      header: googleHeader,
      rows: googleWithoutPersonalization,
    })),
    ...(await putParts(run, `audiences/meta/${name}`, {
      header: metaHeader,
      rows: meta,
      perFile: metaRowsPerFile,
    })),
    ...(await putParts(run, `audiences/meta-value/${name}`, {
      header: [...metaHeader, 'value'],
      rows: metaValued,
      perFile: metaRowsPerFile,
    })),
  ];
  return {
    name,
    customers: members.length,
    google: google.length,
    googleWithoutPersonalization: googleWithoutPersonalization.length,
    meta: meta.length,
    files,
  };
}

async function putParts(
  run: Run,
  name: string,
  {
    header,
    rows,
    perFile,
  }: { header: readonly string[]; rows: readonly Cell[][]; perFile?: number | undefined },
): Promise<string[]> {
  const parts = partsOf(name, rows, { perFile });
  for (const part of parts) await putCsv(run, part.file, { header, rows: part.rows });
  return parts.map(({ file }) => file);
}
