import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { ordersScenario, type Scenario, scoreScenario, segmentScenario } from './scenarios.ts';
import { type Plan, plans, Torture } from './torture.ts';
import { openWorld } from './world.ts';

/**
 * `npm run torture -- --minutes 10 --seed 7 [--scenario customers] [--plan '{"steps":…}']`: first a process that is killed with SIGKILL at
 * each of its calls, then plans by the thousand, round and round the scenarios, until the time is over or a promise is broken; then the
 * plan is printed as small as it could be made.
 */
const scenarios = [segmentScenario, scoreScenario, ordersScenario];
const plansAtATime = 20;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      scenario: { type: 'string' },
      plan: { type: 'string' },
    },
  });
  const world = await openWorld();
  try {
    const wanted = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
    const tortures = wanted.map((scenario) => ({ scenario, torture: new Torture(world, scenario) }));
    for (const { torture } of tortures) await torture.prepare();
    if (values.plan !== undefined) {
      await tortures[0]?.torture.tryPlan(JSON.parse(values.plan) as Plan);
      console.log('the promises held');
      return 0;
    }
    await killAtEachCall(tortures);
    return await goRound(tortures, { minutes: Number(values.minutes), seed: Number(values.seed) });
  } finally {
    await world.close();
  }
}

type Tortures = { scenario: Scenario; torture: Torture }[];

/** Of the first scenario; the others' processes need longer to begin than to work. */
async function killAtEachCall([first]: Tortures): Promise<void> {
  let calls = 0;
  while (await first?.torture.tryKilled(calls)) calls++;
  console.log(`${first?.scenario.name}: killed with SIGKILL at each of ${calls} calls`);
}

async function goRound(
  tortures: Tortures,
  { minutes, seed }: { minutes: number; seed: number },
): Promise<number> {
  const endMs = performance.now() + minutes * 60_000;
  let violations = 0;
  for (let round = 0; violations === 0 && performance.now() < endMs; round++) {
    for (const { scenario, torture } of tortures) {
      const result = await fc.check(
        fc.asyncProperty(plans(scenario), (plan) => torture.tryPlan(plan)),
        {
          seed: seed + round,
          numRuns: plansAtATime,
          interruptAfterTimeLimit: Math.max(1, endMs - performance.now()),
        },
      );
      if (result.failed && result.counterexample !== null) {
        violations++;
        console.log(`${scenario.name}, seed ${seed + round}: ${String(result.errorInstance)}`);
        console.log(`--scenario ${scenario.name} --plan '${JSON.stringify(result.counterexample[0])}'`);
      }
    }
    report(tortures, { seed: seed + round, violations });
  }
  return violations;
}

function report(tortures: Tortures, { seed, violations }: { seed: number; violations: number }): void {
  for (const { scenario, torture } of tortures) {
    const { plans: tried, faults, promises } = torture.tally;
    console.log(
      `${scenario.name}, to seed ${seed}: plans tried ${tried}, faults injected ${faults}, promises checked ${promises}`,
    );
  }
  console.log(`violations ${violations}`);
}

main().then(
  (violations) => process.exit(violations === 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
