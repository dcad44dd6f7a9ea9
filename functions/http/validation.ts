import type * as z from 'zod/mini';
import { type FieldError, Problem } from './problem.ts';

/** The value as its schema types it, or a 422 that lists every field at fault. */
export function parseOrRefuse<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  what: 'body' | 'query',
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => fieldErrors(issue, [])).slice(0, maxErrors);
  throw new Problem('invalidRequest', `the ${what} is not as docs/api.md describes it`, { errors });
}

/** A body of 2,000 bad ads needs no list of 2,000. */
const maxErrors = 20;

function fieldErrors(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') return fieldErrorsOfUnion(issue, path);
  return [{ path: path.map(String).join('.'), message: messageOf(issue) }];
}

/** Of the alternatives, the one that the value came closest to is the one that was meant. */
function fieldErrorsOfUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): FieldError[] {
  const byCloseness = [...issue.errors].sort((a, b) => missedFields(a) - missedFields(b));
  return (byCloseness[0] ?? []).flatMap((inner) => fieldErrors(inner, path));
}

/** A field that has no place in an alternative tells more against it than one that is missing. */
const missedFields = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length;
    return sum + (issue.code === 'invalid_type' && issue.expected === 'never' ? 2 : 1);
  }, 0);

/** Says what is understood, never what came: a name or a value may be somebody's. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.message !== 'Invalid input') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'must be a whole number' : `must be ${article(issue.expected)}`;
    case 'too_small':
      return issue.origin === 'number'
        ? `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`
        : `must have at least ${issue.minimum} ${unitOf(issue.origin)}`;
    case 'too_big':
      return issue.origin === 'number'
        ? `must be ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`
        : `must have at most ${issue.maximum} ${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return 'has a field that is not understood here';
    default:
      return 'is not valid';
  }
}

const unitOf = (origin: string): string => (origin === 'array' ? 'entries' : 'characters');
const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
