import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acquireLease, type Lease, releaseLease, renewLease } from '../../../lib/store/lease.ts';
import { localTable } from './localTable.ts';

const table = await localTable();
let datasets = 0;
const newDataset = () => `scoring/${datasets++}.csv`;
const at = (dataset: string, owner: string, nowMs: number) => ({ dataset, owner, nowMs, ttlMs: 1000 });

async function held(dataset: string, owner: string, nowMs: number): Promise<Lease> {
  const lease = await acquireLease(table, at(dataset, owner, nowMs));
  if (lease === null) throw new Error(`${owner} should have got the lease`);
  return lease;
}

test('only one of many that ask at once gets the lease', async () => {
  const dataset = newDataset();
  const owners = Array.from({ length: 20 }, (_, index) => `owner ${index}`);
  const leases = await Promise.all(owners.map((owner) => acquireLease(table, at(dataset, owner, 0))));
  expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
});

test('the holder is told once that somebody found the lease held, and keeps it for another look', async () => {
  const dataset = newDataset();
  const lease = await held(dataset, 'a', 0);
  expect(await acquireLease(table, at(dataset, 'b', 1))).toBeNull();
  expect(await releaseLease(table, lease)).toBe('dirty');
  expect(await acquireLease(table, at(dataset, 'b', 2))).toBeNull();
  expect(await releaseLease(table, lease)).toBe('dirty');
  expect(await releaseLease(table, lease)).toBe('released');
  expect((await held(dataset, 'b', 3)).fence).toBe(lease.fence + 1);
});

test('a lease that was not renewed can be taken, with a higher fence', async () => {
  const dataset = newDataset();
  const first = await held(dataset, 'a', 0);
  expect(await acquireLease(table, at(dataset, 'b', 999))).toBeNull();
  const second = await held(dataset, 'b', 1000);
  expect(second.fence).toBeGreaterThan(first.fence);
});

test('a renewed lease is held for longer', async () => {
  const dataset = newDataset();
  const lease = await held(dataset, 'a', 0);
  expect(await renewLease(table, lease, { nowMs: 900, ttlMs: 1000 })).toBe(true);
  expect(await acquireLease(table, at(dataset, 'b', 1500))).toBeNull();
});

test('who was overtaken can neither renew nor release', async () => {
  const dataset = newDataset();
  const zombie = await held(dataset, 'a', 0);
  const holder = await held(dataset, 'b', 2000);
  expect(await renewLease(table, zombie, { nowMs: 2001, ttlMs: 1000 })).toBe(false);
  expect(await releaseLease(table, zombie)).toBe('lost');
  expect(await acquireLease(table, at(dataset, 'c', 2500))).toBeNull();
  expect(await releaseLease(table, holder)).toBe('dirty');
});

test('a renewal that comes after the release does not bring the lease back', async () => {
  const dataset = newDataset();
  const lease = await held(dataset, 'a', 0);
  await releaseLease(table, lease);
  expect(await renewLease(table, lease, { nowMs: 1, ttlMs: 1000 })).toBe(false);
  expect(await acquireLease(table, at(dataset, 'b', 2))).not.toBeNull();
});

test('a request whose answer was lost can be sent again', async () => {
  const dataset = newDataset();
  await held(dataset, 'a', 0);
  const lease = await held(dataset, 'a', 1);
  await acquireLease(table, at(dataset, 'b', 2));
  expect(await releaseLease(table, lease)).toBe('dirty');
  expect(await releaseLease(table, lease)).toBe('released');
  expect(await releaseLease(table, lease)).toBe('released');
});

test('who finds the lease held, but let go before the mark is set, takes it instead of leaving', async () => {
  const dataset = newDataset();
  const lease = await held(dataset, 'a', 0);
  let requests = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      requests += 1;
      // The second request of the newcomer is the mark.
      if (requests === 2) {
        table.client.middlewareStack.remove('release between');
        await releaseLease(table, lease);
      }
      return next(args);
    },
    { step: 'initialize', name: 'release between' },
  );
  expect(await acquireLease(table, at(dataset, 'b', 1))).toMatchObject({
    owner: 'b',
    fence: lease.fence + 1,
  });
});

test('fences only grow, and at no time do two hold an unexpired lease', async () => {
  const step = fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    does: fc.constantFrom('acquire', 'release', 'wait'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const dataset = newDataset();
      const leases = new Map<string, Lease & { untilMs: number }>();
      let nowMs = 0;
      let newest = 0;
      for (const { owner, does } of steps) {
        nowMs += does === 'wait' ? 700 : 1;
        const own = leases.get(owner);
        if (does === 'release' && own) {
          if ((await releaseLease(table, own)) !== 'dirty') leases.delete(owner);
        } else if (does === 'acquire') {
          const lease = await acquireLease(table, at(dataset, owner, nowMs));
          const others = [...leases.values()].filter(
            (other) => other.owner !== owner && other.untilMs > nowMs,
          );
          expect(lease === null).toBe(others.length > 0);
          if (lease === null) continue;
          expect(lease.fence).toBeGreaterThan(newest);
          newest = lease.fence;
          leases.set(owner, { ...lease, untilMs: nowMs + 1000 });
        }
      }
    }),
    { numRuns: 40 },
  );
});
