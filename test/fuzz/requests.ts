import fc from 'fast-check';
import { eventOf } from '../functions/http/localApi.ts';
import { type OpenApiDocument, type Operation, operationsOf, type Parameter } from './document.ts';
import { headers, hostileBody, hostileText, hostileValue, hugeBody } from './hostile.ts';
import { type ValueContext, valuesOf } from './values.ts';

export type Kind = 'valid' | 'nearValid' | 'hostile';

/** A request as its caller wrote it, before API Gateway makes an event of it. */
export interface FuzzRequest {
  kind: Kind;
  /** The operation that it means to ask; null where it is for no operation of the document. */
  operation: Operation | null;
  method: string;
  /** With its variables filled in and encoded. */
  path: string;
  /** The variables, decoded, where the gateway is to match the route. */
  matched: Record<string, string> | null;
  query: [string, string][];
  headers: Record<string, string>;
  body: string | null;
  isBase64Encoded: boolean;
}

/** Requests for every operation of a document, most often for those that take a body: fair ones, ones with a fault, and attacks. */
export function requestsOf(
  document: OpenApiDocument,
  known: ValueContext['known'],
): fc.Arbitrary<FuzzRequest> {
  const context = { schemas: document.components.schemas, known };
  const operations = operationsOf(document);
  // One that takes nothing has little to go wrong.
  const byRoom = (make: (operation: Operation) => fc.Arbitrary<FuzzRequest>) =>
    fc.oneof(
      ...operations.map((operation) => ({
        weight: operation.body !== null ? 8 : operation.parameters.length > 0 ? 4 : 1,
        arbitrary: make(operation),
      })),
    );
  const valid = byRoom((operation) => validRequest(operation, context));
  return fc.oneof(
    { weight: 9, arbitrary: valid },
    { weight: 7, arbitrary: valid.chain(withFault) },
    { weight: 4, arbitrary: byRoom(hostileRequest) },
    { weight: 1, arbitrary: strayRequest },
  );
}

export function eventOfRequest({ method, path, matched, query, operation, ...rest }: FuzzRequest) {
  const text = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  const event = eventOf(method, text === '' ? path : `${path}?${text}`, {
    ...(rest.body !== null && { body: rest.body }),
    ...(matched !== null &&
      operation !== null && { routeKey: `${operation.method} ${operation.path}`, pathParameters: matched }),
  });
  return {
    ...event,
    headers: { ...event.headers, ...rest.headers },
    isBase64Encoded: rest.isBase64Encoded,
  };
}

function validRequest(operation: Operation, context: ValueContext): fc.Arbitrary<FuzzRequest> {
  const within = (place: Parameter['in']) =>
    operation.parameters.filter((parameter) => parameter.in === place);
  const nameOf = (name: string) => (name === 'cursor' ? `cursor of ${operation.path}` : name);
  const values = (parameters: Parameter[]) =>
    Object.fromEntries(parameters.map(({ name, schema }) => [name, valuesOf(schema, nameOf(name), context)]));
  const required = within('query').filter((parameter) => parameter.required === true);
  return fc
    .record({
      variables: fc.record(values(within('path'))),
      query: fc.record(values(within('query')), { requiredKeys: required.map(({ name }) => name) }),
      body: operation.body === null ? fc.constant(null) : valuesOf(operation.body, 'body', context),
      isMatched: fc.boolean(),
    })
    .map(({ variables, query, body, isMatched }) => {
      const texts = Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, String(value)]),
      );
      return {
        kind: 'valid',
        operation,
        method: operation.method,
        path: filled(operation.path, texts),
        matched: isMatched ? texts : null,
        query: Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
        headers: {},
        body: operation.body === null ? null : JSON.stringify(body),
        isBase64Encoded: false,
      };
    });
}

