import { restoreText } from '../spreadsheetText.ts';

const longestId = 256;
const totals = /^(?:(?:grand ?)?totals?|sum|合计|总计|小计|汇总)$/i;
const nothing = /^(?:n\/?a|#n\/a|nan|null|none|nil|-+|—+)$/i;
const rounded = /^\d(?:\.\d+)?e\+\d+$/i;

/** A text cell without the blanks around it, and without what spreadsheets put around text; null where it is empty. */
export function textOf(cell: string): string | null {
  const { length } = cell;
  if (length === 0) return null;
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(length - 1);
  const bare = first > 39 && first !== 61 && first < 0x2000 && last > 32 && last < 0x2000;
  return bare ? cell : undressed(cell);
}

/** `="0012"` and `'0012` are how spreadsheets are told to leave an id alone. */
function undressed(cell: string): string | null {
  const trimmed = restoreText(cell.trim());
  const text = /^="(.*)"$/.exec(trimmed)?.[1] ?? trimmed.replace(/^'(?=[\d])/, '');
  return text === '' ? null : text.trim();
}

/** Whether a text still stands in quotes of another kind than a CSV's, or is masked as `t**1`, so that it is not what it was. */
export function disguiseOf(text: string): 'quoted' | 'masked' | null {
  const first = text.charCodeAt(0);
  const foreign = first === 39 || first === 96 || (first >= 0x2018 && first <= 0x201d);
  if (foreign && text.length > 1 && /['’`”]$/.test(text)) return 'quoted';
  return text.includes('**') ? 'masked' : null;
}

/** Why an id cannot be used; null where it can. */
export function idFault(id: string): string | null {
  if (id.length > longestId) return `the id is longer than ${longestId} characters`;
  if (totals.test(id)) return 'the row is a total, not a row of its own';
  if (rounded.test(id))
    return 'a spreadsheet has rounded the id; format the column as text and export it again';
  return null;
}

/** `NULL`, `NaN`, `-` and the like: what programs write where there is nothing. */
export const isNothing = (text: string): boolean => text.length <= 4 && nothing.test(text);
