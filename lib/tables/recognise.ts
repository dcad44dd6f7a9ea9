import { adLayout, isAdsHeader } from './ads/layout.ts';
import { aliases, type FieldAliases } from './aliases.ts';
import { campaignResultAliases } from './campaigns/fields.ts';
import { isCampaignHeader } from './campaigns/readCampaignResults.ts';
import { findColumns, normaliseHeader } from './columns.ts';
import { contactAliases } from './contacts/fields.ts';
import { isContactsHeader } from './contacts/readContacts.ts';
import { type FeatureLayout, featureLayout, isTrainingHeader } from './featureLayout.ts';
import { type OpenedTable, throughGate } from './gate.ts';
import { columnsByAlias, hasColumn, missingColumn } from './namedColumns.ts';
import { parseNumber } from './numbers.ts';
import { eventAliases } from './orders/fields.ts';
import { isOrderHeader, type OrderLayout, orderLayout, tellsOrders } from './orders/layout.ts';
import { eventLayout, isEventHeader } from './orders/readEvents.ts';
import { isSpaced } from './orders/spacedColumns.ts';
import { isCustomersHeader } from './readCustomers.ts';
import { isProductsHeader } from './readProducts.ts';
import { TableRejected, type TableSource } from './types.ts';

/** What a file looks like before it is uploaded: from its first lines, by the rules that it would be read by. */

export const folderNames = [
  'orders',
  'events',
  'ads',
  'customers',
  'training',
  'scoring',
  'contacts',
  'campaigns',
  'products',
] as const;
export type FolderName = (typeof folderNames)[number];

/** How the file would be read in one folder. */
export interface FolderReading {
  folder: FolderName;
  /** The system whose export it was recognised as; null where it is read by the names of its columns. */
  layout: string | null;
  /** One entry per header, in file order; `readAs` is null for a column that is not used. */
  columns: { header: string; readAs: string | null }[];
  /** Why it could not be read there, and what to do; null where it can. */
  problem: string | null;
  /** What else has to be in the folder for it to be read: `orderReport` of an item report, which tells neither who ordered nor when. */
  needs: 'orderReport' | null;
}

/** The folder that fits best, or null where none does; and how each would read the file, in the order of `folderNames`. */
export async function recogniseTable(
  source: TableSource,
): Promise<{ folder: FolderName | null; readings: FolderReading[] }> {
  const readings: FolderReading[] = [];
  const fits = new Map<FolderName, number>();
  for (const folder of folderNames) {
    const { reading, weight } = await readIn(folder, source);
    readings.push(reading);
    if (reading.problem === null) fits.set(folder, weight);
  }
  const [best] = [...fits].sort(([, one], [, other]) => other - one);
  return { folder: best?.[0] ?? null, readings };
}

interface Weighed {
  reading: FolderReading;
  /** Of the folders that can read the file, the one with the greatest is meant. */
  weight: number;
}

async function readIn(folder: FolderName, source: TableSource): Promise<Weighed> {
  try {
    const { isHeader, read } = readers[folder];
    return await throughGate(source, async (table) => read(table), { isHeader });
  } catch (error) {
    if (!(error instanceof TableRejected)) throw error;
    return { reading: { folder, layout: null, columns: [], problem: error.message, needs: null }, weight: 0 };
  }
}

const readers: Record<
  FolderName,
  { isHeader?: (cells: readonly string[]) => boolean; read: (table: OpenedTable) => Weighed }
> = {
  orders: {
    isHeader: isOrderHeader,
    read: (table) => {
      const header = isSpaced(table.header) ? (table.header[0] ?? '').trim().split(/\s+/) : table.header;
      const layout = orderLayout(header, table.key);
      const { profile, readAs } = layout;
      const reading = readingOf('orders', header, { layout: profile?.title ?? null, readAs });
      return { reading: { ...reading, needs: needsOf(layout) }, weight: profile === null ? 4 : 6 };
    },
  },
  events: {
    isHeader: isEventHeader,
    read: ({ header, key }) => {
      const { readAs } = eventLayout(header, key);
      const told = eventAliases.filter(({ field }) =>
        ['sessionId', 'kind', 'minutes', 'seconds'].includes(field),
      );
      return { reading: readingOf('events', header, { readAs }), weight: hasColumn(told, header) ? 3 : 1 };
    },
  },
  ads: {
    isHeader: isAdsHeader,
    read: ({ header, key }) => {
      const { profile, readAs } = adLayout(header, key);
      return { reading: readingOf('ads', header, { layout: profile?.title ?? null, readAs }), weight: 5 };
    },
  },
  customers: { isHeader: isCustomersHeader, read: readCustomersHeader },
  training: {
    isHeader: isTrainingHeader,
    read: (table) => {
      const layout = featureLayout('training', table);
      const names = aliases.training.find(({ field }) => field === 'bought')?.names ?? [];
      const isExact = names.some(
        (name) => normaliseHeader(name).name === normaliseHeader(layout.label?.header ?? '').name,
      );
      return { reading: featureReading('training', table, layout), weight: isExact ? 5 : 2 };
    },
  },
  scoring: {
    read: (table) => ({
      reading: featureReading('scoring', table, featureLayout('scoring', table)),
      weight: 0.5,
    }),
  },
  contacts: { isHeader: isContactsHeader, read: readContactsHeader },
  campaigns: { isHeader: isCampaignHeader, read: readCampaignsHeader },
  products: { isHeader: isProductsHeader, read: readProductsHeader },
};

