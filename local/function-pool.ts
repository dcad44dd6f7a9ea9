import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Runs bundled functions as Lambda would: an instance does one event at a time, and one that crashes is not used again. */

export interface LocalFunction {
  /** As the function is called on AWS. */
  functionName: string;
  file: string;
  exportName: string;
  timeoutSeconds: number;
  memorySizeMb: number;
  environment: Record<string, string>;
}

export interface FunctionPool {
  /** The handler's result; rejects with `FunctionFailed` when it throws, crashes, or runs out of time or memory. */
  invoke(fn: LocalFunction, event: unknown, requestId?: string): Promise<unknown>;
  stop(): Promise<void>;
}

export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
  constructor(
    readonly errorType: string,
    message: string,
    readonly trace: string[],
  ) {
    super(message);
  }
}

export function startFunctionPool({ maximumInstances = 2 } = {}): FunctionPool {
  const groups = new Map<string, InstanceGroup>();
  return {
    async invoke(fn, event, requestId = randomUUID()) {
      const group = groups.get(fn.functionName) ?? { idle: [], busy: new Set(), waiting: [] };
      groups.set(fn.functionName, group);
      if (group.busy.size >= maximumInstances)
        await new Promise<void>((resolve) => group.waiting.push(resolve));
      const instance = group.idle.pop() ?? startInstance(fn);
      group.busy.add(instance);
      try {
        return await run(instance, fn, event, requestId);
      } finally {
        group.busy.delete(instance);
        release(group, instance);
        group.waiting.shift()?.();
      }
    },
    async stop() {
      const instances = [...groups.values()].flatMap((group) => [...group.idle, ...group.busy]);
      groups.clear();
      await Promise.all(instances.map((instance) => instance.worker.terminate()));
    },
  };
}

interface Instance {
  worker: Worker;
  alive: boolean;
}

interface InstanceGroup {
  idle: Instance[];
  busy: Set<Instance>;
  waiting: (() => void)[];
}

type Reply = { result: unknown } | { error: { name: string; message: string; stack: string } };

function startInstance(fn: LocalFunction): Instance {
  const worker = new Worker(fileURLToPath(new URL('./function-worker.cjs', import.meta.url)), {
    workerData: { file: fn.file, exportName: fn.exportName },
    env: fn.environment,
    execArgv: ['--enable-source-maps'],
    resourceLimits: { maxOldGenerationSizeMb: fn.memorySizeMb },
  });
  const instance = { worker, alive: true };
  worker.on('error', () => {
    instance.alive = false;
  });
  worker.on('exit', () => {
    instance.alive = false;
  });
  return instance;
}

/** One warm instance waits for the next event; more are let go. */
function release(group: InstanceGroup, instance: Instance): void {
  if (instance.alive && group.idle.length === 0) group.idle.push(instance);
  else void instance.worker.terminate();
}

function run(instance: Instance, fn: LocalFunction, event: unknown, requestId: string): Promise<unknown> {
  const { worker } = instance;
  const deadlineMs = Date.now() + fn.timeoutSeconds * 1000;
  return new Promise((resolve, reject) => {
    const onMessage = (reply: Reply) => {
      settle();
      if ('result' in reply) resolve(reply.result);
      else reject(failure(reply.error));
    };
    const onError = (error: unknown) => {
      settle();
      reject(failure(error instanceof Error ? error : new Error(String(error))));
    };
    const onExit = (code: number) => {
      settle();
      reject(new FunctionFailed('Runtime.ExitError', `the function's process ended with code ${code}`, []));
    };
    const timer = setTimeout(() => {
      instance.alive = false;
      settle();
      reject(new FunctionFailed('Sandbox.Timedout', `timed out after ${fn.timeoutSeconds} seconds`, []));
    }, deadlineMs - Date.now());
    const settle = () => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ event, deadlineMs, context: lambdaContext(fn, requestId) });
  });
}

const failure = (error: { name: string; message: string; stack?: string }): FunctionFailed =>
  new FunctionFailed(error.name, error.message, (error.stack ?? '').split('\n').slice(1));

const lambdaContext = (fn: LocalFunction, requestId: string) => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: false,
  functionName: fn.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: functionArn(fn.functionName),
  logGroupName: `/aws/lambda/${fn.functionName}`,
  logStreamName: 'local',
  memoryLimitInMB: String(fn.memorySizeMb),
});

export const functionArn = (functionName: string): string =>
  `arn:aws:lambda:local:000000000000:function:${functionName}`;
