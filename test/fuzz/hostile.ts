import fc from 'fast-check';

/** Stands for a personal value in every place of a request; no refusal may repeat it. */
export const canary = 'anna.secret@example.com';

const attacks = [
  canary,
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '..',
  '../../etc/passwd',
  '%',
  '%zz',
  '%00',
  '%2F',
  '%c0%ae',
  '+',
  '\u0000',
  '\ud800',
  '\u202e',
  '\ufeff',
  'a\r\nset-cookie: secret=1',
  '{{7*7}}secret',
  `\${jndi:ldap://secret.example.com/a}`,
  "secret' OR 1=1 --",
  '<script>secret()</script>',
  '=HYPERLINK("secret")',
  '客户secret',
  '😀secret',
  'NaN',
  'Infinity',
  'null',
  'true',
  '-1',
  '0',
  '1e309',
  '9007199254740993',
  '$ne',
  'x#secret',
  'run#',
  'x'.repeat(5000),
  'é'.normalize('NFD').repeat(1000),
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...attacks) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `${text}${canary}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 31, 501, 2001),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** In place of any value of a body. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom(null, true, [], {}, [[]], [null], { [canary]: canary }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Not even JSON, or more of it than anybody should read. */
export const hostileBody: fc.Arbitrary<string> = fc.oneof(
  hostileText,
  fc.json(),
  hostileValue.map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '',
    '{',
    '[]',
    '"secret"',
    '{"__proto__":{"ads":[{"clickRate":1,"conversionRate":1}]}}',
    '{"constructor":{"prototype":{"secret":1}}}',
    '{"ads":[],"ads":[{"__proto__":null}]}',
    `{"ads":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    '['.repeat(100_000),
    `${'{"ads":'.repeat(5000)}1${'}'.repeat(5000)}`,
    `{"ads":[${'{},'.repeat(2500)}{}]}`,
    `{"ads":[${Array(2000).fill('{"clickRate":0.1,"conversionRate":2}').join(',')}]}`,
    JSON.stringify({ ads: canary.repeat(50_000) }),
  ),
);

/** So much that it is refused unread; rarely, for it costs milliseconds. */
export const hugeBody = fc.constant(`{"ads":"${'x'.repeat(1_000_000)}"}`);

export const headers: fc.Arbitrary<Record<string, string>> = fc
  .record(
    {
      'content-type': fc.oneof(
        fc.constantFrom(
          'text/plain',
          'application/xml',
          'multipart/form-data; boundary=x',
          'application/json; charset=utf-16',
          '',
        ),
        hostileText,
      ),
      'content-encoding': fc.constantFrom('gzip', 'br', 'secret'),
      'content-length': fc.constantFrom('-1', '0', '99999999999', 'secret'),
      accept: fc.constantFrom('text/html', '*/*;q=0', 'secret'),
      authorization: hostileText.map((text) => `Bearer ${text}`),
      cookie: hostileText,
      'x-forwarded-for': hostileText,
      'x-forwarded-host': fc.constant('secret.example.com'),
      'x-http-method-override': fc.constantFrom('DELETE', 'PUT'),
      'x-amzn-trace-id': hostileText,
      __proto__: fc.constant(canary),
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ ...given }));
