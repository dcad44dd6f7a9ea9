import { aliasTable, layoutText, wordTable } from '../guide.ts';
import { eventWords } from './eventKinds.ts';
import { eventAliases, type OrderField, orderAliases, orderFields } from './fields.ts';
import { orderProfiles } from './profiles.ts';
import { statusWords } from './statuses.ts';

/** What docs/uploads.md says about layouts and names of `orders/` and `events/`, by the name of the passage. */
export const orderGuide = (): ReadonlyMap<string, string> =>
  new Map([
    ['layouts of orders', orderProfiles.map((profile) => layoutText(profile, fields)).join('\n\n')],
    ['columns of orders', aliasTable(orderAliases)],
    ['states of orders', wordTable(['state', 'words'], statusWords)],
    ['columns of events', aliasTable(eventAliases)],
    ['kinds of events', wordTable(['kind', 'words'], eventWords)],
  ]);

const fields = Object.keys(orderFields) as OrderField[];
