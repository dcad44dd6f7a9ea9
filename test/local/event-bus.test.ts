import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { disturbances } from '../../local/chaos.ts';
import { projectDirectory } from '../../local/cloud.ts';
import { eventBridgeEvent, readRules, startEventBus } from '../../local/event-bus.ts';
import type { ObjectEvent } from '../../local/s3/model.ts';
import { readServiceFile } from '../../local/service-file.ts';

const service = readServiceFile(projectDirectory);
const created = (key: string, bucket = 'valuecast-local-uploads'): ObjectEvent => ({
  type: 'Object Created',
  reason: 'PutObject',
  bucket,
  key,
  size: 3,
  etag: '900150983cd24fb0d6963f7d28e17f72',
  sequencer: '0001',
  time: '2026-11-25T02:31:24.712Z',
});
const deleted = (key: string): ObjectEvent => ({
  ...created(key),
  type: 'Object Deleted',
  reason: 'DeleteObject',
});

function busAtRest(chaosSeed: number | null = null) {
  const deliveries: { functionKey: string; event: unknown }[] = [];
  const bus = startEventBus({
    service,
    chaosSeed,
    deliver: (functionKey, event) => void deliveries.push({ functionKey, event }),
  });
  return { bus, deliveries, functionKeys: () => deliveries.map(({ functionKey }) => functionKey).sort() };
}

describe('the rules of serverless.yml', () => {
  it.each([
    [created('customers/may.csv'), ['segment']],
    [created('customers/2026/五月 a+b.csv.gz'), ['segment']],
    [deleted('customers/may.csv'), ['segment']],
    [created('training/may.csv'), ['train']],
    [created('scoring/may.csv'), ['score']],
    [created('ads/may.csv'), ['bid']],
    [
      created('settings.json'),
      ['bid', 'campaigns', 'orders', 'products', 'report', 'score', 'segment', 'train'],
    ],
    [
      deleted('settings.json'),
      ['bid', 'campaigns', 'orders', 'products', 'report', 'score', 'segment', 'train'],
    ],
    [created('customers/may.xlsx'), []],
    [created('customers/'), []],
    [created('may.csv'), []],
    [created('orders/may.csv'), ['orders']],
    [created('events/may.csv.gz'), ['orders']],
    [created('products/may.csv'), ['products']],
    [created('contacts/all.csv'), ['campaigns']],
    [created('campaigns/at-risk-high.csv.gz'), ['campaigns']],
    [created('elsewhere/may.csv'), []],
    [created('customers/may.csv', 'valuecast-local-results'), []],
    [created('customers.csv', 'valuecast-local-results'), []],
    [created('published/training.json', 'valuecast-local-results'), ['report', 'score']],
    [created('published/customers.json', 'valuecast-local-results'), ['report']],
    [created('published/orders/scores.json', 'valuecast-local-results'), ['campaigns', 'report']],
    [created('campaigns/plan.csv', 'valuecast-local-results'), []],
  ])('%o goes to %j', (event, expected) => {
    const { bus, functionKeys } = busAtRest();
    bus.objectEvent(event);
    bus.stop();
    expect(functionKeys()).toEqual(expected);
  });

  it('sweep every minute here, each data function once', () => {
    const sweeps = readRules(service).filter(({ everyMs }) => everyMs !== null);
    expect(sweeps.map(({ functionKey, everyMs }) => [functionKey, everyMs])).toEqual([
      ['erase', 60_000],
      ['segment', 60_000],
      ['train', 60_000],
      ['score', 60_000],
      ['bid', 60_000],
      ['orders', 60_000],
      ['campaigns', 60_000],
      ['report', 60_000],
      ['products', 60_000],
    ]);
  });
});

describe('the local event bus', () => {
  it('sends an event in the shape of S3 through EventBridge, with the key as it is', () => {
    expect(eventBridgeEvent(created('customers/a b+c.csv'), 'eu-central-1')).toMatchObject({
      version: '0',
      'detail-type': 'Object Created',
      source: 'aws.s3',
      time: '2026-11-25T02:31:24Z',
      resources: ['arn:aws:s3:::valuecast-local-uploads'],
      detail: {
        bucket: { name: 'valuecast-local-uploads' },
        object: { key: 'customers/a b+c.csv', size: 3 },
        reason: 'PutObject',
      },
    });
  });

  it('sends every schedule at once when asked to', () => {
    const { bus, functionKeys } = busAtRest();
    bus.sweep();
    bus.stop();
    expect(functionKeys()).toEqual([
      'bid',
      'campaigns',
      'erase',
      'orders',
      'products',
      'report',
      'score',
      'segment',
      'train',
    ]);
  });

  it('under chaos delivers every event at least once, some twice, and not all in order', async () => {
    const { bus, deliveries } = busAtRest(1);
    const keys = Array.from({ length: 60 }, (_, index) => `customers/${index}.csv`);
    for (const key of keys) bus.objectEvent(created(key));
    expect(bus.pending()).toBeGreaterThan(0);
    while (bus.pending() > 0) await sleep(20);
    bus.stop();
    const delivered = deliveries.map(
      ({ event }) => (event as { detail: { object: { key: string } } }).detail.object.key,
    );
    expect(new Set(delivered)).toEqual(new Set(keys));
    expect(delivered.length).toBeGreaterThan(keys.length);
    const firsts = [...new Set(delivered)];
    expect(firsts).not.toEqual(keys);
  });

  it('lets the next event overtake one that it swaps', () => {
    const fates = Array.from({ length: 200 }, disturbances(1));
    const held = fates.findIndex(({ kind }, index) => kind === 'swap' && fates[index + 1]?.kind === 'none');
    const { bus, deliveries } = busAtRest(1);
    for (let index = 0; index < held; index++) bus.objectEvent(created('ads/before.csv'));
    deliveries.length = 0;
    bus.objectEvent(created('ads/first.csv'));
    bus.objectEvent(created('ads/second.csv'));
    bus.stop();
    expect(JSON.stringify(deliveries)).toMatch(/second\.csv.*first\.csv/);
  });

  it('forgets what is on its way when it stops', async () => {
    const { bus, deliveries } = busAtRest(1);
    for (let index = 0; index < 60; index++) bus.objectEvent(created(`ads/${index}.csv`));
    bus.stop();
    const before = deliveries.length;
    await sleep(700);
    expect(deliveries.length).toBe(before);
    expect(bus.pending()).toBe(0);
  });
});

describe('chaos', () => {
  const fates = (seed: number | null) => {
    const next = disturbances(seed);
    return Array.from({ length: 500 }, next);
  };

  it('is the same for the same seed', () => {
    expect(fates(7)).toEqual(fates(7));
    expect(fates(7)).not.toEqual(fates(8));
  });

  it('leaves most events alone, and no event longer than a second', () => {
    const kinds = fates(1).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'none').length).toBeGreaterThan(300);
    for (const kind of ['repeat', 'delay', 'swap'] as const)
      expect(kinds.filter((found) => found === kind).length).toBeGreaterThan(25);
    expect(Math.max(...fates(1).map(({ delayMs }) => delayMs))).toBeLessThan(1000);
  });

  it('can be turned off', () => {
    expect(fates(null).every(({ kind }) => kind === 'none')).toBe(true);
  });
});
