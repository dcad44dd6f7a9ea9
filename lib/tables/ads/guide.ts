import { aliasTable, layoutText, wordTable } from '../guide.ts';
import { bidTypeWords } from './bidTypes.ts';
import { type AdField, adAliases, adFields } from './fields.ts';
import { adRules } from './notes.ts';
import { adProfiles } from './profiles.ts';

/** What docs/uploads.md says about layouts, names and rules of `ads/`, by the name of the passage. */
export const adGuide = (): ReadonlyMap<string, string> =>
  new Map([
    ['layouts of ads', adProfiles.map((profile) => layoutText(profile, fields)).join('\n\n')],
    ['columns of ads', aliasTable(adAliases)],
    ['bid types of ads', wordTable(['bid type', 'words'], bidTypeWords)],
    [
      'rules of ads',
      Object.entries(adRules)
        .map(([code, message]) => `- \`${code}\`: ${message}`)
        .join('\n'),
    ],
  ]);

const fields = Object.keys(adFields) as AdField[];
