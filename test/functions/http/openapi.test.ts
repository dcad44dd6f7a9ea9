import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { everyRoute } from '../../../functions/http/everyRoute.ts';
import { problemKinds } from '../../../functions/http/problem.ts';
import { openApiDocument } from '../../../local/openapi-document.ts';

const root = join(import.meta.dirname, '../../..');
const committed = JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8'));
const ofRouter = everyRoute.map(({ method, path }) => `${method} ${path}`).sort();

describe('docs/openapi.json', () => {
  test('is what the routes say (npm run openapi)', () => {
    expect(committed).toEqual(openApiDocument());
  });

  test('holds every route of the router, and no other', () => {
    const documented = Object.entries<object>(committed.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.sort()).toEqual(ofRouter);
  });

  test('passes the recommended rules of the linter', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: JSON.stringify(committed), config });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });
});

test('serverless.yml gives the gateway the same routes, those that change something, answer in words or need a bucket to functions of their own, and a catch-all for the rest', () => {
  const service = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), { merge: true });
  const { api, rollback, privacy, words, files } = service.functions;
  const events: { httpApi: { method: string; path: string } }[] = [
    ...api.events,
    ...rollback.events,
    ...privacy.events,
    ...words.events,
    ...files.events,
  ];
  const ofGateway = events.map(({ httpApi: { method, path } }) => `${method} ${path}`);
  expect(ofGateway.sort()).toEqual([...ofRouter, '* *'].sort());
});

test('docs/api.md has every route, and the kinds of problems', () => {
  const prose = readFileSync(join(root, 'docs/api.md'), 'utf8');
  for (const route of ofRouter) expect(prose).toContain(`\`${route}\``);
  for (const { status, type } of Object.values(problemKinds))
    expect(prose).toContain(`| ${status} | \`${type}\` |`);
});
