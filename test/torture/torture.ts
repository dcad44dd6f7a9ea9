import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { encodeItem } from '../../lib/store/item.ts';
import { datasetKey } from '../../lib/store/keys.ts';
import { type Fault, faultKinds } from './faults.ts';
import { invokeAndKill } from './killedProcess.ts';
import { orphans, type PublishedState, publishedState, readEverything } from './publishedState.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

/** What happens to a dataset, in this order; events that no `deliver` stands for were lost. */
export type Step =
  | { do: 'upload'; file: number; version: number }
  | { do: 'remove'; file: number }
  /** Two at once are two events of one change, or of two that come together. */
  | { do: 'deliver'; times: 1 | 2 }
  | { do: 'wait'; seconds: number };

export interface Plan {
  steps: Step[];
  faults: Fault[];
}

export const plans = ({ files }: Scenario): fc.Arbitrary<Plan> => {
  const file = fc.nat({ max: files.length - 1 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('upload' as const), file, version: fc.nat({ max: 2 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), file }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('deliver' as const),
        times: fc.constantFrom(1 as const, 1 as const, 2 as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(20, 70, 1800) }),
    },
  );
  const fault: fc.Arbitrary<Fault> = fc.record({
    at: fc.nat({ max: 90 }),
    kind: fc.constantFrom(...faultKinds),
  });
  return fc.record({
    steps: fc.array(step, { minLength: 2, maxLength: 7, size: 'max' }),
    faults: fc.array(fault, { minLength: 1, maxLength: 12, size: 'max' }),
  });
};

export interface Tally {
  plans: number;
  faults: number;
  promises: number;
}

