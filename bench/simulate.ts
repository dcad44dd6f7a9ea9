import { parseArgs } from 'node:util';
import {
  mean,
  type PolicySummary,
  pairedT,
  summariseSimulations,
  summariseTargets,
} from '../lib/bids/simulationSummary.ts';
import { simulatedPolicies } from '../lib/bids/simulator.ts';
import { printTable } from './measure.ts';

/** What each bid policy brings in a made-up market, beside the human bids: `npm run simulate [-- --seeds 30]`. */

const { values: given } = parseArgs({
  options: { seeds: { type: 'string', default: '30' }, clicks: { type: 'string', default: '6,30,120,600' } },
});
const seeds = Array.from({ length: Number(given.seeds) }, (_, index) => index + 1);
const policies = simulatedPolicies.filter((policy) => policy !== 'human');
const percent = (share: number): string => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;

for (const medianClicks of given.clicks.split(',').map(Number)) {
  const summaries = summariseSimulations({ seeds, medianClicks, policies });
  printTable(
    `${medianClicks} clicks available per group and week, ${seeds.length} seeds: value against the human bids in percent`,
    [
      ['policy', 'gain', '±', 'most spent', 'expected/demanded', 'coverage', 'limited by data'],
      ...summaries.map((summary) => [
        summary.policy,
        percent(summary.meanGain),
        (100 * summary.standardError).toFixed(1),
        ...(summary.policy === 'oracle'
          ? ['', '', '', '']
          : [
              summary.mostSpent.toFixed(4),
              summary.expectedOverDemanded.toFixed(3),
              summary.coverage.toFixed(3),
              summary.limitedByData.toFixed(2),
            ]),
      ]),
    ],
  );
  const named = (policy: string) => summaries.find((each) => each.policy === policy) as PolicySummary;
  const t = pairedT(named('portfolio'), named('revenuePerClick'));
  process.stdout.write(`  portfolio over revenuePerClick on the same markets: t = ${t.toFixed(1)}\n`);
  const { reached, valueShare, shareOfOracle } = summariseTargets({
    seeds,
    medianClicks,
    timesHumanRoas: 1.1,
  });
  process.stdout.write(
    `  a return of 1.1 times the human one: reached ${mean(reached).toFixed(3)} of it ` +
      `(${Math.min(...reached).toFixed(3)} to ${Math.max(...reached).toFixed(3)}), with ${mean(valueShare).toFixed(3)} of the value ` +
      `of the best multiplier (least ${Math.min(...valueShare).toFixed(3)}), ${mean(shareOfOracle).toFixed(3)} of the oracle's\n`,
  );
}
