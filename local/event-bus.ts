import { randomUUID } from 'node:crypto';
import { type Disturbance, disturbances } from './chaos.ts';
import { type EventPattern, matchesPattern, parsePattern } from './event-pattern.ts';
import type { ObjectEvent } from './s3/model.ts';
import { type Service, withoutIntrinsics } from './service.ts';

/** The default event bus: rules and schedules of serverless.yml on one side, functions on the other. */

export interface EventBusOptions {
  service: Service;
  /** See local/chaos.ts; null delivers every event once, at once and in order. */
  chaosSeed: number | null;
  deliver: (functionKey: string, event: unknown) => void;
  /** `pending` may have changed. */
  onChange?: () => void;
}

export interface EventBus {
  objectEvent(event: ObjectEvent): void;
  /** Sends every schedule's event now, without waiting for its time. */
  sweep(): void;
  /** Deliveries that are still on their way. */
  pending(): number;
  stop(): void;
}

export function startEventBus({
  service,
  chaosSeed,
  deliver,
  onChange = () => {},
}: EventBusOptions): EventBus {
  const rules = readRules(service);
  const { region } = service.provider;
  const timers = new Set<NodeJS.Timeout>();
  const disturb = disturbances(chaosSeed);
  let heldBack: (() => void) | null = null;

  const later = (delayMs: number, action: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
      onChange();
    }, delayMs);
    timers.add(timer);
    onChange();
    return timer;
  };

  const deliverDisturbed = (disturbance: Disturbance, send: () => void) => {
    const overtaken = heldBack;
    if (disturbance.kind === 'swap' && overtaken === null) {
      const timer = later(disturbance.delayMs, () => heldBack?.());
      heldBack = () => {
        heldBack = null;
        clearTimeout(timer);
        timers.delete(timer);
        send();
      };
      return;
    }
    if (disturbance.kind === 'delay') later(disturbance.delayMs, send);
    else send();
    if (disturbance.kind === 'repeat') later(disturbance.delayMs, send);
    overtaken?.();
  };

  const sendScheduled = (functionKey: string) => deliver(functionKey, scheduledEvent(region));
  const sweeps = rules.flatMap((rule) => {
    if (rule.everyMs === null) return [];
    return setInterval(() => sendScheduled(rule.functionKey), rule.everyMs);
  });

  return {
    objectEvent(object) {
      const event = eventBridgeEvent(object, region);
      for (const { functionKey, pattern } of rules) {
        if (pattern === null || !matchesPattern(pattern, event)) continue;
        deliverDisturbed(disturb(), () => deliver(functionKey, event));
      }
    },
    sweep() {
      for (const rule of rules) if (rule.everyMs !== null) sendScheduled(rule.functionKey);
    },
    pending: () => timers.size,
    stop() {
      for (const timer of [...timers, ...sweeps]) clearTimeout(timer);
      timers.clear();
    },
  };
}

interface Rule {
  functionKey: string;
  pattern: EventPattern | null;
  everyMs: number | null;
}

export function readRules(service: Service): Rule[] {
  return Object.entries(service.functions).flatMap(([functionKey, { events }]) =>
    events.flatMap(({ eventBridge }) => {
      if (eventBridge === undefined) return [];
      const { pattern, schedule } = withoutIntrinsics(service, eventBridge) as Record<string, unknown>;
      return {
        functionKey,
        pattern: pattern === undefined ? null : parsePattern(pattern, `functions.${functionKey} pattern`),
        everyMs: schedule === undefined ? null : rateMs(String(schedule)),
      };
    }),
  );
}

function rateMs(schedule: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  const minutes = { minute: 1, hour: 60, day: 1440 }[unit];
  if (minutes === undefined)
    throw new Error(`schedule ${schedule}: the local event bus knows rate(n minutes | hours | days) alone`);
  return Number(count) * minutes * 60_000;
}

/** As S3 sends it through EventBridge: the key as it is, not URL-encoded as in S3's older notifications. */
export function eventBridgeEvent(object: ObjectEvent, region: string): Record<string, unknown> {
  const deleted = object.type === 'Object Deleted';
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': object.type,
    source: 'aws.s3',
    account: '000000000000',
    time: withoutMilliseconds(object.time),
    region,
    resources: [`arn:aws:s3:::${object.bucket}`],
    detail: {
      version: '0',
      bucket: { name: object.bucket },
      object: deleted
        ? { key: object.key, sequencer: object.sequencer }
        : { key: object.key, size: object.size, etag: object.etag, sequencer: object.sequencer },
      'request-id': randomUUID(),
      requester: '000000000000',
      'source-ip-address': '127.0.0.1',
      reason: object.reason,
      ...(deleted && { 'deletion-type': 'Permanently Deleted' }),
    },
  };
}

const scheduledEvent = (region: string): Record<string, unknown> => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '000000000000',
  time: withoutMilliseconds(new Date()),
  region,
  resources: [],
  detail: {},
});

const withoutMilliseconds = (time: Date | string): string =>
  new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
