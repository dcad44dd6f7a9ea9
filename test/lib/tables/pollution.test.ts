import { describe, expect, test } from 'vitest';
import { readCampaignResults } from '../../../lib/tables/campaigns/readCampaignResults.ts';
import { readContacts } from '../../../lib/tables/contacts/readContacts.ts';
import { readCustomers } from '../../../lib/tables/readCustomers.ts';
import { readProducts } from '../../../lib/tables/readProducts.ts';
import { readScoring } from '../../../lib/tables/readScoring.ts';
import { readTraining } from '../../../lib/tables/readTraining.ts';
import { TableRejected, type TableReport } from '../../../lib/tables/types.ts';
import { adsOf } from './ads/adsOf.ts';
import { eventsOf, orderLinesOf } from './orders/orderLinesOf.ts';
import { type CleanTable, cleanFile, damaged, damages, readAsClean, refused, told } from './pollutions.ts';
import { upload } from './uploads.ts';

interface Folder extends CleanTable {
  /** What the reader makes of a file, but for what differs between files that say the same. */
  read(content: string | Uint8Array): Promise<{ rows: unknown; report: TableReport }>;
  /** What is said of sums below a table there. */
  sums?: string;
  /** Codes that differ there from those of `refused`. */
  codes?: Record<string, string>;
  /** Rows that every damage is tried on. */
  damagedRows?: number[];
}

const table = (
  names: string,
  row: (at: number) => (string | number)[],
  { needed, text }: { needed: string; text: string },
): CleanTable => {
  const list = names.split(',');
  const rows = Array.from({ length: 12 }, (_, at) => row(at).map(String));
  return { names: list, rows, needed: list.indexOf(needed), text: list.indexOf(text) };
};
const note = (at: number) => (at % 4 === 0 ? 'red, "large"' : 'plain');
const day = (at: number) => `2024-03-${String(at + 1).padStart(2, '0')}`;
const featureNames = 'customer_id,colour,visits,minutes';
const featureRow = (at: number) => [`k${at}`, note(at), 3 + at, `${at}.5`];
const specs = [
  { name: 'colour', kind: 'categorical' as const },
  { name: 'visits', kind: 'numeric' as const },
  { name: 'minutes', kind: 'numeric' as const },
];

const folders: Record<string, Folder> = {
  orders: {
    ...table(
      'customer,order_id,date,sku,note,quantity,amount',
      (at) => [`k${at % 5}`, `o${at >> 1}`, day(at), `S-${at % 3}`, note(at), 1 + (at % 3), `${at + 1}.50`],
      { needed: 'date', text: 'note' },
    ),
    read: async (content) => {
      const { all, report } = await orderLinesOf(content);
      return { rows: all.map((each) => ({ ...each, sourceLine: 0 })), report };
    },
    damagedRows: [0, 4, 11],
  },
  events: {
    ...table(
      'user_id,session_id,event_time,event_type,note,minutes',
      (at) => [`k${at % 5}`, `s${at >> 1}`, `${day(at)} 10:00`, 'view', note(at), `${at}.5`],
      { needed: 'event_time', text: 'note' },
    ),
    read: async (content) => {
      const { all, report } = await eventsOf(upload(content, { key: 'events/may.csv' }));
      return { rows: all.sort((a, b) => a.occurredAt - b.occurredAt), report };
    },
  },
  ads: {
    ...table(
      'ad_id,date,note,impressions,clicks,conversions,spend',
      (at) => [`a${at}`, day(at), note(at), 900 + at, 30 + at, 1 + (at % 3), `${at + 1}.50`],
      { needed: 'spend', text: 'note' },
    ),
    read: async (content) => {
      const { performance, report } = await adsOf(content);
      return { rows: performance, report };
    },
    sums: 'asideRows',
  },
  customers: {
    ...table(
      'customer_id,spend,frequency,browsing_minutes,note',
      (at) => [`k${at}`, `${at + 1}.50`, 1 + (at % 3), 10 + at, note(at)],
      { needed: 'spend', text: 'note' },
    ),
    read: async (content) => readCustomers(upload(content), { required: ['spend', 'frequency'] }),
  },
  training: {
    ...table(`${featureNames},purchased`, (at) => [...featureRow(at), at % 2], {
      needed: 'purchased',
      text: 'colour',
    }),
    read: async (content) => {
      const { table: rows, files } = await readTraining([upload(content, { key: 'training/may.csv' })]);
      return { rows, report: files[0]?.report as TableReport };
    },
  },
  'training without ids': {
    ...table('colour,visits,minutes,Revenue', (at) => [...featureRow(at).slice(1), at % 2], {
      needed: 'Revenue',
      text: 'colour',
    }),
    read: async (content) => {
      const { table: read, files } = await readTraining([upload(content, { key: 'training/may.csv' })]);
      // rows are named by their numbers, which lines between them move on
      return { rows: { ...read, ids: [] }, report: files[0]?.report as TableReport };
    },
  },
  scoring: {
    ...table(featureNames, featureRow, { needed: 'visits', text: 'colour' }),
    read: async (content) => {
      const { table: rows, report } = await readScoring(upload(content, { key: 'scoring/may.csv' }), {
        columns: specs,
      });
      return { rows, report };
    },
    codes: { noHeader: 'missingColumn' },
  },
  products: {
    ...table(
      'sku,name,category,price,cost,stock',
      (at) => [`S-${at}`, note(at), `c${at % 3}`, `${at + 1}.50`, at, 5 + at],
      { needed: 'sku', text: 'name' },
    ),
    read: async (content) => readProducts(upload(content, { key: 'products/may.csv' })),
  },
  contacts: {
    ...table(
      'customer_id,email,first_name,country,consent_email',
      (at) => [`k${at}`, `k${at}@example.com`, note(at), 'DE', at % 2 ? 'yes' : 'no'],
      { needed: 'customer_id', text: 'first_name' },
    ),
    read: async (content) => readContacts(upload(content, { key: 'contacts/may.csv' })),
  },
  campaigns: {
    ...table(
      'customer_id,group,offer,date,converted,revenue',
      (at) => [`k${at}`, at % 3 ? 'treatment' : 'control', note(at), day(at), at % 2, `${at}.50`],
      { needed: 'group', text: 'offer' },
    ),
    read: async (content) =>
      readCampaignResults(upload(content, { key: 'campaigns/may.csv' }), { timeZone: 'UTC' }),
  },
};

