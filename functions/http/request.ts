import * as z from 'zod/mini';
import { Problem } from './problem.ts';

/** The part of an API Gateway event (HTTP API, payload 2.0) that is used. */
const eventSchema = z.object({
  routeKey: z.optional(z.nullable(z.string())),
  rawPath: z.string(),
  rawQueryString: z._default(z.nullable(z.string()), ''),
  pathParameters: z.optional(z.nullable(z.record(z.string(), z.optional(z.string())))),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.nullable(z.boolean())),
  requestContext: z.object({
    requestId: z.optional(z.nullable(z.string())),
    http: z.object({ method: z.string() }),
    authorizer: z.optional(
      z.nullable(
        z.object({
          jwt: z.optional(z.nullable(z.object({ claims: z.optional(z.record(z.string(), z.unknown())) }))),
        }),
      ),
    ),
  }),
});

export interface HttpRequest {
  requestId: string;
  method: string;
  path: string;
  /** The route that the gateway chose, as `GET /runs/{runId}`, and what its variables held, decoded. */
  routeKey: string | null;
  pathParameters: Record<string, string | undefined>;
  queryString: string;
  body: Buffer;
  /** What the caller's token says, which the gateway has verified. */
  claims: Readonly<Record<string, unknown>>;
}

export function readRequest(event: unknown): HttpRequest {
  const { requestContext, ...rest } = eventSchema.parse(event);
  return {
    requestId: requestContext.requestId ?? '',
    method: requestContext.http.method.toUpperCase(),
    path: rest.rawPath,
    routeKey: rest.routeKey ?? null,
    pathParameters: rest.pathParameters ?? {},
    queryString: rest.rawQueryString ?? '',
    body: Buffer.from(rest.body ?? '', rest.isBase64Encoded ? 'base64' : 'utf8'),
    claims: requestContext.authorizer?.jwt?.claims ?? {},
  };
}

/** Query parameters by name. One that is given twice would have to be chosen from, so it is refused. */
export function readQuery(queryString: string): Record<string, string> {
  const pairs = [...new URLSearchParams(queryString)];
  const values = new Map(pairs);
  if (values.size < pairs.length) throw notValid('the query gives a parameter more than once');
  return Object.fromEntries(values);
}

export function readJson(body: Buffer): unknown {
  if (body.length > maxBodyBytes)
    throw new Problem('tooLarge', `the body has ${body.length} bytes; at most ${maxBodyBytes} are read`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // the parser's own message would quote the body
    throw notValid('the body is not JSON in UTF-8');
  }
}

export const maxBodyBytes = 1_000_000;

const notValid = (message: string): Problem =>
  new Problem('invalidRequest', message, { errors: [{ path: '', message }] });
