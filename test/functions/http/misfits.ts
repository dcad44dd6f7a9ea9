import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
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

/** What of an answer is not as the document says of its operation. */
export function misfits(method: string, path: string, { status, headers, body }: Answer): string[] {
  const verb = method.toLowerCase();
  const responses = openApiDocument.paths[path]?.[verb]?.responses ?? {};
  const key = responses[status] ? String(status) : 'default';
  const type = String(headers['content-type']);
  const types = Object.keys(responses[key]?.content ?? {});
  if (!types.includes(type)) return [`${method} ${path} → ${status} is ${type}, not ${types.join(' or ')}`];
  return faultsBy(['paths', path, verb, 'responses', key, 'content', type, 'schema'], body);
}

/** What of a refusal is not as the document says of any problem. */
export const problemMisfits = ({ headers, body }: Answer): string[] =>
  headers['content-type'] === 'application/problem+json'
    ? faultsBy(['components', 'schemas', 'Problem'], body)
    : [`a refusal is ${headers['content-type']}`];

function faultsBy(place: string[], body: unknown): string[] {
  const validate = ajv.getSchema(`openapi#/${place.map(escaped).join('/')}`);
  if (!validate) throw new Error(`the document gives no schema at ${place.join('/')}`);
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
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
