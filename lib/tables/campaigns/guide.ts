import { consentWords } from '../contacts/consent.ts';
import { contactAliases } from '../contacts/fields.ts';
import { aliasTable, wordTable } from '../guide.ts';
import { campaignResultAliases } from './fields.ts';
import { armWords } from './readCampaignResults.ts';

/** What docs/uploads.md tells of contacts and of results of campaigns, by the names of its passages. */
export const campaignGuide = (): ReadonlyMap<string, string> =>
  new Map([
    ['columns of contacts', aliasTable(contactAliases)],
    ['words of consent', wordTable(['meaning', 'words'], consentWords)],
    ['columns of campaigns', aliasTable(campaignResultAliases)],
    ['groups of campaigns', wordTable(['group', 'words'], armWords)],
  ]);