/** One thing of it is wrong. */
function withFault(request: FuzzRequest): fc.Arbitrary<FuzzRequest> {
  const faulty = (change: Partial<FuzzRequest>): FuzzRequest => ({
    ...request,
    kind: 'nearValid',
    ...change,
  });
  const json = request.body === null ? null : (JSON.parse(request.body) as unknown);
  const otherPath = (path: string) => faulty({ path, matched: null, operation: null });
  const faults: fc.Arbitrary<FuzzRequest>[] = [
    fc.tuple(hostileText, hostileText).map((pair) => faulty({ query: [...request.query, pair] })),
    fc
      .constantFrom('PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'get', '')
      .map((method) => faulty({ method })),
    fc.constantFrom('/', '//', '/.', '%00', '/extra').map((end) => otherPath(request.path + end)),
    fc.constant(otherPath(request.path.toUpperCase())),
    headers.map((given) => faulty({ headers: given })),
    fc.constant(faulty({ isBase64Encoded: true })),
  ];
  if (request.query.length > 0)
    faults.push(
      fc.constant(faulty({ query: [...request.query, ...request.query] })),
      hostileText.map((text) =>
        faulty({ query: request.query.map(([name], at) => (at === 0 ? [name, text] : [name, ''])) }),
      ),
    );
  const cursor = request.query.find(([name]) => name === 'cursor')?.[1];
  if (cursor !== undefined)
    faults.push(
      ...[0, 1].map(() =>
        spoiledCursor(cursor).map((text) =>
          faulty({ query: request.query.map(([name, own]) => [name, name === 'cursor' ? text : own]) }),
        ),
      ),
    );
  if (json !== null)
    faults.push(
      ...[0, 1, 2].map(() =>
        fc
          .tuple(fc.nat(), hostileValue)
          .map(([at, value]) => faulty({ body: JSON.stringify(withPlace(json, at, value)) })),
      ),
      hostileText.map((name) => faulty({ body: JSON.stringify({ ...(json as object), [name]: name }) })),
      fc.nat({ max: 40 }).map((cut) => faulty({ body: (request.body ?? '').slice(0, -1 - cut) })),
      fc.constant(faulty({ body: `\ufeff${request.body}` })),
      fc.constant(faulty({ body: null })),
      fc.constant(
        faulty({ body: Buffer.from(request.body ?? '').toString('base64'), isBase64Encoded: true }),
      ),
    );
  return fc.oneof(...faults);
}

/** The `at`th place of a JSON value, counted round and round, holds another value. */
function withPlace(value: unknown, at: number, other: unknown): unknown {
  const places: (string | number)[][] = [];
  const walk = (inner: unknown, path: (string | number)[]): void => {
    places.push(path);
    if (typeof inner === 'object' && inner !== null)
      for (const [key, child] of Object.entries(inner)) walk(child, [...path, key]);
  };
  walk(value, []);
  const replaced = (inner: unknown, [first, ...rest]: (string | number)[]): unknown => {
    if (first === undefined) return other;
    const copy = Array.isArray(inner) ? [...inner] : { ...(inner as object) };
    Object.assign(copy, { [first]: replaced((inner as Record<string, unknown>)[first], rest) });
    return copy;
  };
  return replaced(value, places[at % places.length] ?? []);
}

/** Null for what is no JSON, as a made-up cursor is none. */
function objectOf(text: string): Record<string, unknown> | null {
  try {
    return text.startsWith('{') ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** Of a run that there never was, of another place or list, or cut short. */
function spoiledCursor(cursor: string): fc.Arbitrary<string> {
  const text = Buffer.from(cursor, 'base64url').toString();
  const encode = (changed: string) => Buffer.from(changed).toString('base64url');
  const cut = fc.nat({ max: 30 }).map((length) => encode(text.slice(0, -1 - length)));
  const fields = objectOf(text);
  if (fields === null)
    return fc.oneof(
      cut,
      hostileText.map((end) => encode(text + end)),
    );
  const other = fc.record(
    {
      runId: fc.oneof(fc.constant('0'.repeat(20)), hostileValue),
      page: fc.oneof(fc.nat({ max: 3 }), hostileValue),
      offset: fc.oneof(fc.nat({ max: 500 }), hostileValue),
      list: hostileValue,
    },
    { requiredKeys: [] },
  );
  return fc.oneof(
    cut,
    other.map((changed) => encode(JSON.stringify({ ...fields, ...changed }))),
  );
}

/** Everything of it is wrong, but for where it goes. */
function hostileRequest(operation: Operation): fc.Arbitrary<FuzzRequest> {
  const variables = operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name }) => name);
  const names = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const cursor = hostileValue.map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
  return fc
    .record({
      variables: fc.record(Object.fromEntries(variables.map((name) => [name, hostileText]))),
      isMatched: fc.boolean(),
      isEncoded: fc.boolean(),
      query: fc.array(
        fc.tuple(fc.oneof(fc.constantFrom('limit', ...names), hostileText), fc.oneof(hostileText, cursor)),
        { maxLength: 3 },
      ),
      headers,
      body: fc.option(fc.oneof({ weight: 60, arbitrary: hostileBody }, { weight: 1, arbitrary: hugeBody })),
      isBase64Encoded: fc.boolean(),
    })
    .map(({ variables: texts, isMatched, isEncoded, ...rest }) => ({
      kind: 'hostile',
      operation,
      method: operation.method,
      path: isEncoded
        ? filled(operation.path, texts)
        : operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
            (texts[name] ?? '').replaceAll('?', '%3F'),
          ),
      matched: isMatched ? texts : null,
      ...rest,
    }));
}

const strayRequest: fc.Arbitrary<FuzzRequest> = fc
  .record({
    path: fc.oneof(hostileText, fc.webPath()),
    method: fc.oneof(fc.constantFrom('GET', 'POST'), hostileText),
    headers,
  })
  .map(({ path, ...rest }) => ({
    kind: 'hostile',
    operation: null,
    path: `/${path.replaceAll('?', '')}`,
    ...{ matched: null, query: [], body: null, isBase64Encoded: false },
    ...rest,
  }));

const filled = (path: string, texts: Record<string, string>): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(texts[name] ?? ''));

/** A lone surrogate, which no URL can hold, becomes what a browser would send. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
