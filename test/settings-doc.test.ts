import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSettings } from '../lib/pipeline/settings.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/settings.md'), 'utf8');
const documented = new Map(
  [...page.matchAll(/^\| `([\w.]+)` \| `([^`]+)` \|/gm)].map(([, path = '', value = '']) => [
    path,
    JSON.parse(value),
  ]),
);

test('docs/settings.md lists every setting with its default', () => {
  const parsed = parseSettings(null);
  expect(parsed.ok).toBe(true);
  if (!parsed.ok) return;
  const defaults = leaves(parsed.settings);
  const fixedEdges = new Map([['value.tiers.edges', [10, 20]]]);
  expect(documented).toEqual(new Map([...defaults, ...fixedEdges]));
});

test('every documented value is accepted where it is said to stand', () => {
  for (const [path, value] of documented) {
    if (path === 'value.tiers.edges' || path === 'value.tiers.quantiles') continue;
    const text = JSON.stringify(nested(path.split('.'), value));
    expect([path, parseSettings(text).ok]).toEqual([path, true]);
  }
  expect(parseSettings('{"value": {"tiers": {"method": "fixed", "edges": [10, 20]}}}').ok).toBe(true);
});

function leaves(value: object, above: string[] = []): [string, unknown][] {
  return Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
    isGroup(inner) ? leaves(inner, [...above, name]) : [[[...above, name].join('.'), inner]],
  );
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

function nested([first = '', ...rest]: string[], value: unknown): unknown {
  return { [first]: rest.length === 0 ? value : nested(rest, value) };
}
