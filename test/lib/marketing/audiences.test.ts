import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audienceMembers, usualAudiences } from '../../../lib/marketing/audiences/audienceMembers.ts';
import { audienceRows, knownContacts } from '../../../lib/marketing/audiences/audienceRows.ts';
import {
  countryCode,
  e164,
  googleEmail,
  metaName,
  metaPostalCode,
  normaliseEmail,
  sha256,
} from '../../../lib/marketing/audiences/normalise.ts';
import {
  googleHeader,
  metaHeader,
  metaRowsPerFile,
  metaValue,
  partsOf,
} from '../../../lib/marketing/audiences/platformRows.ts';
import { callList } from '../../../lib/marketing/calls/callList.ts';
import { consentWords } from '../../../lib/tables/contacts/consent.ts';
import { type ContactRow, readContacts } from '../../../lib/tables/contacts/readContacts.ts';

const bytesOf = async function* (text: string) {
  yield new TextEncoder().encode(text);
};
const readText = async (csv: string): Promise<ContactRow[]> =>
  (await readContacts({ key: 'contacts/all.csv', open: () => bytesOf(csv) })).rows;

describe('what ad platforms match by', () => {
  // the SHA-256 of this address stands in many a platform's documentation (published)
  test('is the SHA-256 of the address', () => {
    expect(sha256('test@example.com')).toBe(
      '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b',
    );
    expect(sha256('a')).toBe(createHash('sha256').update('a').digest('hex'));
  });

  test.each([
    [' Jane.Doe@Shop.example ', 'jane.doe@shop.example', 'jane.doe@shop.example'],
    ['Jane.Q.Doe@Gmail.com', 'jane.q.doe@gmail.com', 'janeqdoe@gmail.com'],
    ['j.a.n.e+x@googlemail.com', 'j.a.n.e+x@googlemail.com', 'jane+x@googlemail.com'],
    ['ｊａｎｅ@ｇｍａｉｌ.com', 'jane@gmail.com', 'jane@gmail.com'],
    ['nobody', null, null],
    ['a@b', null, null],
    ['a@b@c.de', null, null],
  ])('of the address %j is %j, and %j for Google', (email, plain, google) => {
    expect(normaliseEmail(email)).toBe(plain);
    expect(googleEmail(email)).toBe(google);
  });

  test.each([
    ['0151 23456789', 'DE', '+4915123456789'],
    ['+49 (0)151 23456789', null, '+4915123456789'],
    ['(212) 565-0000', 'US', '+12125650000'],
    ['138 0013 8000', 'CN', '+8613800138000'],
    ['0151 23456789', null, null],
    ['12', 'DE', null],
    ['call me', 'DE', null],
  ])('of the number %j in %s is %j', (phone, country, expected) => {
    expect(e164(phone, country)).toBe(expected);
  });

  test.each([
    ['de', 'DE'],
    ['Germany', 'DE'],
    ['中国', 'CN'],
    ['UK', 'GB'],
    ['Atlantis', null],
    ['XX', null],
  ])('of the country %j is %j', (country, code) => {
    expect(countryCode(country)).toBe(code);
  });

  test('of names and postal codes goes without what people write differently', () => {
    expect(metaName(" O'Neil-Smith ")).toBe('oneilsmith');
    expect(metaName('王')).toBe('王');
    expect(metaPostalCode('94303-5300', 'US')).toBe('94303');
    expect(metaPostalCode('WC2H 8LG', 'GB')).toBe('wc2h8lg');
  });

  test('by value is never below nothing', () => {
    expect([metaValue(-500, 2), metaValue(12_345, 2), metaValue(700, 0)]).toEqual(['0.00', '123.45', '700']);
  });
});

const cell = fc.constantFrom('yes', 'no', '', 'maybe', 'TRUE', '0', '是', '否', 'subscribed', 'pending');
const person = fc.record({
  email: fc.boolean(),
  phone: fc.boolean(),
  ads: cell,
  personal: cell,
  blocked: fc.constantFrom('', '', '', 'yes', 'no', 'perhaps'),
});
const meansYes = (word: string): boolean => consentWords.yes.includes(word.toLowerCase());

