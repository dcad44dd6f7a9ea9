import { expect, test } from 'vitest';
import { parseSettings } from '../../../lib/pipeline/settings.ts';

const problemsOf = (text: string) => {
  const parsed = parseSettings(text);
  return parsed.ok ? [] : parsed.problems;
};

test('no file, an empty object and the written-out defaults are the same settings', () => {
  const defaults = parseSettings(null);
  expect(defaults.ok).toBe(true);
  expect(parseSettings('{}')).toEqual(defaults);
  if (defaults.ok) expect(parseSettings(JSON.stringify(defaults.settings))).toEqual(defaults);
});

test('a part of the settings leaves the rest at its defaults', () => {
  const parsed = parseSettings('\uFEFF{"value": {"scale": "raw"}, "bids": {"bidFactor": 1.5}}');
  expect(parsed).toMatchObject({
    ok: true,
    settings: { currency: 'USD', value: { scale: 'raw', weights: { spend: 0.5 } }, bids: { bidFactor: 1.5 } },
  });
});

test.each([
  ['{"currency": "euro"}', 'currency'],
  ['{"timeZone": "Mars/Olympus"}', 'timeZone'],
  ['{"horizonDays": 0}', 'horizonDays'],
  ['{"maxBadRowShare": 5}', 'maxBadRowShare'],
  ['{"value": {"weights": {"spend": -1}}}', 'value.weights.spend'],
  ['{"value": {"tiers": {"method": "fixed", "edges": [20, 10]}}}', 'value.tiers.edges'],
  ['{"bids": {"bidFactor": "much"}}', 'bids.bidFactor'],
  ['{"bids": {"factor": 2}}', 'bids.factor'],
  ['{"value": {"weights": {"__proto__x": 1}}}', 'value.weights.__proto__x'],
  ['[]', ''],
  ['{', ''],
])('%s is refused at "%s"', (text, path) => {
  expect(problemsOf(text).map((problem) => problem.path)).toContain(path);
});

test('a problem says in words what was expected', () => {
  expect(problemsOf('{"value": {"weights": {"spend": -1}}, "bids": {"bidFactor": "much"}}')).toEqual([
    { path: 'value.weights.spend', message: 'Too small: expected number to be >=0' },
    { path: 'bids.bidFactor', message: 'Invalid input: expected number, received string' },
  ]);
});
