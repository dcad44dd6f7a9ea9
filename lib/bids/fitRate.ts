import { sigmoid } from '../math/logistic.ts';
import type { HierarchicalRate } from './bidModel.ts';
import { type CampaignSite, campaignSite, logNormal, type TrialColumns } from './campaignSite.ts';

export interface RateOptions {
  /** What the rate would be taken for without any data, and how far off (one deviation of its logit) that may be. */
  guess: number;
  guessDeviation?: number;
}

interface Moments {
  mean: number;
  variance: number;
}

/**
 * Hierarchical beta-binomial, account → campaign → ad: rates of a campaign's ads are Beta(ms, (1 - m)s), logits of the
 * campaigns' m are normal. The strength s and the campaigns' spread are integrated over by their marginal likelihood rather than
 * plugged in, so that intervals hold what is not known of the prior (Robbins 1956; Efron and Morris 1975; for the
 * propagation Carlin and Gelfand 1990). `campaigns` in any order; a campaign's ads likewise.
 */
export function fitHierarchicalRate(
  campaigns: ReadonlyMap<string, TrialColumns>,
  { guess, guessDeviation = 1.5 }: RateOptions,
): HierarchicalRate {
  const names = [...campaigns.keys()].filter((name) => sumOf(columnsOf(campaigns, name).trials) > 0).sort();
  const columns = names.map((name) => columnsOf(campaigns, name));
  const trials = columns.reduce((sum, column) => sum + sumOf(column.trials), 0);
  const successes = columns.reduce((sum, column) => sum + sumOf(column.successes), 0);
  const prior = { mean: logit(guess), variance: guessDeviation ** 2 };
  const pooled = (successes + guess) / (trials + 1);
  const surface = new StrengthSurface(columns, { prior, pooled });
  const nodes = surface.nodes().map(({ strength, weight }) => {
    const level = surface.campaignLevel(strength);
    return {
      strength,
      weight,
      account: rateMoments(level.account),
      campaigns: level.campaigns.map(rateMoments),
    };
  });
  return {
    trials,
    successes,
    nodes: nodes.map(({ strength, weight, account }) => ({ strength, weight, account })),
    campaigns: Object.fromEntries(
      names.map((name, index) => [name, nodes.map((node) => node.campaigns[index] as Moments)]),
    ),
  };
}

const columnsOf = (campaigns: ReadonlyMap<string, TrialColumns>, name: string): TrialColumns =>
  campaigns.get(name) as TrialColumns;

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

const logit = (share: number): number => Math.log(share / (1 - share));

/** The posterior of the log strength: evaluated where asked, each campaign's search beginning where its last one ended. */
class StrengthSurface {
  readonly #columns: readonly TrialColumns[];
  readonly #prior: Moments;
  readonly #centre: Moments;
  readonly #starts: Float64Array;
  readonly #usual: number;
  readonly #levels = new Map<number, CampaignLevel>();

  constructor(columns: readonly TrialColumns[], { prior, pooled }: { prior: Moments; pooled: number }) {
    this.#columns = columns;
    this.#prior = prior;
    this.#centre = { mean: logit(pooled), variance: 4 };
    this.#starts = Float64Array.from(columns, () => this.#centre.mean);
    this.#usual = Math.log((1 - pooled) / pooled / usualVariation ** 2);
  }

