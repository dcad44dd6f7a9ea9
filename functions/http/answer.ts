import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isTenant } from '../../lib/store/tenants.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';
import { Problem } from './problem.ts';
import { type HttpRequest, readRequest } from './request.ts';
import { jsonResult, noContent, problemResult, redirectResult, withoutBody } from './result.ts';
import type { Route } from './route.ts';
import { allowedMethods, matchRoute, type Operation } from './router.ts';

interface Answering {
  routes: readonly Route[];
  /** What another function does on the paths of these, for `allow`. */
  elsewhere?: readonly Operation[];
  wiring: ApiWiring;
}

/** Any event of the gateway gets an answer; what is not a problem of the request is logged and answered as a 500. */
export async function answerHttp(
  event: unknown,
  answering: Answering,
): Promise<APIGatewayProxyStructuredResultV2> {
  let request: HttpRequest | undefined;
  let result: APIGatewayProxyStructuredResultV2;
  try {
    request = readRequest(event);
    result = await answer(request, answering);
  } catch (error) {
    if (!(error instanceof Problem)) logFailure(answering.wiring, error, request);
    result = problemResult(error instanceof Problem ? error : internalError());
  }
  return request?.method === 'HEAD' ? withoutBody(result) : result;
}

async function answer(
  request: HttpRequest,
  { routes, elsewhere = [], wiring }: Answering,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (request.method === 'OPTIONS')
    return noContent({ allow: allowedMethods([...routes, ...elsewhere], request) });
  const { route, parameters } = matchRoute(routes, request, elsewhere);
  const answered = await route.respond(request, parameters, wiringFor(wiring, request));
  return route.redirects ? redirectResult(answered, (answered as { url: string }).url) : jsonResult(answered);
}

/** Where there are several shops: what reaches that of the caller, and nothing of any other. */
function wiringFor(wiring: ApiWiring, { claims }: HttpRequest): ApiWiring {
  if (wiring.tenants === undefined) return wiring;
  const { claim, wiringOf } = wiring.tenants;
  const tenant = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (isTenant(tenant)) return wiringOf(tenant);
  throw new Problem(
    'noTenant',
    "this service answers for several shops, and the caller's token names none of them",
  );
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
