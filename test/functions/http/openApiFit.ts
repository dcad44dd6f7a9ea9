import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Answer } from './localApi.ts';

const file = join(import.meta.dirname, '../../../docs/openapi.json');

export interface OpenApiOperation {
  operationId: string;
  responses: Record<string, { content: Record<string, unknown> }>;
}

export const openApiDocument = JSON.parse(readFileSync(file, 'utf8')) as {
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: { schemas: Record<string, unknown> };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', ...(closed(openApiDocument) as object) });

/** Expects status, type and body of an answer to be among those that the document gives for an operation. */
export function expectToFit(method: string, path: string, { status, headers, body, text }: Answer): void {
  const verb = method.toLowerCase();
  const responses = openApiDocument.paths[path]?.[verb]?.responses ?? {};
  const key = responses[status] ? String(status) : 'default';
  const type = String(headers['content-type']);
  expect(Object.keys(responses[key]?.content ?? {}), `${method} ${path} → ${status}`).toContain(type);
  const pointer = ['paths', path, verb, 'responses', key, 'content', type, 'schema'].map(escaped).join('/');
  const validate = ajv.getSchema(`openapi#/${pointer}`);
  if (!validate) throw new Error(`the document gives no schema for ${method} ${path} → ${status}`);
  validate(body);
  expect(validate.errors ?? [], text.slice(0, 500)).toEqual([]);
}

const escaped = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The same schemas without room for fields that they do not name, so that no answer gives more than is documented. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isOpen = copy.type === 'object' && 'properties' in copy && copy.additionalProperties === undefined;
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}
