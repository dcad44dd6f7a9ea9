import { brier } from '../metrics.ts';
import type { CalibrationMethod, CalibrationReport, ReliabilityBin } from '../purchaseReport.ts';
import { tenthTotals } from './tenthTotals.ts';
import { wilsonInterval } from './wilsonInterval.ts';

/** What probabilities said against what came, on rows that no fit has seen, in ten bins of equally many rows. */
export function calibrationReport(
  y: Uint8Array,
  probabilities: Float64Array,
  method: CalibrationMethod,
): CalibrationReport {
  const bins = reliabilityBins(y, probabilities);
  const rows = y.length;
  const observedRate = y.reduce((sum, label) => sum + label, 0) / rows;
  const weighted = (term: (bin: ReliabilityBin) => number): number =>
    bins.reduce((sum, bin) => sum + bin.rows * term(bin), 0) / rows;
  // Murphy (1973), equation 5, holds where all rows of a bin are given the same probability
  const reliability = weighted(({ meanProbability, observed }) => (meanProbability - observed) ** 2);
  const resolution = weighted(({ observed }) => (observed - observedRate) ** 2);
  const uncertainty = observedRate * (1 - observedRate);
  const score = brier(y, probabilities);
  return {
    method,
    bins,
    expectedCalibrationError: weighted(({ meanProbability, observed }) =>
      Math.abs(meanProbability - observed),
    ),
    meanProbability: weighted(({ meanProbability }) => meanProbability),
    observedRate,
    brier: score,
    reliability,
    resolution,
    uncertainty,
    // the variance and covariance within bins (Stephenson, Coelho and Jolliffe 2008, equation 6)
    withinBins: score - (reliability - resolution + uncertainty),
    skill: uncertainty === 0 ? null : 1 - score / uncertainty,
  };
}

/** By tenths of the probabilities, ascending; equal ones share a bin, so that there may be fewer than ten. */
const reliabilityBins = (y: Uint8Array, probabilities: Float64Array): ReliabilityBin[] =>
  tenthTotals(y, probabilities)
    .reverse()
    .map(({ rows, buyers, said }) => ({
      rows,
      buyers,
      meanProbability: said / rows,
      observed: buyers / rows,
      ...wilsonInterval(buyers, rows),
    }));
