import { randomUUID } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionFailed, functionArn } from './function-pool.ts';

/**
 * Lambda's asynchronous contract: whoever invokes learns nothing of the outcome; a failure is tried twice more, and
 * what still fails goes to the on-failure destination, here a file. AWS waits one and then two minutes between the
 * attempts; here it is seconds.
 */

export interface AsynchronousOptions {
  /** `requestId` stays the same over the attempts, as it does on AWS. */
  invoke: (functionKey: string, event: unknown, requestId: string) => Promise<unknown>;
  maximumRetryAttempts: (functionKey: string) => number;
  functionName: (functionKey: string) => string;
  failuresDirectory: string;
  retryDelaysMs?: number[];
  log: (line: string) => void;
  /** An invocation has come in, or has ended for good, well or badly. */
  onChange: () => void;
}

export interface AsynchronousInvoker {
  invoke(functionKey: string, event: unknown): void;
  pending(): number;
  /** Forgets what waits; what runs is the pool's to end. */
  stop(): void;
}

export function startAsynchronousInvoker(options: AsynchronousOptions): AsynchronousInvoker {
  const stopping = new AbortController();
  let pending = 0;
  return {
    invoke(functionKey, event) {
      pending += 1;
      options.onChange();
      attemptAll(options, { functionKey, event, requestId: randomUUID() }, stopping.signal)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) options.log(`${functionKey}: ${String(error)}`);
        })
        .finally(() => {
          pending -= 1;
          if (!stopping.signal.aborted) options.onChange();
        });
    },
    pending: () => pending,
    stop: () => stopping.abort(),
  };
}

interface Invocation {
  functionKey: string;
  event: unknown;
  requestId: string;
}

async function attemptAll(
  options: AsynchronousOptions,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<void> {
  const { retryDelaysMs = [1000, 2000], log } = options;
  const { functionKey, event, requestId } = invocation;
  const attempts = 1 + options.maximumRetryAttempts(functionKey);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      await options.invoke(functionKey, event, requestId);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log(`${functionKey} failed, attempt ${attempt} of ${attempts}: ${messageOf(error)}`);
      if (attempt === attempts) await keepFailure(options, invocation, { error, attempts });
      else await sleep(retryDelaysMs[Math.min(attempt, retryDelaysMs.length) - 1], undefined, { signal });
    }
  }
}

/** A line as the on-failure destination would get it. */
async function keepFailure(
  { failuresDirectory, functionName, log }: AsynchronousOptions,
  { functionKey, event, requestId }: Invocation,
  { error, attempts }: { error: unknown; attempts: number },
): Promise<void> {
  const failed = error instanceof FunctionFailed ? error : null;
  const record = {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn(functionName(functionKey))}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: {
      errorType: failed?.errorType ?? 'Error',
      errorMessage: messageOf(error),
      trace: failed?.trace ?? [],
    },
  };
  const path = join(failuresDirectory, `${functionKey}.jsonl`);
  await mkdir(failuresDirectory, { recursive: true });
  await appendFile(path, `${JSON.stringify(record)}\n`);
  log(`${functionKey} failed for good; its event is kept in ${path}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
