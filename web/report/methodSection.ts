import { html, type Markup } from './html.ts';
import { paragraphs, type ReportContext } from './parts.ts';

/** How the figures come about, and what they do not know. */
export const methodSection = ({ report }: ReportContext): Markup =>
  html`<h2>${report('method')}</h2>${paragraphs([
    report('methodValue'),
    report('methodModel'),
    report('methodBids'),
    report('methodData'),
  ])}`;
