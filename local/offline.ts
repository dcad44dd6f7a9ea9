import { join, resolve } from 'node:path';
import { type AsynchronousInvoker, startAsynchronousInvoker } from './asynchronous.ts';
import { bundleFunctions, type FunctionBundle } from './bundle.ts';
import { startLocalCloud } from './cloud.ts';
import { type EventBus, startEventBus } from './event-bus.ts';
import { type LocalFunction, startFunctionPool } from './function-pool.ts';
import { endLeases } from './leases.ts';
import { assertPortsFree } from './ports.ts';
import type { ObjectEvent } from './s3/model.ts';
import type { Service, ServiceFunction } from './service.ts';
import type { LocalSettings } from './settings.ts';

export interface OfflineOptions {
  /** Of the project: where serverless.yml stands. */
  directory: string;
  service: Service;
  settings: LocalSettings;
  /** Environment of every function; see local/environment.ts. */
  environment: Record<string, string>;
  log: (line: string) => void;
  /** Told whenever it may have changed how much is on its way. */
  onActivity?: (pending: number) => void;
}

export interface Offline {
  /** The functions look at their folders once, as the schedule would make them. */
  sweep(): void;
  /** Events and invocations that are on their way. */
  pending(): number;
  stop(): Promise<void>;
}

/** All but HTTP, which serverless-offline serves: S3, DynamoDB, the event bus, and the functions behind it. */
export async function startOffline(options: OfflineOptions): Promise<Offline> {
  const { directory, service, settings, log } = options;
  await assertPortsFree(settings);
  const state = resolve(directory, settings.directory);
  // Events may come before the functions are built: state of an earlier start, or a very quick user.
  const early: ObjectEvent[] = [];
  let bus: EventBus | null = null;
  const [cloud, bundles] = await Promise.all([
    startLocalCloud({
      ports: { s3: settings.s3Port, dynamodb: settings.dynamodbPort, events: settings.eventsPort },
      directory: state,
      service,
      onObjectEvent: (event) => (bus === null ? early.push(event) : bus.objectEvent(event)),
    }),
    bundleFunctions(directory, service),
  ]);
  await endLeases(cloud.dynamoEndpoint, cloud.tableName);
  const pool = startFunctionPool();
  const pending = () => (bus?.pending() ?? 0) + invoker.pending();
  const onChange = () => options.onActivity?.(pending());
  const invoker = startInvoker(options, {
    functions: localFunctions(service, bundles, options.environment),
    pool,
    failuresDirectory: join(state, 'on-failure'),
    onChange,
  });
  bus = startEventBus({ service, chaosSeed: settings.chaosSeed, deliver: invoker.invoke, onChange });
  for (const event of early) bus.objectEvent(event);
  const started = bus;
  if (settings.chaosSeed !== null)
    log(`Events repeat, come late or swap now and then, as on AWS (VALUECAST_CHAOS=off turns that off)`);
  return {
    sweep: started.sweep,
    pending,
    async stop() {
      started.stop();
      invoker.stop();
      await pool.stop();
      await cloud.stop();
    },
  };
}

function startInvoker(
  { service, log }: OfflineOptions,
  {
    functions,
    pool,
    failuresDirectory,
    onChange,
  }: {
    functions: Map<string, LocalFunction>;
    pool: ReturnType<typeof startFunctionPool>;
    failuresDirectory: string;
    onChange: () => void;
  },
): AsynchronousInvoker {
  const find = (functionKey: string): LocalFunction => {
    const found = functions.get(functionKey);
    if (found === undefined) throw new Error(`serverless.yml has no function ${functionKey}`);
    return found;
  };
  return startAsynchronousInvoker({
    invoke: (functionKey, event, requestId) => pool.invoke(find(functionKey), event, requestId),
    maximumRetryAttempts: (functionKey) => service.functions[functionKey]?.maximumRetryAttempts ?? 2,
    functionName: (functionKey) => find(functionKey).functionName,
    failuresDirectory,
    log,
    onChange,
  });
}

function localFunctions(
  service: Service,
  bundles: FunctionBundle[],
  environment: Record<string, string>,
): Map<string, LocalFunction> {
  return new Map(
    bundles.map(({ functionName: key, file }) => {
      const definition = service.functions[key] as ServiceFunction;
      return [
        key,
        {
          functionName: definition.name,
          file,
          exportName: definition.handler.split('.').at(-1) ?? 'handler',
          timeoutSeconds: definition.timeout,
          memorySizeMb: definition.memorySize,
          environment: {
            ...environment,
            AWS_LAMBDA_FUNCTION_NAME: definition.name,
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
          },
        },
      ];
    }),
  );
}
