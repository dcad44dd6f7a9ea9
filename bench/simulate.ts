import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { simulateTarget, type TargetOutcome } from '../lib/bids/simulatedTargets.ts';
import { gatesOf } from '../lib/bids/simulationGates.ts';
import {
  mean,
  type PolicyOutcome,
  type PolicySummary,
  pairedT,
  simulatePolicies,
  summarisePolicies,
} from '../lib/bids/simulationSummary.ts';
import { type SimulatedPolicy, simulatedPolicies } from '../lib/bids/simulator.ts';
import { machine } from './measure.ts';

/**
 * What each bid policy brings in made-up markets, beside the human bids, as tables in the form of docs/bids.md:
 * `npm run simulate [-- --seeds 30 --clicks 6,30,120,600 --processes 2]`. Seeds go to processes of their own; how far they are
 * goes to stderr. Fails where a gate of `simulationGates.ts` does not hold; those are about 30 seeds.
 */

/** A market of one seed, and all that is asked of it. */
interface Question {
  seed: number;
  medianClicks: number;
}

interface Answer {
  secondPrice: PolicyOutcome[];
  firstPrice: PolicyOutcome[];
  roas: TargetOutcome;
  cpa: TargetOutcome;
}

const inSecondPrice = simulatedPolicies.filter((policy) => policy !== 'human');
const inFirstPrice = ['revenuePerClick', 'portfolio', 'portfolioGuarded', 'oracle'] as const;
const timesHuman = 1.1;

const answerTo = (question: Question): Answer => ({
  secondPrice: simulatePolicies({ ...question, policies: inSecondPrice }),
  firstPrice: simulatePolicies({ ...question, auction: 'firstPrice', policies: inFirstPrice }),
  roas: simulateTarget({ ...question, kind: 'roas', timesHuman }),
  cpa: simulateTarget({ ...question, kind: 'cpa', timesHuman }),
});

if (process.send === undefined) await simulateAll();
else process.on('message', (question: Question) => process.send?.(answerTo(question)));

async function simulateAll(): Promise<void> {
  const { values: given } = parseArgs({
    options: {
      seeds: { type: 'string', default: '30' },
      clicks: { type: 'string', default: '6,30,120,600' },
      processes: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const seeds = Number(given.seeds);
  const clicks = given.clicks.split(',').map(Number);
  const questions = clicks.flatMap((medianClicks) =>
    Array.from({ length: seeds }, (_, index): Question => ({ seed: index + 1, medianClicks })),
  );
  const from = performance.now();
  const answers = await askAll(questions, Number(given.processes));
  const columns = clicks.map((medianClicks) =>
    answers.filter((_, index) => questions[index]?.medianClicks === medianClicks),
  );
  const took = `${((performance.now() - from) / 1000).toFixed(0)} s in ${given.processes} processes`;
  process.stdout.write(`npm run simulate: ${seeds} seeds, ${took}, ${machine()}\n`);
  printPolicies(clicks, columns, 'secondPrice');
  printPolicies(clicks, columns, 'firstPrice');
  printTargets(clicks, columns, 'roas');
  printTargets(clicks, columns, 'cpa');
  printGates(clicks, columns);
}

/** Answers in the order of the questions; each process is asked anew as soon as it has answered. */
async function askAll(questions: readonly Question[], processes: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const from = performance.now();
  let next = 0;
  let done = 0;
  async function askInTurn(child: ChildProcess): Promise<void> {
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`simulate: a process ended with ${code} before its markets were done`);
    });
    try {
      for (let at = next++; at < questions.length; at = next++) {
        child.send(questions[at] as Question);
        const [answer] = (await Promise.race([once(child, 'message'), died])) as [Answer];
        answers[at] = answer;
        done += 1;
        const seconds = ((performance.now() - from) / 1000).toFixed(0);
        process.stderr.write(`\r${done} of ${questions.length} markets, ${seconds} s`);
      }
    } finally {
      died.catch(() => {});
      child.kill();
    }
  }
  const children = Array.from({ length: Math.min(processes, questions.length) }, () =>
    fork(import.meta.filename, { execArgv: ['--import', 'tsx'] }),
  );
  await Promise.all(children.map(askInTurn));
  process.stderr.write('\n');
  return answers;
}

