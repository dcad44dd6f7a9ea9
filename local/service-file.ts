import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseService, type Service } from './service.ts';

/**
 * Reads serverless.yml for stage `local` in a few milliseconds, where starting the framework would take a second.
 * It knows the variables that our file uses; a test holds it equal to what the framework resolves.
 */
export function readServiceFile(directory: string): Service {
  const raw = readYaml(join(directory, 'serverless.yml')) as Record<string, unknown>;
  const resolved = resolve(raw, { directory, raw }) as Record<string, unknown>;
  return parseService({ ...resolved, resources: { Resources: mergedResources(resolved.resources) } });
}

interface Context {
  directory: string;
  raw: Record<string, unknown>;
}

const stage = 'local';

const readYaml = (path: string): unknown => parse(readFileSync(path, 'utf8'), { merge: true });

function mergedResources(parts: unknown): Record<string, unknown> {
  const list = parts as { Resources?: Record<string, unknown> }[];
  return Object.assign({}, ...list.map((part) => part.Resources ?? {}));
}

function resolve(value: unknown, context: Context): unknown {
  if (typeof value === 'string') return resolveText(value, context);
  if (Array.isArray(value)) return value.map((element) => resolve(element, context));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, context)]));
}

/**
 * `${…}` as the whole text may stand for an object; within a text it is text, and one within another is resolved first.
 * `${AWS::…}` is CloudFormation's own.
 */
function resolveText(text: string, context: Context): unknown {
  const whole = /^\$\{((?:(?!::)[^{}])+)\}$/.exec(text);
  if (whole) return resolve(evaluate(whole[1] ?? '', context), context);
  const replaced = text.replace(/\$\{([a-z]+[:(](?!:)[^{}]*)\}/g, (_, expression: string) =>
    String(resolve(evaluate(expression, context), context)),
  );
  return replaced === text ? text : resolveText(replaced, context);
}

function evaluate(expression: string, context: Context): unknown {
  for (const alternative of expression.split(/,\s*/)) {
    const value = evaluateSource(alternative.trim(), context);
    if (value !== undefined) return value;
  }
  throw new Error(`serverless.yml: nothing gives a value for \${${expression}}`);
}

function evaluateSource(source: string, { directory, raw }: Context): unknown {
  const [, kind, address = '', within] = /^(\w+)[:(]([^)]+)\)?(?::(.+))?$/.exec(source) ?? [];
  if (source.startsWith("'")) return source.slice(1, -1);
  if (source === 'sls:stage') return stage;
  if (kind === 'opt') return undefined;
  if (kind === 'env') return process.env[address];
  if (kind === 'file') return partOf(readYaml(join(directory, address)), within);
  if (kind === 'param') return parameters(raw)[address];
  throw new Error(`serverless.yml: \${${source}} is not understood here; see local/service-file.ts`);
}

/** `path` as `jwt.read`; the whole without one. */
const partOf = (value: unknown, path: string | undefined): unknown =>
  (path?.split('.') ?? []).reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], value);

function parameters(raw: Record<string, unknown>): Record<string, unknown> {
  const byStage = raw.params as Record<string, Record<string, unknown>>;
  return { ...byStage.default, ...byStage[stage] };
}
