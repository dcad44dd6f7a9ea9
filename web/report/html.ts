/** Markup that may stand in a page as it is; all else is text. */
export interface Markup {
  markup: string;
}

type Part = Markup | string | number | readonly Part[] | null | false;

/** A template whose holes are text, unless they hold markup: what an upload named can never become a tag. */
export const html = (fixed: TemplateStringsArray, ...holes: Part[]): Markup => ({
  markup: fixed.map((piece, at) => piece + (at < holes.length ? written(holes[at] as Part) : '')).join(''),
});

/** Markup of ours, or of a library that escapes what it is given. */
export const trusted = (markup: string): Markup => ({ markup });

function written(part: Part): string {
  if (part === null || part === false) return '';
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(written).join('');
  return escaped(String(part));
}

/** Control characters have no place in a page, and those that turn the direction of text would turn ours. */
const escaped = (text: string): string =>
  text
    .replace(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
