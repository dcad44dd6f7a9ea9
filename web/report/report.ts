import { chartContext } from '../charts/context.ts';
import { type Language, say } from '../words.ts';
import { bidsSection } from './bidsSection.ts';
import { html, type Markup } from './html.ts';
import { methodSection } from './methodSection.ts';
import { modelSection } from './modelSection.ts';
import { missingParts, type ReportContext, reportContext, type Section } from './parts.ts';
import { qualitySection } from './qualitySection.ts';
import type { ReportAnswers } from './reportAnswers.ts';
import { segmentsSection } from './segmentsSection.ts';
import { style } from './style.ts';
import { valueSection } from './valueSection.ts';

export interface ReportedRun {
  runId: string;
  dataset: string;
  asOf: string;
}

/**
 * For each run, one page that needs no other file and no script: what is published, for a screen, a phone or A4 paper. The same answers give
 * the same bytes.
 */
export function reportOf(answers: ReportAnswers, language: Language): (run: ReportedRun) => string {
  const context = reportContext(chartContext(language, 'light'));
  const sections = [
    valueSection(answers, context),
    segmentsSection(answers, context),
    modelSection(answers, context),
    bidsSection(answers, context),
    qualitySection(answers, context),
  ];
  const body = html`${inShort(sections, context)}${sections.map(
    (section) => section.body && html`<h2>${section.title}</h2>${section.body}`,
  )}${methodSection(context)}`;
  return (run) => page(context, { run, body }).markup;
}

function page(
  { report, formats, language }: ReportContext,
  { run, body }: { run: ReportedRun; body: Markup },
): Markup {
  const subtitle = report('subtitle', {
    asOf: formats.day(run.asOf),
    run: run.runId.slice(0, 8),
    dataset: run.dataset,
  });
  const title = report('title');
  return html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${say(language, 'product')} · ${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="muted">${subtitle}</p>
${body}
</main>
</body>
</html>
`;
}

/** What each part has to say in a sentence or two, and what is missing for the others. */
function inShort(sections: readonly Section[], context: ReportContext): Markup {
  const sentences = sections.flatMap(({ inShort: sentence }) => sentence);
  return html`<h2>${context.report('inShort')}</h2>
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${missingParts(sections, context)}`;
}
