import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern, parsePattern } from '../../local/event-pattern.ts';

const keyPattern = (...matchers: unknown[]) => parsePattern({ detail: { object: { key: matchers } } });
const withKey = (key: string) => ({ detail: { object: { key } } });

describe('an EventBridge pattern', () => {
  it.each([
    ['customers/*.csv', 'customers/may.csv', true],
    ['customers/*.csv', 'customers/2026/may.csv', true],
    ['customers/*.csv', 'customers/.csv', true],
    ['customers/*.csv', 'customers/may.csv.gz', false],
    ['customers/*.csv', 'old/customers/may.csv', false],
    ['*', '', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*bc', 'abc', false],
  ])('with wildcard %s and key %s: %s', (wildcard, key, expected) => {
    expect(matchesPattern(keyPattern({ wildcard }), withKey(key))).toBe(expected);
  });

  it('reads the entries of a list as alternatives', () => {
    const pattern = keyPattern({ prefix: 'ads/' }, { suffix: '.gz' }, 'settings.json');
    expect(
      ['ads/x', 'y.gz', 'settings.json', 'z'].map((key) => matchesPattern(pattern, withKey(key))),
    ).toEqual([true, true, true, false]);
  });

  it('needs every field it names', () => {
    const pattern = parsePattern({ source: ['aws.s3'], detail: { bucket: { name: ['uploads'] } } });
    expect(matchesPattern(pattern, { source: 'aws.s3', detail: { bucket: { name: 'uploads' } } })).toBe(true);
    expect(matchesPattern(pattern, { source: 'aws.s3', detail: { bucket: {} } })).toBe(false);
    expect(matchesPattern(pattern, { source: 'aws.s3' })).toBe(false);
  });

  it('refuses a matcher that it does not know, rather than never match', () => {
    expect(() => keyPattern({ 'anything-but': 'x' })).toThrow('anything-but');
    expect(() => parsePattern({ source: 'aws.s3' })).toThrow('pattern.source');
  });

  it('agrees with a regular expression on any wildcard', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/'), maxLength: 8 });
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    fc.assert(
      fc.property(text, plain, (wildcard, key) => {
        const expected = new RegExp(`^${wildcard.replaceAll('*', '.*')}$`).test(key);
        expect(matchesPattern(keyPattern({ wildcard }), withKey(key))).toBe(expected);
      }),
    );
  });
});
