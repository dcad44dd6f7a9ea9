import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adHistoryOf } from '../../../lib/bids/adHistory.ts';
import type { BidAnswer } from '../../../lib/bids/answer.ts';
import { fitBidModel } from '../../../lib/bids/fitBidModel.ts';
import { noGuardrails } from '../../../lib/bids/guardrails.ts';
import { bidSettings } from '../../../lib/bids/settings.ts';
import { type BidOptions, suggestBids } from '../../../lib/bids/suggestBids.ts';
import type { AdPerformance } from '../../../lib/tables/ads/adRows.ts';
import { adRow, isoDay } from '../../support/adRows.ts';

const settings = bidSettings.parse({});

function answerTo(rows: readonly AdPerformance[], changes: Partial<BidOptions['settings']> = {}): BidAnswer {
  const { model, ads } = fitBidModel(adHistoryOf(rows), { settings, seed: 1 });
  return suggestBids(model, ads, { settings: { ...settings, ...changes }, withCurves: false });
}

const anyRow = fc
  .record({
    ad: fc.integer({ min: 0, max: 11 }),
    day: fc.integer({ min: 0, max: 20 }),
    clicks: fc.integer({ min: 0, max: 80 }),
    share: fc.double({ min: 0, max: 0.3, noNaN: true }),
    bid: fc.integer({ min: 100_000, max: 2_000_000 }),
    paid: fc.double({ min: 0.3, max: 1, noNaN: true }),
    order: fc.integer({ min: 1_000_000, max: 80_000_000 }),
  })
  .map(({ ad, day, clicks, share, bid, paid, order }): AdPerformance => {
    const conversions = Math.floor(clicks * share);
    return adRow({
      id: `ad ${ad}`,
      campaign: `campaign ${ad % 3}`,
      date: isoDay(day),
      impressions: 30 * clicks,
      clicks,
      conversions,
      spendMicros: Math.round(clicks * bid * paid),
      revenueMicros: conversions * order,
      currentBidMicros: bid,
    });
  });
const anyRows = fc.array(anyRow, { minLength: 5, maxLength: 60 });

/** A table as regular as a property about one cell of it asks for. */
const steadyRows = ({ conversionsOfFirst }: { conversionsOfFirst: number }): AdPerformance[] =>
  Array.from({ length: 12 }, (_, ad) =>
    adRow({
      id: `ad ${ad}`,
      campaign: `campaign ${ad % 3}`,
      impressions: 4000,
      clicks: 100,
      conversions: ad === 0 ? conversionsOfFirst : 2 + (ad % 4),
      spendMicros: 30_000_000,
      revenueMicros: (ad === 0 ? conversionsOfFirst : 2 + (ad % 4)) * 20_000_000,
      currentBidMicros: 500_000,
    }),
  );

describe('bids', () => {
  it('scale with the currency', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom(7, 100), (rows, factor) => {
        const scaled = rows.map((row) => ({
          ...row,
          spendMicros: row.spendMicros * factor,
          revenueMicros: (row.revenueMicros ?? 0) * factor,
          currentBidMicros: (row.currentBidMicros ?? 0) * factor,
        }));
        const guardrails = { ...settings.guardrails, floorMicros: 0 };
        const [one, other] = [answerTo(rows, { guardrails }), answerTo(scaled, { guardrails })];
        // a table without a single sale counts conversions, not money
        fc.pre(one.portfolio.notes.every(({ code }) => code !== 'noRevenue'));
        one.rows.forEach(({ suggestedBidMicros }, index) => {
          const ratio = (other.rows[index]?.suggestedBidMicros ?? 0) / factor;
          expect(Math.abs(ratio - suggestedBidMicros)).toBeLessThanOrEqual(2 + 1e-3 * suggestedBidMicros);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('keep any budget, and more of it never lowers kappa nor a bid', () => {
    fc.assert(
      fc.property(
        anyRows,
        fc.boolean(),
        fc.constantFrom('secondPrice', 'firstPrice'),
        (rows, guarded, auction) => {
          const { model, ads } = fitBidModel(adHistoryOf(rows), {
            settings: { ...settings, auction },
            seed: 1,
          });
          let before: BidAnswer | null = null;
          for (const budgetMicros of [1_000, 1_000_000, 20_000_000, 60_000_000, 300_000_000]) {
            const guardrails = guarded ? { ...settings.guardrails, learningShare: 0 } : noGuardrails;
            const answer = suggestBids(model, ads, {
              settings: { ...settings, auction, budgetMicros, guardrails },
              withCurves: false,
            });
            expect(answer.portfolio.expectedSpendMicros).toBeLessThanOrEqual(budgetMicros);
            // where guardrails give way to the budget, kappa starts again from a lower floor
            const same = cut(before) === cut(answer);
            if (before !== null && same) {
              expect(answer.portfolio.kappa).toBeGreaterThanOrEqual(before.portfolio.kappa ?? 0);
              for (const [index, row] of answer.rows.entries())
                expect(row.suggestedBidMicros).toBeGreaterThanOrEqual(
                  before.rows[index]?.suggestedBidMicros ?? 0,
                );
            }
            before = answer;
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(
        anyRows.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, shuffled]) => {
          expect(answerTo(shuffled)).toEqual(answerTo(rows));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are equal where the evidence is', () => {
    const twins = steadyRows({ conversionsOfFirst: 4 }).flatMap((row) => [
      row,
      { ...row, id: `${row.id} again` },
    ]);
    const { rows } = answerTo(twins);
    const bidOn = new Map(rows.map((row) => [row.id, row]));
    for (const row of rows.filter(({ id }) => !id.endsWith('again'))) {
      const twin = bidOn.get(`${row.id} again`);
      expect({ ...twin, id: row.id }).toEqual(row);
    }
  });

  it('never fall where conversions are added, all else equal', () => {
    let before = 0;
    for (let conversionsOfFirst = 0; conversionsOfFirst <= 40; conversionsOfFirst++) {
      const { rows } = answerTo(steadyRows({ conversionsOfFirst }), { guardrails: noGuardrails });
      const bid = rows.find(({ id }) => id === 'ad 0')?.suggestedBidMicros ?? 0;
      expect(bid).toBeGreaterThanOrEqual(before);
      before = bid;
    }
    expect(before).toBeGreaterThan(0);
  });

  it('rest on the prior where everything is zero, and say that they are learning', () => {
    const { rows, portfolio } = answerTo([
      adRow({ id: 'one' }),
      adRow({ id: 'other', campaign: 'new', impressions: 0, revenueMicros: 0 }),
    ]);
    expect(rows.map(({ status }) => status)).toEqual(['LEARNING', 'LEARNING']);
    expect(rows[0]?.evidence).toMatchObject({ clicks: 0, conversions: 0, shrinkWeight: 1 });
    expect(rows[0]?.valuePerClick).toEqual(rows[1]?.valuePerClick);
    expect(rows[0]?.valuePerClick.meanMicros).toBeGreaterThan(0);
    expect(portfolio.expectedSpendMicros).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify({ rows, portfolio })).not.toMatch(/null,"high|NaN|Infinity/);
  });

  it('answer an empty table with no rows', () => {
    const { rows, portfolio } = answerTo([]);
    expect(rows).toEqual([]);
    expect(portfolio).toMatchObject({ expectedSpendMicros: 0, expectedValueMicros: 0, nextUnitOfMoney: [] });
  });
});

const cut = (answer: BidAnswer | null): boolean =>
  answer?.portfolio.notes.some(({ code }) => code === 'budgetOverGuardrails') ?? false;
