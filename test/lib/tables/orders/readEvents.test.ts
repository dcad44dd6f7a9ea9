import { expect, test } from 'vitest';
import { eventsOf } from './orderLinesOf.ts';

test('browsing events: who, which visit, when on the shop’s clock, how long, and what', async () => {
  const read = await eventsOf(
    'user_id,session_id,event_time,event_type,duration_seconds,utm_source\nu1,s1,2024-02-29T20:00:00Z,page_view,90,mail\n,s2,2024-03-01 10:00:00,Add to Cart,,\nu2,s3,2024-03-01,wishlist,30,web\n',
    'Asia/Shanghai',
  );
  expect(read.all).toEqual([
    {
      ...{ customerId: 'u1', sessionId: 's1', occurredAt: 1_709_236_800, occurredDay: 19_783, minutes: 1.5 },
      ...{ kind: 'view', channel: 'mail' },
    },
    {
      ...{ customerId: null, sessionId: 's2', occurredAt: 1_709_258_400, occurredDay: 19_783, minutes: null },
      ...{ kind: 'cart', channel: null },
    },
    {
      ...{ customerId: 'u2', sessionId: 's3', occurredAt: 1_709_222_400, occurredDay: 19_783, minutes: 0.5 },
      ...{ kind: 'favourite', channel: 'web' },
    },
  ]);
  expect(read.report).toMatchObject({ rowsIn: 3, rowsOk: 3 });
  expect(read.report.notes).toMatchObject([{ code: 'withoutCustomer', count: 1 }]);
});

test('the duration’s unit is that of its name: minutes, seconds, milliseconds, hours in brackets', async () => {
  const minutes = async (name: string, cell: string) =>
    (await eventsOf(`user_id,date,${name}\nu1,2024-03-01,${cell}\n`)).all[0]?.minutes;
  expect(await minutes('minutes', '2.5')).toBe(2.5);
  expect(await minutes('seconds', '90')).toBe(1.5);
  expect(await minutes('duration_ms', '30000')).toBe(0.5);
  expect(await minutes('浏览时长（小时）', '2')).toBe(120);
});

test('day or month first is decided from the whole column, and bad rows are set aside', async () => {
  const read = await eventsOf(
    'user_id,date,minutes\nu1,1/2/2024 8:00,1\nu1,1/13/2024 8:00,1\nu1,soon,1\nu1,1/14/2024,-3\n',
  );
  expect(read.all.map(({ occurredDay }) => occurredDay)).toEqual([19_724, 19_735]);
  expect(read.rejected.map(({ line, column }) => [line, column])).toEqual([
    [4, 'date'],
    [5, 'minutes'],
  ]);
});

test('a kind of its own stays, in small letters', async () => {
  const { all } = await eventsOf(
    'user_id,date,event\nu1,2024-03-01,Coupon Opened\nu1,2024-03-01,加入购物车\nu1,2024-03-01,\n',
  );
  expect(all.map(({ kind }) => kind)).toEqual(['coupon opened', 'cart', 'view']);
});

test('a file without customer or time is refused, and the message lists the names that are understood', async () => {
  await expect(eventsOf('date,minutes\n2024-03-01,1\n')).rejects.toThrow(/customerId .*用户ID/);
  await expect(eventsOf('user_id,minutes\nu1,1\n')).rejects.toThrow(/occurredAt .*event_time/);
});
