import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayNumber, daysInMonth } from '../../../../lib/tables/cells/calendar.ts';
import type { DateOrder } from '../../../../lib/tables/cells/dateOrder.ts';
import { TimeReader } from '../../../../lib/tables/cells/times.ts';
import { TimeZone } from '../../../../lib/tables/cells/timeZone.ts';
import { UnsurveyedCell } from '../../../../lib/tables/survey.ts';

const zones = [
  ...[
    'UTC',
    'Asia/Shanghai',
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
  ],
  ...['Asia/Kolkata', 'Africa/Casablanca', 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu'],
];
const instant = fc.integer({ min: 0, max: 4_000_000_000 });

/** Wall clock by the platform, with nothing of ours between. */
function wallClock(epochSeconds: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(epochSeconds * 1000);
}

function reader(zone: string, order: DateOrder | null = null, surveyed = true): TimeReader {
  const shop = new TimeZone(zone);
  return new TimeReader({ shop, written: shop, order, surveyed });
}

function read(cell: string, zone = 'Asia/Shanghai', order: DateOrder | null = null) {
  const times = reader(zone, order);
  const reason = times.read(cell);
  if (reason !== null) return reason;
  const { epochSeconds, day, hour } = times;
  return { at: new Date(epochSeconds * 1000).toISOString().slice(0, 19), day, hour };
}

describe('the calendar', () => {
  test('counts days as Date does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 700_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
        expect(dayNumber(year, month, date.getUTCDate())).toBe(day);
        expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate());
      }),
    );
  });
});

test.each([1900, 2000, 2023, 2024, 2100])('February of %d has as many days as Date says', (year) => {
  expect(daysInMonth(year, 2)).toBe(new Date(Date.UTC(year, 2, 0)).getUTCDate());
});

describe('time zones', () => {
  test('the shop’s day and hour are those of the platform’s clock, at any instant', () => {
    const readers = new Map(zones.map((zone) => [zone, reader(zone)]));
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (zone, at) => {
        const times = readers.get(zone) as TimeReader;
        expect(times.read(new Date(at * 1000).toISOString())).toBeNull();
        const clock = wallClock(at, zone);
        expect(times.epochSeconds).toBe(at);
        expect(times.day).toBe(Date.parse(`${clock.slice(0, 10)}T00:00:00Z`) / 86_400_000);
        expect(times.hour).toBe(Number(clock.slice(11, 13)));
      }),
      { numRuns: 400 },
    );
  });

  test('a local time goes to an instant at which the clock shows it', () => {
    const shops = new Map(zones.map((zone) => [zone, new TimeZone(zone)]));
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (zone, at) => {
        const local = wallClock(at, zone);
        const found = shops.get(zone)?.instantOf(Date.parse(`${local.replace(' ', 'T')}Z`) / 1000) as number;
        expect(wallClock(found, zone)).toBe(local);
        expect(found).toBeLessThanOrEqual(at);
      }),
      { numRuns: 400 },
    );
  });

  test('a time that comes twice is the first, one that is skipped moves on by an hour', () => {
    expect(read('2024-11-03 01:30:00', 'America/New_York')).toMatchObject({
      at: '2024-11-03T05:30:00',
      hour: 1,
    });
    expect(read('2024-03-10 02:30:00', 'America/New_York')).toMatchObject({
      at: '2024-03-10T07:30:00',
      hour: 3,
    });
    expect(read('2024-03-10 12:00:00', 'America/New_York')).toMatchObject({
      at: '2024-03-10T16:00:00',
      hour: 12,
    });
  });
});