describe('audience files', () => {
  test('hold nobody who has not clearly agreed, and nobody who must be left alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 30 }), async (people) => {
        const header =
          'customer_id,email,phone,country,consent_ads,consent_ad_personalization,do_not_contact';
        const rows = people.map(
          ({ email, phone, ads, personal, blocked }, at) =>
            `C${at},${email ? `p${at}@shop.example` : ''},${phone ? `0151 2345${String(1000 + at)}` : ''},DE,${ads},${personal},${blocked}`,
        );
        const contacts = new Map(
          (await readText([header, ...rows, ''].join('\n'))).map((row) => [row.customerId, row]),
        );
        const ids = people.map((_, at) => `C${at}`);
        const known = knownContacts(ids, contacts);
        const worth = Float64Array.from(ids, (_, at) => at - 3);
        const files = audienceRows(ids.keys(), { known, worth, minorDigits: 2 });
        const hashes = (at: number) => [
          sha256(`p${at}@shop.example`),
          sha256(`+4915123451${String(at).padStart(3, '0')}`),
          sha256(`4915123451${String(at).padStart(3, '0')}`),
        ];
        const isIn = (rowsOf: readonly (readonly unknown[])[], at: number) =>
          rowsOf.some(
            ([email, phone]) => hashes(at).includes(String(email)) || hashes(at).includes(String(phone)),
          );
        for (const [at, { email, phone, ads, personal, blocked }] of people.entries()) {
          const mayAds = meansYes(ads) && (blocked === '' || blocked === 'no');
          const mayPersonal = mayAds && meansYes(personal);
          const found = email || phone;
          expect([at, isIn(files.google, at)]).toEqual([at, mayPersonal && found]);
          expect([at, isIn(files.googleWithoutPersonalization, at)]).toEqual([
            at,
            mayAds && !mayPersonal && found,
          ]);
          expect([at, isIn(files.meta, at)]).toEqual([at, mayPersonal && found]);
        }
        for (const row of files.metaValued) expect(Number(row.at(-1))).toBeGreaterThanOrEqual(0);
        for (const row of files.google) expect(row).toHaveLength(googleHeader.length);
        for (const row of files.meta) expect(row).toHaveLength(metaHeader.length);
      }),
      { numRuns: 60 },
    );
  });

  test('hold the customers that their filter names', () => {
    const columns = {
      customerIds: ['a', 'b', 'c', 'd'],
      tiers: Uint8Array.of(0, 1, 2, 0),
      groups: Uint8Array.of(0, 0, 6, 6),
      clusters: Uint8Array.of(1, 2, 2, 0),
      next12m: Float64Array.of(10_000, 5000, 0, Number.NaN),
      pAlive: Float64Array.of(0.9, 0.5, 0.1, Number.NaN),
    };
    const [high] = usualAudiences;
    const of = (filter: object) =>
      Array.from(
        audienceMembers(columns, { ...high, segment: null, ...filter } as typeof high & object, {
          minorUnits: 100,
        }),
      );
    expect(of({ segment: 'high' })).toEqual([0, 3]);
    expect(of({ segment: 'atRisk' })).toEqual([2, 3]);
    expect(of({ segment: 'cluster-2', tier: 'low' })).toEqual([2]);
    expect(of({ minExpectedSpend: 50 })).toEqual([0, 1]);
    expect(of({ maxProbabilityActive: 0.5 })).toEqual([1, 2]);
    expect(of({})).toEqual([0, 1, 2, 3]);
  });
});

test('files hold at most as many rows as the platform takes, and all of them together every row once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 35_000 }), (count) => {
      const rows = Array.from({ length: count }, (_, row) => row);
      const parts = partsOf('meta/high', rows, { perFile: metaRowsPerFile });
      expect(metaRowsPerFile).toBe(10_000);
      expect(parts.flatMap((part) => part.rows)).toEqual(rows);
      expect(parts.every((part) => part.rows.length > 0 && part.rows.length <= 10_000)).toBe(true);
      expect(parts.map(({ file }) => file)).toEqual(parts.map((_, at) => `meta/high-${at + 1}.csv`));
    }),
    { numRuns: 15 },
  );
  const edge = (count: number) => partsOf('m', new Array(count).fill(0), { perFile: 10_000 }).length;
  expect([0, 1, 9_999, 10_000, 10_001, 20_000].map(edge)).toEqual([0, 1, 1, 1, 2, 2]);
  expect(partsOf('google/high', [1, 2])).toEqual([{ file: 'google/high.csv', rows: [1, 2] }]);
});

test('an email address is none of the customer ids, and an unknown word no consent', async () => {
  await expect(readText('email,consent_email\na@b.de,yes\n')).rejects.toThrow('customerId');
  const [row] = await readText('客户编号,邮箱,同意邮件营销,同意广告\nC1,a@b.de,同意,也许\n');
  expect(row).toMatchObject({ customerId: 'C1', consentEmail: true, consentAds: false, consentPhone: false });
});

describe('the call list', () => {
  const columns = {
    customerIds: ['a', 'b', 'c', 'd', 'e'],
    tiers: Uint8Array.of(0, 0, 1, 2, 0),
    groups: Uint8Array.of(6, 0, 1, 2, 6),
    pAlive: Float64Array.of(0.4, 0.9, 0.2, 0.5, 0.1),
    next12m: Float64Array.of(4000, 9000, 500, 100, 1000),
    daysSinceLast: Float64Array.of(60, 5, 90, 30, 120),
    usualGapDays: Float64Array.of(20, 10, Number.NaN, 15, 30),
    mayCall: Uint8Array.of(1, 1, 0, 0, 1),
    mayEmail: Uint8Array.of(1, 1, 1, 0, 1),
    isSuppressed: Uint8Array.of(0, 0, 0, 0, 1),
  };

  test('ranks by the drop times what was expected before it, and leaves out who is better off or must be left alone', () => {
    const before = {
      places: Int32Array.of(0, 1, 2, -1, 3),
      tiers: Uint8Array.of(0, 0, 0, 0),
      groups: Uint8Array.of(0, 0, 1, 0),
      pAlive: Float64Array.of(0.9, 0.8, 0.6, 0.9),
      next12m: Float64Array.of(10_000, 8000, 2000, 90_000),
      daysAgo: 30,
    };
    const calls = callList(columns, { before, limit: 10 });
    expect(calls.map(({ customerId, action }) => [customerId, action])).toEqual([
      ['a', 'call'],
      ['c', 'writePersonally'],
      ['d', 'noConsent'],
    ]);
    expect(calls[0]?.valueAtStake).toBeCloseTo(0.5 * 10_000, 9);
    expect(calls[1]).toMatchObject({ tier: 'mid', tierBefore: 'high', usualGapDays: null });
    expect(calls[2]).toMatchObject({ pAliveBefore: null, valueAtStake: 50 });
    expect(callList(columns, { before, limit: 1 })).toHaveLength(1);
  });
});
