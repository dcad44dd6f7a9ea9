import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quality } from '../../web/answers.ts';
import { html } from '../../web/report/html.ts';
import { reportOf } from '../../web/report/report.ts';
import type { ReportAnswers } from '../../web/report/reportAnswers.ts';
import { reportWords } from '../../web/report/words.ts';
import { bids, cohorts, migration, purchaseModel, quality, segments, valueModel } from './answers.ts';

const reading = {
  files: [
    {
      ...{ key: 'orders/<b>.csv', bytes: 900, rowsIn: 12, rowsOk: 11, rowsQuarantined: 1, otherRows: 0 },
      reasons: [{ column: 'amount', reason: 'is not a number', rows: 1, bytes: 9 }],
    },
  ],
  rows: { bytes: 900, rowsIn: 12, rowsOk: 11, rowsQuarantined: 1 },
  dates: {
    firstDay: '2026-01-01',
    lastDay: '2026-06-30',
    daysWithOrders: 99,
    daysWithoutOrders: 2,
    gaps: [],
  },
};
const all: ReportAnswers = {
  segments,
  migration,
  cohorts,
  valueModel,
  model: purchaseModel,
  bids,
  quality: { ...quality, ...reading } as Quality,
};
const nothing: ReportAnswers = {
  segments: null,
  migration: null,
  cohorts: null,
  valueModel: null,
  model: null,
  bids: null,
  quality: null,
};
const run = { runId: '0123456789abcdef0123', dataset: 'orders', asOf: '2026-07-01T10:00:00.000Z' };
const written = (answers: ReportAnswers, language: 'en' | 'zh' = 'en') => reportOf(answers, language)(run);

describe('the report', () => {
  it('is one page without a script, a link or any other file', () => {
    const page = written(all);
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<(script|link|iframe|img|object|embed|form|a)\b/i);
    expect(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(
      /https?:|\burl\((?!#)|@import|<[^>]*\son\w+=/,
    );
    expect(page).toContain("default-src 'none'");
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
  });

  it.each(['en', 'zh'] as const)(
    'gives the same bytes for the same answers, and has no hole, in %s',
    (language) => {
      const page = written(all, language);
      expect(written(all, language)).toBe(page);
      expect(page).not.toMatch(/undefined|NaN|\[object|\{\w+\}<|>\{/);
      expect(page.match(/<svg /g)).toHaveLength(15);
      expect(page.match(/<h2>/g)).toHaveLength(7);
    },
  );

  it('tells the figures that the API tells: money, intervals, metrics beside the baseline, bids with their reason, rows set aside', () => {
    const page = written(all);
    for (const figure of [
      '€1,001',
      '€500.25',
      '€400.00 to €600.00',
      '0.8',
      '€0.50',
      '€0.30 – €0.70',
      'because',
    ])
      expect(page).toContain(figure);
    expect(page).toContain('11 of 12 rows were read; 1 were set aside');
    expect(page).toContain('is not a number');
  });

  it('says what to upload for each part that is missing', () => {
    const page = written({ ...nothing, segments });
    expect(page).toContain(reportWords.missingParts.en);
    for (const folder of ['orders/', 'training/', 'ads/']) expect(page).toContain(folder);
    expect(page).toContain(reportWords.method.en);
  });

  it('keeps what an upload named as text, whatever it is', () => {
    const page = written(all);
    expect(page).toContain('&#60;b&#62;.csv');
    expect(page).not.toContain('<img');
    // the direction of an ad's name would turn the line around it
    expect(page.replaceAll(/<svg[\s\S]*?<\/svg>/g, '')).not.toContain('\u202e');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const { markup } = html`<p title="${name}">${name}</p>`;
        expect(markup.match(/[<>"]/g)).toHaveLength(6);
        expect(markup).not.toContain("'");
      }),
    );
  });
});
