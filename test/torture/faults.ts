import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

/** What can befall one call to S3 or DynamoDB. */
export const faultKinds = [
  'throttled',
  'serverError',
  'reset',
  'lostAcknowledgement',
  'unprocessedItems',
  'cutBody',
  'brokenBody',
  'killedBefore',
  'killedAfter',
  'overtakenBefore',
  'overtakenAfter',
  'overwritten',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  /** Number of the call, over all invocations of the plan. */
  at: number;
  kind: FaultKind;
  /** With it, each call of this command from `at` on. */
  command?: string;
}

/** The process is gone: nothing that its remaining promises still try reaches anything. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

interface Invocation {
  isDead: boolean;
}

type Next = (args: MiddlewareArgs) => Promise<{ response: unknown; output: Record<string, unknown> }>;
interface MiddlewareArgs {
  input: Record<string, unknown>;
  request: { body?: unknown; headers: Record<string, string> };
}

/** Stands between the SDK's retries and the wire, so that every attempt of every call can go wrong. */
export class FaultInjector {
  /** The commands of the calls so far, by number. */
  calls: string[] = [];
  injected = 0;
  /** While another holder works in the middle of a call, or the plan is over, nothing goes wrong. */
  isCalm = true;
  faults: readonly Fault[] = [];
  /** Called with the number of each call that went well. */
  afterCall: (call: number) => Promise<void> = async () => {};
  /** Another invocation takes the lease and works to its end. */
  overtake: () => Promise<void> = async () => {};
  /** An upload changes. */
  overwrite: () => Promise<void> = async () => {};
  readonly #invocations = new AsyncLocalStorage<Invocation>();

  reset(faults: readonly Fault[]): void {
    this.calls = [];
    this.faults = faults;
    this.isCalm = false;
  }

  /** Runs a handler as a process of its own that can be killed. */
  invoke<Result>(handler: () => Promise<Result>): Promise<Result> {
    return this.#invocations.run({ isDead: false }, handler);
  }

  watch(client: S3Client | DynamoDBClient): void {
    const middleware = (next: Next, context: { commandName?: string }) => (args: MiddlewareArgs) =>
      this.#call(args, { next, commandName: context.commandName ?? '' });
    // biome-ignore lint/suspicious/noExplicitAny: the stacks of the two clients have types of their own, and this needs neither.
    (client.middlewareStack as any).add(middleware, { step: 'finalizeRequest', priority: 'low' });
  }

  async #call(args: MiddlewareArgs, { next, commandName }: { next: Next; commandName: string }) {
    const invocation = this.#invocations.getStore();
    if (invocation === undefined || this.isCalm) {
      if (invocation?.isDead) throw new Killed();
      return next(args);
    }
    if (invocation.isDead) throw new Killed();
    const call = this.calls.push(commandName) - 1;
    const fault = this.faults.find(({ at, command }) =>
      command === undefined ? at === call : at <= call && command === commandName,
    );
    const answer =
      fault === undefined
        ? await next(args)
        : await this.#spoil(fault.kind, { args, next, commandName, invocation });
    if (invocation.isDead) throw new Killed();
    await this.#calmly(() => this.afterCall(call));
    return answer;
  }

  async #spoil(
    kind: FaultKind,
    given: { args: MiddlewareArgs; next: Next; commandName: string; invocation: Invocation },
  ) {
    const { args, next, commandName, invocation } = given;
    const fits =
      kind === 'unprocessedItems'
        ? commandName === 'BatchWriteItemCommand'
        : !kind.endsWith('Body') || commandName === 'GetObjectCommand';
    if (!fits) return next(args);
    this.injected++;
    switch (kind) {
      case 'throttled':
        throw refusal('ThrottlingException', 400);
      case 'serverError':
        throw refusal('InternalServerError', 500);
      case 'reset':
        throw connectionReset();
      case 'lostAcknowledgement':
        discard(await next(args));
        throw connectionReset();
      case 'unprocessedItems':
        return partly(args, next);
      case 'cutBody':
      case 'brokenBody':
        return withBody(await next(args), kind === 'brokenBody');
      case 'killedBefore':
        invocation.isDead = true;
        throw new Killed();
      case 'killedAfter':
        discard(await next(args));
        invocation.isDead = true;
        throw new Killed();
      case 'overtakenBefore':
        await this.#calmly(this.overtake);
        return next(args);
      case 'overtakenAfter': {
        const answer = await next(args);
        await this.#calmly(this.overtake);
        return answer;
      }
      case 'overwritten':
        await this.#calmly(this.overwrite);
        return next(args);
    }
  }

  async #calmly(work: () => Promise<void>): Promise<void> {
    const before = this.isCalm;
    this.isCalm = true;
    try {
      await work();
    } finally {
      this.isCalm = before;
    }
  }
}

const refusal = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error(name), {
    name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });

const connectionReset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function discard({ output }: { output: Record<string, unknown> }): void {
  if (output.Body instanceof Readable) output.Body.destroy();
}

/** DynamoDB takes the first half of a batch and hands back the rest, with no error. */
async function partly(args: MiddlewareArgs, next: Next) {
  const [[table, requests]] = Object.entries(args.input.RequestItems as Record<string, unknown[]>) as [
    [string, unknown[]],
  ];
  const taken = Math.floor(requests.length / 2);
  const left = { [table]: requests.slice(taken) };
  if (taken === 0) return { response: {}, output: { $metadata: {}, UnprocessedItems: left } };
  const sent = JSON.parse(Buffer.from(args.request.body as string | Uint8Array).toString()) as {
    RequestItems: Record<string, unknown[]>;
  };
  sent.RequestItems[table] = (sent.RequestItems[table] ?? []).slice(0, taken);
  const body = JSON.stringify(sent);
  args.request.body = body;
  args.request.headers['content-length'] = String(Buffer.byteLength(body));
  const answer = await next(args);
  return { ...answer, output: { ...answer.output, UnprocessedItems: left } };
}

/** A stream that ends in the middle, as if it were whole or with an error. */
function withBody(
  answer: { response: unknown; output: Record<string, unknown> },
  withError: boolean,
): { response: unknown; output: Record<string, unknown> } {
  const whole = answer.output.Body as AsyncIterable<Uint8Array>;
  const length = Number(answer.output.ContentLength ?? 0);
  async function* cut() {
    let left = Math.floor(length / 2);
    for await (const chunk of whole) {
      if (left > 0) yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left <= 0) break;
    }
    if (withError) throw connectionReset();
  }
  return { ...answer, output: { ...answer.output, Body: Readable.from(cut()) } };
}