describe('times', () => {
  const newYear = dayNumber(2025, 1, 1);
  test.each([
    ['2025-01-01 08:26:00', '2025-01-01T00:26:00', newYear, 8],
    ['2025-01-01T08:26', '2025-01-01T00:26:00', newYear, 8],
    ['2025-01-01T08:26:05.123', '2025-01-01T00:26:05', newYear, 8],
    ['2024-12-31T20:00:00Z', '2024-12-31T20:00:00', newYear, 4],
    ['2024-12-31T20:00:00.000Z', '2024-12-31T20:00:00', newYear, 4],
    ['2024-12-31 11:00:00 -0500', '2024-12-31T16:00:00', newYear, 0],
    ['2025-01-01T05:30:00+05:30', '2025-01-01T00:00:00', newYear, 8],
    ['2025-01-01 00:00:00 UTC', '2025-01-01T00:00:00', newYear, 8],
    ['2025年1月1日', '2024-12-31T16:00:00', newYear, -1],
    ['2025年1月1日 10时20分', '2025-01-01T02:20:00', newYear, 10],
    ['2025年01月01日 下午3:05:09', '2025-01-01T07:05:09', newYear, 15],
    ['2025/1/1 8:26', '2025-01-01T00:26:00', newYear, 8],
    ['2025.1.1', '2024-12-31T16:00:00', newYear, -1],
    ['Jan 1, 2025, 12:05:00 AM', '2024-12-31T16:05:00', newYear, 0],
    ['Wednesday, January 1, 2025', '2024-12-31T16:00:00', newYear, -1],
    ['1 Jan 2025 12:05 pm', '2025-01-01T04:05:00', newYear, 12],
    ['01-Jan-2025', '2024-12-31T16:00:00', newYear, -1],
    ['20250101', '2024-12-31T16:00:00', newYear, -1],
    ['20250101082600', '2025-01-01T00:26:00', newYear, 8],
    ['45658', '2024-12-31T16:00:00', newYear, -1],
    ['45658.351388888885', '2025-01-01T00:26:00', newYear, 8],
    ['1735689600', '2025-01-01T00:00:00', newYear, 8],
    ['1735689600123', '2025-01-01T00:00:00', newYear, 8],
    ['２０２５－０１－０１　０８：２６', '2025-01-01T00:26:00', newYear, 8],
  ])('%s', (cell, at, day, hour) => {
    expect(read(cell)).toEqual({ at, day, hour });
  });

  test.each([
    '',
    '2025-02-29',
    '2025-13-01',
    '2025-01-01 25:00',
    '0000-00-00 00:00:00',
    '1900-01-01',
    'soon',
    '12',
  ])('what is no time says so: %s', (cell) => {
    expect(typeof read(cell)).toBe('string');
  });

  test('12/1/2010 is left to the column before it was looked at, and follows its order after', () => {
    expect(() => reader('UTC', null, false).read('12/1/2010 8:26')).toThrow(UnsurveyedCell);
    expect(read('12/1/2010 8:26', 'UTC', 'month/day/year')).toMatchObject({ at: '2010-12-01T08:26:00' });
    expect(read('12/1/2010 8:26', 'UTC', 'day/month/year')).toMatchObject({ at: '2010-01-12T08:26:00' });
    expect(read('13/1/2010', 'UTC', 'month/day/year')).toMatch(/not a date .* in the order month\/day\/year/);
    expect(read('31.12.99', 'UTC', 'day/month/year')).toMatchObject({ at: '1999-12-31T00:00:00' });
  });

  test('any instant comes back from any way of writing it', () => {
    const ways: ((iso: string, at: number) => string)[] = [
      (iso) => iso.slice(0, 19),
      (iso) => iso.slice(0, 19).replace('T', ' '),
      (iso) => iso,
      (iso) => `${iso.slice(0, 19).replaceAll('-', '/')}`,
      (iso) => iso.slice(0, 19).replace(/[-:T]/g, ''),
      (iso) =>
        `${iso.slice(0, 4)}年${Number(iso.slice(5, 7))}月${Number(iso.slice(8, 10))}日 ${iso.slice(11, 19)}`,
      (iso) =>
        `${Number(iso.slice(8, 10))}.${Number(iso.slice(5, 7))}.${iso.slice(0, 4)} ${iso.slice(11, 19)}`,
      (_, at) => String(at * 1000),
      (_, at) => String(25_569 + at / 86_400),
    ];
    const times = reader('UTC', 'day/month/year');
    fc.assert(
      fc.property(fc.integer({ min: 1e9, max: 3_000_000_000 }), fc.constantFrom(...ways), (at, write) => {
        expect(times.read(write(new Date(at * 1000).toISOString(), at))).toBeNull();
        expect(times.epochSeconds).toBe(at);
      }),
      { numRuns: 500 },
    );
  });
});