const needsOf = (layout: OrderLayout): FolderReading['needs'] =>
  layout.profile?.itemReport === true && !tellsOrders(layout) ? 'orderReport' : null;

function readCustomersHeader({ header, key }: OpenedTable): Weighed {
  const { fields } = findColumns('customers', header, key);
  const measures = ['spend', 'frequency', 'browsingMinutes'].filter((field) => fields.has(field));
  if (measures.length === 0) {
    const message = 'No column says what customers spent, how often they bought or how long they browsed.';
    throw new TableRejected(key, 'missingColumn', message);
  }
  // One measure among other columns may be a feature of a table to score.
  const isAllThereIs = fields.size === header.length;
  const weight = measures.length > 1 || isAllThereIs ? 3 : 0.25;
  const columns = new Map([...fields].map(([field, { index }]) => [field, index]));
  return { reading: namedReading('customers', header, columns), weight };
}

/** Money or orders beside addresses make a table of customers, as shop systems export it. */
function readContactsHeader({ header, key }: OpenedTable): Weighed {
  const columns = columnsByAlias(contactAliases, header, key);
  requireFields({ aliases: contactAliases, header, key }, columns, ['customerId']);
  const consents = [...columns.keys()].filter(
    (field) => field.startsWith('consent') || field === 'doNotContact',
  );
  const hasAddress = columns.has('email') || columns.has('phone');
  // one consent alone, such as `newsletter`, may be a feature of a table to score
  const weight = consents.length > (hasAddress ? 0 : 1) ? 2.5 : hasAddress ? 1 : 0.1;
  return { reading: namedReading('contacts', header, columns), weight };
}

function readCampaignsHeader({ header, key }: OpenedTable): Weighed {
  const columns = columnsByAlias(campaignResultAliases, header, key);
  const arm = columns.has('treated') ? 'treated' : 'group';
  requireFields({ aliases: campaignResultAliases, header, key }, columns, ['customerId', arm, 'converted']);
  // whether somebody bought is a label too, and a day with revenue an order; who was left alone only a campaign knows
  return { reading: namedReading('campaigns', header, columns), weight: 5.5 };
}

function readProductsHeader({ header, key }: OpenedTable): Weighed {
  const { fields } = findColumns('products', header, key);
  const columns = new Map([...fields].map(([field, { index }]) => [field, index]));
  requireFields({ aliases: aliases.products, header, key }, columns, ['product']);
  const tells = (...names: string[]): boolean => names.some((name) => columns.has(name));
  const weight = tells('stock', 'leadTimeDays')
    ? 3.5
    : tells('name', 'category', 'price', 'cost')
      ? 0.75
      : 0.1;
  return { reading: namedReading('products', header, columns), weight };
}

function requireFields(
  {
    aliases: known,
    header,
    key,
  }: { aliases: readonly FieldAliases[]; header: readonly string[]; key: string },
  columns: ReadonlyMap<string, number>,
  wanted: readonly string[],
): void {
  const missing = wanted.filter((field) => !columns.has(field));
  if (missing.length > 0)
    throw missingColumn(
      key,
      header,
      known.filter(({ field }) => missing.includes(field)),
    );
}

const namedReading = (
  folder: FolderName,
  header: readonly string[],
  columns: ReadonlyMap<string, number>,
): FolderReading =>
  readingOf(folder, header, {
    readAs: header.map((_, at) => [...columns].find(([, index]) => index === at)?.[0] ?? null),
  });

function featureReading(
  folder: 'training' | 'scoring',
  { header, key }: OpenedTable,
  { id, label, features }: FeatureLayout,
): FolderReading {
  if (header.some((name) => name !== '' && parseNumber(name).kind === 'number')) {
    const message = 'The first line holds numbers, not column names. Put a line with names above it.';
    throw new TableRejected(key, 'noHeader', message);
  }
  if (features.length === 0) {
    const message = 'There is no column to learn from besides id and label.';
    throw new TableRejected(key, 'noFeatures', message);
  }
  const isFeature = new Set(features.map(({ index }) => index));
  const readAs = header.map((_, at) => {
    if (at === id?.index) return 'customerId';
    if (at === label?.index) return 'bought';
    return isFeature.has(at) ? 'feature' : null;
  });
  return readingOf(folder, header, { readAs });
}

const readingOf = (
  folder: FolderName,
  header: readonly string[],
  { layout = null, readAs }: { layout?: string | null; readAs: readonly (string | null)[] },
): FolderReading => ({
  folder,
  layout,
  columns: header.map((name, at) => ({ header: name, readAs: readAs[at] ?? null })),
  problem: null,
  needs: null,
});
