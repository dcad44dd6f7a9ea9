import { describe, expect, it } from 'vitest';
import { fitBgNbd, fitMbgNbd } from '../../../../lib/models/btyd/fitBetaGeometric.ts';
import { fitGammaGamma } from '../../../../lib/models/btyd/fitGammaGamma.ts';
import { fitNbd } from '../../../../lib/models/btyd/fitNbd.ts';
import { fitParetoNbd } from '../../../../lib/models/btyd/fitParetoNbd.ts';
import type { FittedBuyingModel } from '../../../../lib/models/btyd/models.ts';
import type { GroupedHistories } from '../../../../lib/models/btyd/purchaseHistory.ts';
import { cdnowMissing, readCdnowSample } from '../../../support/cdnow.ts';
import { splitCdnow } from '../../../support/cdnowHistories.ts';
import { expectWithin, type Golden } from '../../../support/within.ts';

const skipped = cdnowMissing ? ' (skipped: ../shared/data/cdnow is not there)' : '';

// weeks, calibrated to 1997-09-30
const reference: Golden = {
  kind: 'reference',
  source:
    'SciPy on the same likelihoods and the same sample; for BG/NBD also the paper, .243 4.414 .793 2.426, -9582.4',
  relativeTolerance: 1e-3,
};

describe.skipIf(cdnowMissing)(`the CDNOW sample${skipped}`, () => {
  const { histories, groups, repeatValue, heldOutPurchases } = splitCdnow(
    cdnowMissing ? [] : readCdnowSample(),
  );

  it('is counted as the papers count it', () => {
    expect(histories).toHaveLength(2357);
    expect(histories.reduce((sum, { frequency }) => sum + frequency, 0)).toBe(2457);
    expect(histories.filter(({ frequency }) => frequency === 0)).toHaveLength(1411);
    expect(heldOutPurchases.reduce((sum, purchases) => sum + purchases, 0)).toBe(1882);
  });

  it.each<[string, (groups: GroupedHistories) => FittedBuyingModel, Record<string, number>, number]>([
    ['BG/NBD', fitBgNbd, { r: 0.2425945, alpha: 4.4136019, a: 0.7929199, b: 2.4258881 }, -9582.429],
    ['MBG/NBD', fitMbgNbd, { r: 0.52484, alpha: 6.18308, a: 0.89136, b: 1.614 }, -9582.136],
    ['Pareto/NBD', fitParetoNbd, { r: 0.55328, alpha: 10.57768, s: 0.60624, beta: 11.66873 }, -9594.976],
    ['NBD', fitNbd, { r: 0.38477, alpha: 12.07202 }, -9763.658],
  ])('%s has its maximum where others find it', (_, fitModel, parameters, logLikelihood) => {
    const model = fitModel(groups);
    for (const [name, expected] of Object.entries(parameters))
      expectWithin(model[name as 'r'], expected, reference);
    expect(Math.abs(model.logLikelihood - logLikelihood)).toBeLessThan(0.01);
    expect(model).toMatchObject({ customers: 2357, histories: 1016, atEdge: [] });
  });

  it('Gamma-Gamma has its maximum where others find it, on the 946 who bought again', () => {
    const model = fitGammaGamma({
      orders: Float64Array.from(histories, ({ frequency }) => frequency),
      meanValue: Float64Array.from(repeatValue),
    });
    expect(model.customers).toBe(946);
    expectWithin(model.p, 6.24957, reference);
    expectWithin(model.q, 3.74422, reference);
    expectWithin(model.v, 15.44352, reference);
    expect(Math.abs(model.logLikelihood - -4055.9177)).toBeLessThan(0.01);
  });
});