  campaignLevel(strength: number): CampaignLevel {
    const known = this.#levels.get(strength);
    if (known !== undefined) return known;
    const sites = this.#columns.map((columns, index) => {
      const site = campaignSite(columns, strength, {
        centre: this.#centre,
        start: this.#starts[index] as number,
      });
      const mean = site.precision > 1 ? site.mean : this.#centre.mean;
      this.#starts[index] = Math.max(this.#centre.mean - 4, Math.min(this.#centre.mean + 4, mean));
      return site;
    });
    const level = fitCampaignLevel(sites, this.#prior);
    this.#levels.set(strength, level);
    return level;
  }

  /** Strengths about the best one, by the curvature there, with their posterior weights. */
  nodes(): { strength: number; weight: number }[] {
    const { best, deviation } = this.#peak();
    const logs = spread.map((steps) => best + steps * deviation);
    const heights = logs.map((log) => this.#height(log));
    const highest = Math.max(...heights);
    const areas = heights.map((height) => Math.exp(height - highest));
    const total = areas.reduce((sum, area) => sum + area, 0);
    return logs.map((log, index) => ({ strength: Math.exp(log), weight: (areas[index] as number) / total }));
  }

  #height(log: number): number {
    return this.campaignLevel(Math.exp(log)).logEvidence + logNormal(log, this.#usual, usualDeviation ** 2);
  }

  #peak(): { best: number; deviation: number } {
    let best = this.#usual;
    let step = 2;
    let [below, here, above] = [this.#height(best - step), this.#height(best), this.#height(best + step)];
    for (let round = 0; round < 24 && step > 0.05; round++) {
      if (above > here && best < mostLogStrength)
        [best, below, here, above] = [best + step, here, above, this.#height(best + 2 * step)];
      else if (below > here && best > leastLogStrength)
        [best, below, here, above] = [best - step, this.#height(best - 2 * step), below, here];
      else {
        const curvature = (2 * here - below - above) / step ** 2;
        // a parabola through three points this near is the posterior, or nearly
        if (curvature > 0 && step * Math.sqrt(curvature) < 1.5)
          return {
            best: best + (step * (above - below)) / (2 * (2 * here - below - above)),
            deviation: 1 / Math.sqrt(curvature),
          };
        step /= 2;
        [below, above] = [this.#height(best - step), this.#height(best + step)];
      }
    }
    return { best, deviation: step };
  }
}

/** In deviations of the log strength. */
const spread = [-2, -1, 0, 1, 2];

/** Ads of one campaign usually differ by half their rate (standard deviation over mean), give or take a factor of e. */
const usualVariation = 0.5;
const usualDeviation = 2;
const [leastLogStrength, mostLogStrength] = [-1, 16];

interface CampaignLevel {
  logEvidence: number;
  /** Moments of logits: of each campaign's rate, and of the rate of a campaign not met before. */
  campaigns: Moments[];
  account: Moments;
}

/** Normal about normal: the account's mean integrated in closed form, the campaigns' spread on a grid. */
function fitCampaignLevel(sites: readonly CampaignSite[], prior: Moments): CampaignLevel {
  const grid = deviations.map((deviation) => {
    const variance = deviation ** 2;
    let precision = 1 / prior.variance;
    let weighted = prior.mean * precision;
    for (const site of sites) {
      const weight = 1 / (1 / site.precision + variance);
      precision += weight;
      weighted += weight * site.mean;
    }
    const account = { mean: weighted / precision, variance: 1 / precision };
    return {
      variance,
      account,
      logEvidence:
        evidenceOf(sites, { prior, variance, account }) + logNormal(Math.log(deviation), Math.log(0.4), 1),
    };
  });
  const highest = Math.max(...grid.map(({ logEvidence }) => logEvidence));
  const areas = grid.map(({ logEvidence }) => Math.exp(logEvidence - highest));
  const total = areas.reduce((sum, area) => sum + area, 0);
  const weights = areas.map((area) => area / total);
  const mixed = (momentsAt: (point: (typeof grid)[number]) => Moments): Moments =>
    mixMoments(grid.map(momentsAt), weights);
  return {
    logEvidence: highest + Math.log(total),
    account: mixed(({ account, variance }) => ({
      mean: account.mean,
      variance: account.variance + variance,
    })),
    campaigns: sites.map((site) => mixed((point) => campaignMoments(site, point))),
  };
}

/** Of campaigns' logits. */
const deviations = [0.03, 0.06, 0.12, 0.24, 0.48, 0.96, 1.92];

/** log p(sites | spread), by the identity p(data) = p(data | mean) p(mean) / p(mean | data) at the posterior mean. */
function evidenceOf(
  sites: readonly CampaignSite[],
  { prior, variance, account }: { prior: Moments; variance: number; account: Moments },
): number {
  let sum =
    logNormal(account.mean, prior.mean, prior.variance) -
    logNormal(account.mean, account.mean, account.variance);
  for (const site of sites)
    sum += site.logScale + logNormal(site.mean, account.mean, 1 / site.precision + variance);
  return sum;
}

function campaignMoments(
  site: CampaignSite,
  { variance, account }: { variance: number; account: Moments },
): Moments {
  const precision = site.precision + 1 / variance;
  const shrink = 1 / variance / precision;
  return {
    mean: (1 - shrink) * site.mean + shrink * account.mean,
    variance: 1 / precision + shrink ** 2 * account.variance,
  };
}

/** Mean and variance of a mixture. */
function mixMoments(parts: readonly Moments[], weights: readonly number[]): Moments {
  const mean = parts.reduce((sum, part, index) => sum + part.mean * (weights[index] as number), 0);
  const variance = parts.reduce(
    (sum, part, index) => sum + (part.variance + (part.mean - mean) ** 2) * (weights[index] as number),
    0,
  );
  return { mean, variance };
}

/** Of the rate, from those of its logit: Gauss and Hermite's rule of seven points. */
function rateMoments({ mean, variance }: Moments): Moments {
  const deviation = Math.sqrt(variance);
  const rates = hermite.map(([point]) => ({ mean: sigmoid(mean + deviation * point), variance: 0 }));
  return mixMoments(
    rates,
    hermite.map(([, weight]) => weight),
  );
}

/** For the standard normal density (Abramowitz and Stegun 25.10, points times √2, weights over √π). */
const hermite = [
  [0, 0.45714285714285713],
  [1.1544053947399682, 0.2401231786050127],
  [-1.1544053947399682, 0.2401231786050127],
  [2.3667594107345415, 0.030757123967586498],
  [-2.3667594107345415, 0.030757123967586498],
  [3.750439717725742, 0.0005482688559722179],
  [-3.750439717725742, 0.0005482688559722179],
] as const;