function printPolicies(
  clicks: readonly number[],
  columns: readonly (readonly Answer[])[],
  auction: 'secondPrice' | 'firstPrice',
): void {
  const summaries = columns.map((markets) => summarisePolicies(markets.map((market) => market[auction])));
  const row = (
    title: string,
    cell: (named: (policy: SimulatedPolicy) => PolicySummary) => string,
  ): string[] => [
    title,
    ...summaries.map((of) => cell((policy) => of.find((each) => each.policy === policy) as PolicySummary)),
  ];
  const gainOf =
    (policy: SimulatedPolicy) =>
    (named: (policy: SimulatedPolicy) => PolicySummary): string => {
      const { meanGain, standardError } = named(policy);
      return `${percent(meanGain)} ± ${(100 * standardError).toFixed(1)}`;
    };
  const policies = auction === 'secondPrice' ? inSecondPrice : inFirstPrice;
  printMarkdown(`${auction}: value against the human bids, percent`, [
    ['clicks available per group and week (median)', ...clicks.map(String)],
    ...policies.map((policy) => row(`\`${policy}\``, gainOf(policy))),
    ...(['portfolio', 'portfolioGuarded'] as const).flatMap((policy) => [
      row(`\`${policy}\`, weeks 1 and 2`, (named) => percent(mean(named(policy).weeklyGains.slice(0, 2)))),
      row(`\`${policy}\`, weeks 3 to 6`, (named) => percent(mean(named(policy).weeklyGains.slice(2)))),
    ]),
    row('portfolio over revenuePerClick in the same markets: t', (named) =>
      pairedT(named('portfolio'), named('revenuePerClick')).toFixed(1),
    ),
    row('most spent of a week’s budget, any policy', (named) =>
      Math.max(...policies.map((policy) => named(policy).mostSpent)).toFixed(4),
    ),
    row('intervals that hold the truth', (named) => named('portfolio').coverage.toFixed(2)),
    row('rows that say LIMITED_BY_DATA', (named) => named('portfolio').limitedByData.toFixed(2)),
    row('expected spend over demanded', (named) => named('portfolio').expectedOverDemanded.toFixed(2)),
  ]);
}

function printTargets(
  clicks: readonly number[],
  columns: readonly (readonly Answer[])[],
  kind: 'roas' | 'cpa',
): void {
  const row = (title: string, of: (outcome: TargetOutcome) => number): string[] => [
    title,
    ...columns.map((markets) => {
      const values = markets.map((market) => of(market[kind]));
      const ends = `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
      return `${mean(values).toFixed(2)} (${ends})`;
    }),
  ];
  printMarkdown(`target: ${kind} ${timesHuman} times better than the human one; mean (least to most)`, [
    ['clicks available per group and week (median)', ...clicks.map(String)],
    row('reached', ({ reached }) => reached),
    row('of the best multiplier’s value', ({ valueShare }) => valueShare),
    row('of the oracle’s value', ({ shareOfOracle }) => shareOfOracle),
    [
      'markets that miss by more than 5 %',
      ...columns.map((markets) => String(markets.filter((market) => market[kind].reached < 0.95).length)),
    ],
  ]);
}

function printGates(clicks: readonly number[], columns: readonly (readonly Answer[])[]): void {
  const gates = columns.flatMap((markets, index) =>
    gatesOf(clicks[index] as number, summarisePolicies(markets.map(({ secondPrice }) => secondPrice)), {
      roas: markets.map(({ roas }) => roas),
      cpa: markets.map(({ cpa }) => cpa),
    }),
  );
  printMarkdown('gates', [
    ['clicks', 'promise', 'seen', ''],
    ...gates.map(({ medianClicks, promise, seen, holds }) => [
      ...[String(medianClicks), promise, seen, holds ? 'holds' : 'MISSED'],
    ]),
  ]);
  const missed = gates.filter(({ holds }) => !holds).length;
  if (missed > 0) process.exitCode = 1;
}

function printMarkdown(title: string, [header = [], ...rows]: readonly (readonly string[])[]): void {
  const lines = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  process.stdout.write(`\n${title}\n\n${lines.join('\n')}\n`);
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
}
