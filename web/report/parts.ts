import type { Chart, ChartContext, ChartTable } from '../charts/chart.ts';
import { svgOf } from '../charts/svg.ts';
import { filled } from '../words.ts';
import { html, type Markup, trusted } from './html.ts';
import { type ReportWord, reportWords } from './words.ts';

/** Pieces that the parts of the report are made of. */

export interface ReportContext extends ChartContext {
  report(word: ReportWord, values?: Record<string, string | number>): string;
}

export interface Section {
  title: string;
  /** For the top of the page. */
  inShort: string[];
  /** Null where nothing is published: `missing` says what to upload. */
  body: Markup | null;
  missing: string;
}

export const reportContext = (context: ChartContext): ReportContext => ({
  ...context,
  report: (word, values = {}) => filled(reportWords[word][context.language], values),
});

/** What A4 paper has room for; a phone shows a part at a size that can be read, and moves. */
const widthPixels = 680;

/** Drawings that have something to draw, each with what it shows, its units, its source and its figures. */
export const figures = (charts: readonly Chart[], context: ReportContext): Markup[] =>
  charts.filter(({ option }) => option !== null).map((chart) => figure(chart, context));

const figure = (chart: Chart, { report, say }: ReportContext): Markup => html`<figure>
<h3>${chart.title}</h3>
<p>${chart.sentence}</p>
<div class="wide" tabindex="0">${drawing(chart)}</div>
<figcaption class="muted">${say('units')}: ${chart.units} · ${chart.source}</figcaption>
<details><summary>${report('showTable')}</summary>${tableOf(chart.table)}</details>
</figure>`;

/** For who does not see it the sentence above and the table below say the same. */
const drawing = (chart: Chart): Markup =>
  trusted(svgOf(chart, { width: widthPixels }).replace('<svg ', '<svg aria-hidden="true" '));

export const tableOf = ({ columns, rows }: ChartTable): Markup => {
  const classOf = (column: number) => columns[column]?.kind ?? 'text';
  // what scrolls on a phone must be reached by the keyboard
  return html`<div class="wide" tabindex="0"><table><thead><tr>${columns.map(
    ({ label }, at) => html`<th scope="col" class="${classOf(at)}">${label}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, at) => html`<td class="${classOf(at)}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
};

/** Figures that stand out, each with its name and what is to be known with it. */
export const tiles = (facts: readonly { name: string; value: string; beside: string }[]): Markup =>
  html`<ul class="tiles">${facts.map(
    ({ name, value, beside }) => html`<li>${name}<b>${value}</b><span class="muted">${beside}</span></li>`,
  )}</ul>`;

export const paragraphs = (texts: readonly string[]): Markup[] => texts.map((text) => html`<p>${text}</p>`);

export function missingParts(sections: readonly Section[], { report }: ReportContext): Markup | null {
  const missing = sections.filter(({ body }) => body === null);
  if (missing.length === 0) return null;
  return html`<p class="muted">${report('missingParts')}</p>
<ul class="muted">${missing.map((section) => html`<li>${section.title}: ${section.missing}</li>`)}</ul>`;
}
