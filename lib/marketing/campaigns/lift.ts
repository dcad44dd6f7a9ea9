import { normalQuantile } from '../../math/normalQuantile.ts';

/** What a contact does to the odds of ordering, on the logarithmic scale: normal, as far as it is known. */
export interface Lift {
  logOddsMean: number;
  logOddsSd: number;
  /** `assumed` in the settings, or `measured` in campaigns that have run, together with that assumption. */
  basis: 'assumed' | 'measured';
  /** Of what is known, the share that measurements contribute; 0 to 1. */
  shareMeasured: number;
  /** Campaigns that it was measured in. */
  campaigns: string[];
  /** The one of them that taught whom of the customers it moves more than others; null where none did. */
  rankedBy: string | null;
}

/** Customers and buyers of both groups of a campaign that has run. */
export interface MeasuredGroups {
  campaign: string;
  treated: number;
  treatedBuyers: number;
  control: number;
  controlBuyers: number;
}

/** A channel's and an offer's assumed lifts multiply. */
export const assumedLift = (lifts: readonly number[], { uncertainty }: { uncertainty: number }): Lift => ({
  logOddsMean: lifts.reduce((sum, lift) => sum + Math.log1p(lift), 0),
  logOddsSd: uncertainty,
  basis: 'assumed',
  shareMeasured: 0,
  campaigns: [],
  rankedBy: null,
});

/**
 * The assumption, corrected by every campaign that measured it: precisions add, as normal distributions combine. A campaign's log odds
 * ratio and its variance are those of Woolf (1955) with a half added to each cell (Haldane 1956), so that empty cells count too.
 */
export function measuredLift(assumption: Lift, measured: readonly MeasuredGroups[]): Lift {
  if (measured.length === 0) return assumption;
  let precision = 1 / assumption.logOddsSd ** 2;
  const own = precision;
  let weighted = precision * assumption.logOddsMean;
  for (const { treated, treatedBuyers, control, controlBuyers } of measured) {
    const cells = [treatedBuyers, treated - treatedBuyers, controlBuyers, control - controlBuyers].map(
      (count) => count + 0.5,
    ) as [number, number, number, number];
    const logOdds = Math.log((cells[0] * cells[3]) / (cells[1] * cells[2]));
    const variance = cells.reduce((sum, count) => sum + 1 / count, 0);
    precision += 1 / variance;
    weighted += logOdds / variance;
  }
  return {
    logOddsMean: weighted / precision,
    logOddsSd: Math.sqrt(1 / precision),
    basis: 'measured',
    shareMeasured: 1 - own / precision,
    campaigns: measured.map(({ campaign }) => campaign),
    rankedBy: null,
  };
}

/** Probability to order once contacted. */
export function liftedProbability(probability: number, oddsRatio: number): number {
  const odds = oddsRatio * probability;
  return odds / (1 - probability + odds);
}

/** Odds ratios, equally probable, that stand for what a lift may be: the middles of `count` equal shares. */
export const liftPoints = ({ logOddsMean, logOddsSd }: Lift, count: number): number[] =>
  Array.from({ length: count }, (_, point) =>
    Math.exp(logOddsMean + logOddsSd * normalQuantile((point + 0.5) / count)),
  );
