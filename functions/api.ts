import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from './http/problem.ts';
import { type HttpRequest, readRequest } from './http/request.ts';
import { jsonResult, noContent, problemResult, withoutBody } from './http/result.ts';
import { allowedMethods, matchRoute } from './http/router.ts';
import { routes } from './http/routes.ts';
import { type ApiWiring, apiWiring } from './wiring.ts';

/** The HTTP API: one function for every route. It reads the table and computes bids; it changes nothing. */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  // without its environment the function cannot answer, nor log why: that alone is thrown
  const wiring = apiWiring();
  let request: HttpRequest | undefined;
  let result: APIGatewayProxyStructuredResultV2;
  try {
    request = readRequest(event);
    result = await answer(request, wiring);
  } catch (error) {
    if (!(error instanceof Problem)) logFailure(wiring, error, request);
    result = problemResult(error instanceof Problem ? error : internalError());
  }
  return request?.method === 'HEAD' ? withoutBody(result) : result;
}

async function answer(request: HttpRequest, wiring: ApiWiring): Promise<APIGatewayProxyStructuredResultV2> {
  if (request.method === 'OPTIONS') return noContent({ allow: allowedMethods(routes, request) });
  const { route, parameters } = matchRoute(routes, request);
  return jsonResult(await route.respond(request, parameters, wiring));
}

/** The path stays out of the log: it may hold a customer's id. */
function logFailure({ log }: ApiWiring, error: unknown, request: HttpRequest | undefined): void {
  const cause =
    error instanceof Error ? error : new Error(`the api threw what is not an error: ${typeof error}`);
  log.error('a request failed', {
    error: cause,
    requestId: request?.requestId ?? '',
    method: request?.method ?? '',
    routeKey: request?.routeKey ?? '',
  });
}

const internalError = (): Problem =>
  new Problem('internalError', 'this has been logged; the same request may work later');
