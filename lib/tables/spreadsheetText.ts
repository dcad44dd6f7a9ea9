/**
 * A spreadsheet runs a cell that begins with one of these as a formula (OWASP, "CSV injection"). An apostrophe in
 * front makes it text. A further apostrophe marks text that had one already, so that every text comes back as it was.
 */
const formula = /^'*[=+\-@\t\r]/;
const marked = /^'+[=+\-@\t\r]/;
const number = /^[+-]?(\d[\d,]*(?:\.\d*)?|\.\d+)(e[+-]?\d+)?%?$/i;

/** `=HYPERLINK(…)` becomes `'=HYPERLINK(…)`; a number such as `-5` stays as it is. */
export const neutralise = (text: string): string =>
  formula.test(text) && !number.test(text) ? `'${text}` : text;

/** The text that `neutralise` was given. */
export const restoreText = (cell: string): string => (marked.test(cell) ? cell.slice(1) : cell);
