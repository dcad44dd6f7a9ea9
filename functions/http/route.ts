import type * as z from 'zod/mini';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import type { ProblemKind } from './problem.ts';
import { type HttpRequest, readJson, readQuery } from './request.ts';
import { parseOrRefuse } from './validation.ts';

type Shape = z.ZodMiniType;

/** One operation of the API: what it takes and gives, for the router and for the OpenAPI document alike. */
export interface RouteFacts {
  method: 'GET' | 'POST' | 'DELETE';
  /** Variables in braces; the last may hold slashes when it ends the path. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  tag:
    | 'service'
    | 'runs'
    | 'customers'
    | 'model'
    | 'bids'
    | 'words'
    | 'files'
    | 'privacy'
    | 'campaigns'
    | 'products';
  /** Beyond 405 and 500, which every path knows. */
  problems: readonly ProblemKind[];
  /** What a variable of the path holds. */
  parameters?: Record<string, string>;
  query?: Shape;
  body?: Shape;
  answer: Shape;
  /** Sends who asks on to the `url` of the answer. */
  redirects?: true;
}

export interface Route extends RouteFacts {
  respond(request: HttpRequest, parameters: Record<string, string>, wiring: ApiWiring): Promise<object>;
}

interface Parsed<Query, Body> {
  parameters: Record<string, string>;
  query: Query;
  body: Body;
}

type Infer<Schema> = Schema extends Shape ? z.infer<Schema> : undefined;

/** An answer, whose long lists may be made while they are written. */
type Yielding<Answer> = Answer extends object
  ? {
      [Field in keyof Answer]: Answer[Field] extends readonly (infer Entry)[]
        ? Iterable<Entry>
        : Answer[Field];
    }
  : never;

/** Binds an operation to its function: that one sees parsed values only, and must answer what `answer` says. */
export function route<const Facts extends RouteFacts>(
  facts: Facts,
  answer: (
    request: Parsed<Infer<Facts['query']>, Infer<Facts['body']>>,
    wiring: ApiWiring,
  ) => Promise<Yielding<z.infer<Facts['answer']>>>,
): Route {
  return {
    ...facts,
    respond: (request, parameters, wiring) => {
      const query = parseQuery(facts, request) as Infer<Facts['query']>;
      const body = parseBody(facts, request) as Infer<Facts['body']>;
      return answer({ parameters, query, body }, wiring);
    },
  };
}

function parseQuery({ query }: RouteFacts, { queryString }: HttpRequest): unknown {
  return query && parseOrRefuse(query, readQuery(queryString), 'query');
}

function parseBody({ body }: RouteFacts, request: HttpRequest): unknown {
  return body && parseOrRefuse(body, readJson(request.body), 'body');
}
