import fc from 'fast-check';
import { routes } from '../../../functions/http/routes.ts';
import { eventOf } from './localApi.ts';

/** Stands for a personal value in every place of a request; no refusal may repeat it. */
export const canary = 'anna.secret@example.com';

const hostile = fc.oneof(
  fc.constantFrom(
    canary,
    '__proto__',
    'constructor',
    '..',
    '%',
    '%zz',
    '%2F',
    '+',
    '\u0000',
    '\ud800',
    '{{7*7}}',
    "' OR 1=1 --",
    '客户',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `${text}${canary}`),
  fc.constant('x'.repeat(5000)),
);
const known = fc.constantFrom('C00001', 'high', 'mid', 'c0000000000000000001', 'e0000000000000000001');
const encoded = (text: string) => encodeURIComponent(Buffer.from(text).toString());
const value = fc.oneof(known, hostile);
const written = fc.oneof(value, value.map(encoded));

const cursorText = (fields: unknown) => Buffer.from(JSON.stringify(fields)).toString('base64url');
const plausible = [0, 3].flatMap((page) => [
  { runId: 'c0000000000000000001', list: 'segment-high', page, offset: 0 },
  { runId: 'f0000000000000000001', list: 'bids', page, offset: 0 },
]);
const cursor = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...plausible).map(cursorText) },
  hostile,
  fc
    .record({
      runId: fc.constantFrom('c0000000000000000001', 'f0000000000000000001', canary),
      list: fc.constantFrom('segment-high', 'bids', canary),
      page: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.double(), fc.constant(1e9)),
      offset: fc.oneof(fc.integer({ min: -1, max: 500 }), fc.double()),
    })
    .map(cursorText),
  hostile.map((text) => Buffer.from(`2026-01-01T00:00:00.000Z#${text}`).toString('base64url')),
);
const pair = fc.oneof(
  fc.tuple(fc.constant('limit'), fc.oneof(fc.integer({ min: -2, max: 600 }).map(String), hostile)),
  fc.tuple(fc.constant('cursor'), cursor),
  fc.tuple(fc.constant('from'), fc.oneof(fc.constantFrom('training', 'orders'), hostile)),
  fc.tuple(fc.constant('campaign'), fc.oneof(fc.constantFrom('Spring', 'Éte 夏'), hostile)),
  fc.tuple(fc.constant('dataset'), fc.oneof(fc.constantFrom('customers', 'scoring/a.csv'), hostile)),
  fc.tuple(hostile, hostile),
);
const query = fc
  .oneof(
    fc.constant([]),
    fc.tuple(fc.tuple(fc.constant('cursor'), cursor)),
    fc.tuple(fc.tuple(fc.constant('limit'), fc.integer({ min: 1, max: 9 }).map(String))),
    fc.array(pair, { maxLength: 3 }),
  )
  .map((pairs) => pairs.map(([name, text]) => `${encoded(name)}=${encoded(text)}`).join('&'));

const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 0.5, 1e308, -1, null), hostile);
const name = fc.oneof(fc.constantFrom('Spring-1', 'Éte 夏-6', 'Spring', 'high', null), hostile);
const amount = fc.integer({ min: 0, max: 1_000_000_000 });
const fairFigures = fc
  .record({
    clicks: fc.integer({ min: 0, max: 5000 }),
    conversions: fc.integer({ min: 0, max: 60 }),
    more: amount,
  })
  .map(({ more, ...counts }) => ({
    ...counts,
    impressions: counts.clicks + (more % 100_000),
    spendMicros: more,
  }));
