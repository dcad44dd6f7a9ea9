import type { S3Call, S3Reply } from './call.ts';
import { header } from './call.ts';
import { S3Error } from './errors.ts';
import { childrenNamed, childText, type ReadElement, readXml } from './xml.ts';

/**
 * Which pages of which origins may ask for what, by the bucket's own rules: the first rule that fits counts.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */

/** What lets a page read the answer; nothing where no rule does, or nobody asks. */
export function corsHeaders(call: S3Call): Record<string, string> {
  const origin = header(call, 'origin');
  if (origin === undefined) return {};
  const rule = ruleFor(call, { origin, method: call.method, headers: [] });
  return rule === undefined ? {} : allowedBy(rule, origin);
}

/** The answer to a browser that asks before it sends. */
export function preflight(call: S3Call): S3Reply {
  const origin = header(call, 'origin');
  const method = header(call, 'access-control-request-method');
  if (origin === undefined || method === undefined)
    throw new S3Error('InvalidRequest', {}, 'A preflight names its origin and the method that it is for.');
  const headers = (header(call, 'access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = ruleFor(call, { origin, method, headers });
  if (rule === undefined)
    throw new S3Error('AccessDenied', {}, 'CORSResponse: This CORS request is not allowed.');
  const maxAge = childText(rule, 'MaxAgeSeconds');
  return {
    status: 200,
    headers: {
      ...allowedBy(rule, origin),
      'access-control-allow-headers': headers.join(', '),
      ...(maxAge !== undefined && { 'access-control-max-age': maxAge }),
    },
  };
}

function ruleFor(
  call: S3Call,
  { origin, method, headers }: { origin: string; method: string; headers: string[] },
): ReadElement | undefined {
  const document = call.buckets.get(call.bucketName)?.configurations.get('cors');
  if (document === undefined) return undefined;
  return childrenNamed(readXml(document), 'CORSRule').find(
    (rule) =>
      textsOf(rule, 'AllowedOrigin').some((allowed) => fits(allowed, origin)) &&
      textsOf(rule, 'AllowedMethod').includes(method) &&
      headers.every((name) =>
        textsOf(rule, 'AllowedHeader').some((allowed) => fits(allowed.toLowerCase(), name)),
      ),
  );
}

function allowedBy(rule: ReadElement, origin: string): Record<string, string> {
  const isForAll = textsOf(rule, 'AllowedOrigin').includes('*');
  const exposed = textsOf(rule, 'ExposeHeader');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    'access-control-allow-methods': textsOf(rule, 'AllowedMethod').join(', '),
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(', ') }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

const textsOf = (rule: ReadElement, name: string): string[] =>
  childrenNamed(rule, name).map(({ text }) => text);

/** One `*` stands for anything. */
function fits(pattern: string, value: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return pattern === value;
  return value.length >= before.length + after.length && value.startsWith(before) && value.endsWith(after);
}
