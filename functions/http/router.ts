import { Problem } from './problem.ts';
import type { HttpRequest } from './request.ts';
import type { Route } from './route.ts';

/** What is asked for by method and path. */
export type Operation = Pick<Route, 'method' | 'path'>;

export interface Match {
  route: Route;
  parameters: Record<string, string>;
}

/** The route of a request. HEAD is asked as GET. Throws the 404 or 405 when there is none. */
export function matchRoute(
  routes: readonly Route[],
  request: HttpRequest,
  elsewhere: readonly Operation[] = [],
): Match {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const match = matchesOnPath(routes, request).find(({ route }) => route.method === method);
  if (match) return match;
  const allow = allowedMethods([...routes, ...elsewhere], request);
  throw new Problem('methodNotAllowed', `this path answers ${allow}`, { headers: { allow } });
}

/** The value of the Allow header on the path of a request; throws the 404 when there is no such path. */
export function allowedMethods(routes: readonly Operation[], request: HttpRequest): string {
  const methods = matchesOnPath(routes, request).map(({ route }) => route.method);
  if (methods.length === 0)
    throw new Problem('notFound', 'there is no such path; GET /openapi.json lists those there are');
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

const matchesOnPath = <Some extends Operation>(
  routes: readonly Some[],
  request: HttpRequest,
): { route: Some; parameters: Record<string, string> }[] =>
  routes.flatMap((route) => matchPath(route, request));

function matchPath<Some extends Operation>(route: Some, request: HttpRequest) {
  const parameters = gatewayParameters(route, request) ?? pathParameters(route.path, request.path);
  return parameters ? [{ route, parameters }] : [];
}

/** Where the gateway has matched and decoded, its word counts. */
function gatewayParameters(route: Operation, request: HttpRequest): Record<string, string> | null {
  if (request.routeKey !== `${route.method} ${route.path}`) return null;
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const values = names.map((name) => request.pathParameters[name]);
  if (values.length === 0 || values.some((value) => !value)) return null;
  return Object.fromEntries(names.map((name, index) => [name, values[index] as string]));
}

function pathParameters(pattern: string, path: string): Record<string, string> | null {
  const expected = pattern.slice(1).split('/');
  const given = path.slice(1).split('/');
  // an id may hold slashes, and the gateway decodes %2F before it hands the path over
  if (expected.at(-1)?.startsWith('{')) given.push(given.splice(expected.length - 1).join('/'));
  if (expected.length !== given.length) return null;
  const parameters: [string, string][] = [];
  for (const [index, part] of expected.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== value) return null;
    } else if (value === '') return null;
    else parameters.push([part.slice(1, -1), decoded(value)]);
  }
  return Object.fromEntries(parameters);
}

/** API Gateway hands the path over decoded, other hosts as it came; what does not decode was decoded already. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