const ad = fc.oneof(
  fc.record({ clickRate: number, conversionRate: number }, { requiredKeys: [] }),
  fc.record(
    { impressions: number, clicks: number, conversions: number, [canary]: number },
    { requiredKeys: [] },
  ),
  fc.record({
    clickRate: fc.double({ min: 0, max: 1, noNaN: true }),
    conversionRate: fc.double({ min: 0, max: 1e6, noNaN: true }),
  }),
  fc.record(
    {
      ...{ id: name, campaign: name, segment: name, bidType: fc.constantFrom('CPC', 'CPM', canary) },
      ...{ clicks: number, conversions: number, spendMicros: number, revenueMicros: number, days: number },
      currentBidMicros: number,
    },
    { requiredKeys: [] },
  ),
  { weight: 4, arbitrary: fc.record({ id: fc.constantFrom('Spring-1', 'Spring-2', 'Éte 夏-6', 'new') }) },
  { weight: 4, arbitrary: fairFigures },
  fc.jsonValue(),
);
const modelRunId = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('d0000000000000000001', 'd0000000000000000002', '0'.repeat(20)),
  },
  { weight: 1, arbitrary: hostile },
);
const rollback = fc.oneof(
  fc.record({ over: modelRunId, to: modelRunId }, { requiredKeys: ['over'] }),
  fc.record({ over: modelRunId, [canary]: modelRunId }),
);
const fairAd = fc.oneof(
  fairFigures,
  fc.record({ campaign: fc.constantFrom('Spring', 'none') }),
  fc.record({ id: fc.constantFrom('Spring-1', 'Spring-2', 'Éte 夏-6', 'new') }),
);
const body = fc.option(
  fc.oneof(
    fc
      .record(
        {
          ads: fc.oneof(fc.array(ad, { maxLength: 5 }), ad),
          policy: fc.oneof(fc.constantFrom('linear', 'portfolio', 'revenuePerClick'), hostile),
          budgetMicros: number,
          target: fc.oneof(fc.record({ roas: number }), fc.record({ cpaMicros: number }), hostile),
          auction: fc.constantFrom('firstPrice', 'secondPrice', canary),
          curves: fc.oneof(fc.boolean(), hostile),
          bidsMicros: fc.oneof(fc.array(number, { maxLength: 4 }), hostile),
          budgetsMicros: fc.oneof(fc.array(amount, { maxLength: 4 }), hostile),
        },
        { requiredKeys: ['ads'] },
      )
      .map((fields) => JSON.stringify(fields)),
    fc
      .record(
        {
          ads: fc.uniqueArray(fairAd, {
            minLength: 1,
            maxLength: 5,
            selector: (one) => ('id' in one ? one.id : one),
          }),
          target: fc.record({ roas: fc.double({ min: 0.1, max: 50, noNaN: true }) }),
          auction: fc.constantFrom('firstPrice', 'secondPrice'),
        },
        { requiredKeys: ['ads'] },
      )
      .map((fields) => JSON.stringify(fields)),
    { weight: 4, arbitrary: rollback.map((fields) => JSON.stringify(fields)) },
    fc.json(),
    hostile,
    fc.constant('['.repeat(100_000)),
  ),
  { nil: undefined },
);

const otherMethod = fc.oneof(
  fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'get'),
  hostile,
);
const onRoute = fc
  .tuple(fc.constantFrom(...routes), written, value, fc.boolean())
  .map(([{ method: own, path }, inPath, inParameters, matchedByGateway]) => ({
    method: own as string,
    pattern: path as string | null,
    path: path.replace(/\{\w+\}/, () => inPath.replaceAll('?', '%3F')),
    matched: matchedByGateway
      ? {
          routeKey: `${own} ${path}`,
          pathParameters: Object.fromEntries(
            [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, inParameters]),
          ),
        }
      : {},
  }));
const offRoute = fc
  .oneof(hostile, fc.webPath())
  .map((path) => ({ method: 'GET', pattern: null, path: path.replaceAll('?', ''), matched: {} }));
/** An event of API Gateway, from a fair request to an attack, and the route that it is near. */
export const anyRequest = fc
  .record({
    target: fc.oneof({ weight: 6, arbitrary: onRoute }, { weight: 1, arbitrary: offRoute }),
    otherMethod: fc.option(otherMethod, { nil: null, freq: 2 }),
    query,
    body,
    isBase64Encoded: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  })
  .map(({ target, otherMethod, query, body, isBase64Encoded }) => {
    const method = otherMethod ?? target.method;
    const event = eventOf(method, `${target.path}?${query}`, { body, ...target.matched });
    return { method, pattern: target.pattern, event: { ...event, isBase64Encoded } };
  });