type Outcome = { refused: string } | { same: boolean; said: string[]; quarantined: number };

describe.each(Object.entries(folders))('a spoilt file of %s', (_, folder) => {
  const alwaysSaid = new Set(['layout', 'syntheticIds', 'absentConsent', 'absentColumn']);
  let clean: Promise<string> | undefined;
  const cleanRows = () => {
    clean ??= folder.read(cleanFile(folder)).then(({ rows }) => JSON.stringify(rows));
    return clean;
  };

  async function outcomeOf(content: string | Uint8Array): Promise<Outcome> {
    try {
      const { rows, report } = await folder.read(content);
      const said = report.notes.map(({ code }) => code).filter((code) => !alwaysSaid.has(code));
      expect(report.rowsIn).toBe(report.rowsOk + report.rowsQuarantined);
      return {
        same: JSON.stringify(rows) === (await cleanRows()),
        said,
        quarantined: report.rowsQuarantined,
      };
    } catch (error) {
      if (error instanceof TableRejected) return { refused: error.code };
      throw error;
    }
  }

  const isSilentlyDifferent = (outcome: Outcome): boolean =>
    'same' in outcome && !outcome.same && outcome.quarantined === 0 && outcome.said.length === 0;

  test.each(readAsClean(folder))('%s is read as the clean one', async (_, content, said) => {
    const notes = said.map((code) => (code === 'sums' ? (folder.sums ?? 'footer') : code));
    const outcome = await outcomeOf(content);
    expect(outcome).toMatchObject({ same: true, quarantined: 0 });
    expect('said' in outcome && new Set(outcome.said)).toEqual(new Set(notes));
  });

  test.each(refused(folder))('%s is refused', async (_, content, code) => {
    const outcome = await outcomeOf(content);
    if (code === 'oneLine')
      expect(outcome).toEqual({ refused: expect.stringMatching(/^(duplicate|unreadable)Header$/) });
    else expect(outcome).toEqual({ refused: folder.codes?.[code] ?? code });
  });

  test.each(told(folder))('%s is told', async (_, content, seen) => {
    const outcome = await outcomeOf(content);
    if ('refused' in outcome) expect(outcome.refused).toMatch(/^(missingColumn|noFeatures)$/);
    else
      expect(outcome).toMatchObject({
        ...seen,
        ...(seen.said !== undefined && { said: expect.arrayContaining(seen.said) }),
      });
    expect(isSilentlyDifferent(outcome)).toBe(false);
  });

  test.each(Object.keys(damages))('%s in any cell of a row is never a silent difference', async (damage) => {
    for (const row of folder.damagedRows ?? [4]) {
      for (let at = 0; at < folder.names.length; at++) {
        const outcome = await outcomeOf(damaged(folder, { damage, row, at }));
        expect(isSilentlyDifferent(outcome), `row ${row}, cell ${at}`).toBe(false);
      }
    }
  });
});