/** Tries plans on one scenario, and throws where a promise did not hold. */
export class Torture {
  readonly tally: Tally = { plans: 0, faults: 0, promises: 0 };
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #cleanStates = new Map<string, CleanState>();
  /** By run and question. */
  readonly #answers = new Map<string, string>();
  #uploads: Uploads = new Map();
  #sequence = 0;
  #violation: unknown = null;

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
  }

  /** Makes every clean run once, so that readers' answers can be told from mixtures at any moment. */
  async prepare(): Promise<void> {
    if (this.#scenario.questions.length > 0) await this.#everyCleanState();
  }

  async #everyCleanState(): Promise<void> {
    const versions = this.#scenario.files.map(({ versions }) => [null, ...versions.slice(0, 2).keys()]);
    for (const first of versions[0] ?? [null]) {
      for (const second of versions[1] ?? [null]) {
        const chosen = [first, second].map((version, file) => [file, version] as const);
        const uploads: Uploads = new Map();
        for (const [file, version] of chosen) if (version !== null) uploads.set(file, version);
        if (uploads.size > 0) await this.#cleanState(uploads);
      }
    }
  }

  async tryPlan({ steps, faults }: Plan): Promise<void> {
    const { injector } = this.#world;
    this.tally.plans++;
    await this.#begin();
    this.#takeOver();
    injector.reset(faults);
    const injectedBefore = injector.injected;
    try {
      for (const step of steps) {
        await this.#do(step);
        await this.#readAsReader();
        if (this.#violation !== null) throw this.#violation;
      }
    } finally {
      injector.isCalm = true;
      this.tally.faults += injector.injected - injectedBefore;
    }
    await this.#judge();
  }

  /** A run that replaces another, in a process of its own that is killed; answers whether it was. */
  async tryKilled(at: number): Promise<boolean> {
    this.tally.plans++;
    await this.#begin();
    this.#takeOver();
    await this.#upload(0, 0);
    await this.#deliver();
    await this.#upload(0, 1);
    const isKilled = await invokeAndKill(this.#world, { handler: this.#scenario.handler, at });
    if (isKilled) this.tally.faults++;
    await this.#judge();
    return isKilled;
  }

  /** With these faults everything is, to the byte, as it is without: also what hangs on the run before. */
  async trySame(steps: Step[], faults: Fault[]): Promise<void> {
    const states: PublishedState[] = [];
    for (const some of [[], faults]) {
      this.tally.plans++;
      await this.#begin();
      this.#takeOver();
      this.#world.injector.reset(some);
      const injectedBefore = this.#world.injector.injected;
      for (const step of steps) await this.#do(step);
      this.#world.injector.isCalm = true;
      this.tally.faults += this.#world.injector.injected - injectedBefore;
      this.#world.advance(121_000);
      await this.#deliver();
      states.push(
        publishedState(await readEverything(this.#world), { ...this.#scenario, isHistorical: false }),
      );
    }
    const [clean, found] = states as [PublishedState, PublishedState];
    this.#promise(found.bytes === clean.bytes, difference(clean.bytes, found.bytes));
  }

  /** The commands that the first delivery of an upload sends, and those that the delivery of another one after it does. */
  async commands(): Promise<{ first: string[]; second: string[] }> {
    await this.#begin();
    const { injector } = this.#world;
    injector.reset([]);
    await this.#upload(0, 0);
    await this.#deliver();
    const first = injector.calls.length;
    await this.#upload(0, 1);
    await this.#deliver();
    injector.isCalm = true;
    return { first: injector.calls.slice(0, first), second: injector.calls.slice(first) };
  }

  async #do(step: Step): Promise<void> {
    if (step.do === 'upload') await this.#upload(step.file, step.version);
    else if (step.do === 'wait') this.#world.advance(step.seconds * 1000);
    else if (step.do === 'deliver')
      await Promise.all(Array.from({ length: step.times }, () => this.#deliver()));
    else {
      await this.#world.remove(this.#scenario.files[step.file]?.key ?? '');
      this.#uploads.delete(step.file);
    }
  }

  #takeOver(): void {
    const { injector } = this.#world;
    this.#uploads = new Map();
    this.#sequence = 0;
    this.#violation = null;
    injector.afterCall = async (call) => {
      if (call % 10 !== 0) return;
      // A violation must not be taken for a failure of the call, which would be tried again.
      await this.#readAsReader().catch((error: unknown) => {
        this.#violation ??= error;
      });
    };
    injector.overwrite = () => this.#upload(0, injector.calls.length % 2);
    injector.overtake = async () => {
      this.#world.advance(61_000);
      const { length } = injector.calls;
      if (length % 2 === 0) await this.#upload(0, length % 3);
      await this.#deliver();
    };
  }

  /** After the sweep, the state is that of one clean delivery, and nothing else is left to stay. */
  async #judge(): Promise<void> {
    this.#world.advance(121_000);
    await this.#deliver();
    const expected = await this.#cleanStateElsewhere();
    if (await this.#isLeftAlone(expected.askedRunId)) await this.#deliver({ redrive: true });
    // Those who were overtaken are gone by now, and what they left is tidied up.
    this.#world.advance(3_600_000);
    await this.#deliver();
    await this.#readAsReader(this.#scenario.questions);
    const everything = await readEverything(this.#world);
    const state = publishedState(everything, this.#scenario);
    if (expected.runId === null && this.#uploads.size > 0) {
      const place = { name: this.#world.platform.table.name };
      await this.#everyCleanState();
      this.#world.goTo(place);
      const ofRun = [...this.#cleanStates.values()].find(({ runId }) => runId === state.runId);
      const asked = await this.#run(expected.askedRunId);
      this.#promise(asked?.status === 'rejected', `a refused upload ended as ${asked?.status}`);
      this.#promise(
        state.runId === null || state.bytes === ofRun?.bytes,
        `beside a refused upload: ${difference(ofRun?.bytes ?? '', state.bytes)}`,
      );
    } else this.#promise(state.bytes === expected.bytes, difference(expected.bytes, state.bytes));
    const left = orphans(everything, {
      dataset: this.#scenario.dataset,
      alsoKept: expected.askedRunId === null ? [] : [expected.askedRunId],
    });
    this.#promise(left.length === 0, `pages of ${left.join(', ')} would stay for ever`);
  }

  /** A reader at any moment: one run and no mixture, and never an older publication than before. */
  async #readAsReader(questions = this.#oneQuestion()): Promise<void> {
    for (const question of questions) {
      const { status, body } = await this.#world.get(question);
      const isWhole = withoutTimes(body) === this.#answers.get(`${body.runId} ${question}`);
      this.#promise(
        status === 404 || (status === 200 && isWhole),
        `${question} answered ${status}: ${JSON.stringify(body).slice(0, 400)}`,
      );
    }
    const { dynamo, platform } = this.#world;
    const key = {
      TableName: platform.table.name,
      Key: encodeItem({ ...datasetKey(this.#scenario.dataset) }),
    };
    const { Item } = await dynamo.send(new GetItemCommand({ ...key, ConsistentRead: true }));
    const now = Number(Item?.sequence?.N ?? 0);
    this.#promise(now >= this.#sequence, `the sequence went back from ${this.#sequence} to ${now}`);
    this.#sequence = now;
  }

  async #cleanStateElsewhere(): Promise<CleanState> {
    const place = { name: this.#world.platform.table.name };
    const state = await this.#cleanState(this.#uploads);
    this.#world.goTo(place);
    return state;
  }

  /** Another one each time. */
  #oneQuestion(): string[] {
    const { questions } = this.#scenario;
    return questions.slice(this.tally.promises % questions.length).slice(0, 1);
  }

  /** What is published of these uploads when nothing goes wrong. */
  async #cleanState(uploads: Uploads): Promise<CleanState> {
    const name = JSON.stringify([...uploads].sort());
    const known = this.#cleanStates.get(name);
    if (known !== undefined) return known;
    await this.#begin();
    for (const [file, version] of uploads) await this.#put(file, version);
    await this.#deliver();
    const published = publishedState(await readEverything(this.#world), this.#scenario);
    const state = { ...published, askedRunId: await this.#latestRunId() };
    this.#cleanStates.set(name, state);
    if (state.runId === null) return state;
    for (const question of this.#scenario.questions) {
      const { body } = await this.#world.get(question);
      this.#answers.set(`${state.runId} ${question}`, withoutTimes(body));
    }
    return state;
  }

  async #begin(): Promise<void> {
    this.#world.injector.isCalm = true;
    await this.#world.begin();
    for (const { key, body, handler } of this.#scenario.before) {
      await this.#world.upload(key, body);
      await this.#world.invoke(handler);
    }
  }

  async #upload(file: number, version: number): Promise<void> {
    const at = version % (this.#scenario.files[file]?.versions.length ?? 1);
    await this.#put(file, at);
    this.#uploads.set(file, at);
  }

  #put(file: number, version: number): Promise<void> {
    const { key = '', versions = [] } = this.#scenario.files[file] ?? {};
    return this.#world.upload(key, versions[version] ?? '');
  }

  /** As Lambda calls a function for an event: what fails is tried twice more, after one and two minutes. */
  async #deliver(event?: unknown): Promise<void> {
    for (const pauseMs of [60_000, 120_000, 0]) {
      try {
        await this.#world.invoke(this.#scenario.handler, event);
        return;
      } catch {
        this.#world.advance(pauseMs);
      }
    }
  }

  async #isLeftAlone(runId: string | null): Promise<boolean> {
    const run = await this.#run(runId);
    return run?.status === 'failed' && (run.counts.attempts ?? 0) >= 6;
  }

  async #latestRunId(): Promise<string | null> {
    const { dataset } = this.#scenario;
    const { body } = await this.#world.get(`/runs?dataset=${encodeURIComponent(dataset)}&limit=1`);
    return (body.runs as { runId: string }[])[0]?.runId ?? null;
  }

  async #run(runId: string | null): Promise<{ status: string; counts: Record<string, number> } | null> {
    if (runId === null) return null;
    const { status, body } = await this.#world.get(`/runs/${runId}`);
    return status === 200 ? (body as never) : null;
  }

  #promise(isKept: boolean, otherwise: string): void {
    this.tally.promises++;
    if (!isKept) throw new Error(otherwise);
  }
}

/** `askedRunId`: the run that the uploads ask for, published or refused. */
type CleanState = PublishedState & { askedRunId: string | null };

type Uploads = Map<number, number>;

const withoutTimes = (body: unknown): string =>
  JSON.stringify(body, (name, value: unknown) =>
    ['asOf', 'publishedAt'].includes(name) ? undefined : value,
  );

function difference(expected: string, found: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 80), at + 160);
  return `the published state is not that of a clean run:\n${around(found)}\ninstead of\n${around(expected)}`;
}
