import fc from 'fast-check';
import type { JsonSchema, OpenApiDocument } from './document.ts';
import type { KnownValues } from './knownValues.ts';
import { unspokenRules } from './unspokenRules.ts';

export interface ValueContext {
  schemas: OpenApiDocument['components']['schemas'];
  known: KnownValues;
}

/** Values that a schema of the document allows; those of a name that the service itself gave are often among them. */
export function valuesOf(schema: JsonSchema, name: string, context: ValueContext): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return referred(schema.$ref, name, context);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined)
    return fc.oneof(...alternatives.map((alternative) => valuesOf(alternative, name, context)));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => valuesOf({ ...schema, type }, name, context)));
  switch (schema.type) {
    case 'object':
      return objectsOf(schema, context);
    case 'array':
      return arraysOf(schema, name, context);
    case 'string':
      return stringsOf(schema, name, context);
    case 'integer':
    case 'number':
      return numbersOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
}

/** Mostly as its rules in words want it too. */
function referred(ref: string, name: string, context: ValueContext): fc.Arbitrary<unknown> {
  const schemaName = ref.replace('#/components/schemas/', '');
  const schema = context.schemas[schemaName];
  if (schema === undefined) throw new Error(`valuesOf: the document has no ${ref}`);
  const allowed = valuesOf(schema, name, context);
  const rule = unspokenRules[schemaName];
  if (rule === undefined) return allowed;
  return fc.oneof(
    { weight: 9, arbitrary: allowed.map((value) => rule(value as Record<string, unknown>)) },
    { weight: 1, arbitrary: allowed },
  );
}

function objectsOf({ properties = {}, required = [] }: JsonSchema, context: ValueContext) {
  const fields = Object.fromEntries(
    Object.entries(properties)
      .filter(([, schema]) => schema.not === undefined)
      .map(([name, schema]) => [name, valuesOf(schema, name, context)]),
  );
  return fc.record(fields, { requiredKeys: required });
}

/** Mostly a few, so that many fit into an hour. */
function arraysOf(
  { items = {}, minItems = 0, maxItems = 10 }: JsonSchema,
  name: string,
  context: ValueContext,
) {
  return fc.array(valuesOf(items, name, context), {
    minLength: minItems,
    maxLength: Math.min(maxItems, minItems + 4),
  });
}

function stringsOf(
  { pattern, minLength = 0, maxLength = 30 }: JsonSchema,
  name: string,
  { known }: ValueContext,
) {
  const free =
    pattern === undefined
      ? fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 30)) })
      : fc.stringMatching(new RegExp(pattern));
  const fitting = known.of(name).filter((text) => fits(text, { pattern, minLength, maxLength }));
  return fitting.length === 0
    ? free
    : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: free });
}

const fits = (
  text: string,
  { pattern, minLength, maxLength }: { pattern: string | undefined; minLength: number; maxLength: number },
): boolean =>
  text.length >= minLength &&
  (maxLength === 30 || text.length <= maxLength) &&
  (pattern === undefined || new RegExp(pattern).test(text));

function numbersOf({ type, ...bounds }: JsonSchema): fc.Arbitrary<number> {
  const whole = type === 'integer';
  const least = bounds.minimum ?? bounds.exclusiveMinimum ?? -1e9;
  const most = bounds.maximum ?? bounds.exclusiveMaximum ?? 1e9;
  const [low, high] = whole ? [Math.ceil(least), Math.floor(most)] : [least, most];
  const within = (value: number) =>
    (bounds.exclusiveMinimum === undefined || value > bounds.exclusiveMinimum) &&
    (bounds.exclusiveMaximum === undefined || value < bounds.exclusiveMaximum);
  const between = (max: number) =>
    whole ? fc.integer({ min: low, max }) : fc.double({ min: low, max, noNaN: true });
  return fc
    .oneof(between(Math.min(high, low + 100)), between(high), fc.constantFrom(low, high))
    .filter(within);
}
