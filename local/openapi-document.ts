import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { everyRoute } from '../functions/http/everyRoute.ts';
import { problemKinds } from '../functions/http/problem.ts';
import type { Route } from '../functions/http/route.ts';
import { problemSchema } from '../functions/http/schemas.ts';
import { openApiComponents } from './openapi-components.ts';

type Json = Record<string, unknown>;

/** The API as OpenAPI 3.1, from the routes and the schemas that the function itself uses. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Valuecast',
      version: packageVersion(),
      description:
        'Who is worth what, who buys next, and what to bid. Every answer about customers or bids names the run that it is read from, ' +
        'and is of that run alone. Numbers of money are in major units of the `currency` beside them.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: 'http://127.0.0.1:3000',
        description: 'The local cloud (`npm start`); it asks for no signature.',
      },
      {
        url: 'https://{apiId}.execute-api.{region}.amazonaws.com',
        description: 'On AWS; the stack puts out the address.',
        variables: { apiId: { default: 'apiId' }, region: { default: 'eu-central-1' } },
      },
    ],
    security: [{ awsSignature: [] }],
    tags,
    paths: paths(),
    components: {
      securitySchemes: { awsSignature },
      schemas: openApiComponents.schemas,
    },
  };
}

const tags = [
  { name: 'service', description: 'The service itself.' },
  { name: 'runs', description: 'What was made of the uploads, and what was wrong with them.' },
  { name: 'customers', description: 'Customers and their segments.' },
  { name: 'products', description: 'What is going to be sold, and ordered.' },
  { name: 'model', description: 'The purchase model.' },
  { name: 'privacy', description: 'Erasing a customer, and what became of it.' },
  { name: 'bids', description: 'Bids for advertisements.' },
  { name: 'words', description: 'Results in words, and copy for campaigns.' },
  { name: 'files', description: 'Uploading tables, and downloading what came of them.' },
  { name: 'campaigns', description: 'Campaigns, calls, and what to do next about a customer.' },
];

const awsSignature = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  'x-amazon-apigateway-authtype': 'awsSigv4',
  description: 'AWS Signature Version 4, service `execute-api`.',
};

function paths(): Json {
  const byPath: Record<string, Json> = {};
  for (const route of everyRoute)
    byPath[route.path] = { ...byPath[route.path], [route.method.toLowerCase()]: operation(route) };
  return byPath;
}

function operation(route: Route): Json {
  const { operationId, summary, description, tag, body } = route;
  const parameters = [...pathParameters(route), ...queryParameters(route)];
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: openApiComponents.refTo(body) } },
      },
    }),
    responses: responses(route),
  };
}

const pathParameters = ({ parameters = {} }: Route): Json[] =>
  Object.entries(parameters).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }));

function queryParameters({ query }: Route): Json[] {
  if (!query) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Json;
    return { name, in: 'query', required: false, description, schema };
  });
}

function responses({ answer, problems, redirects }: Route): Json {
  const byStatus: Record<number, string> = {};
  for (const kind of [...problems, 'noTenant', 'methodNotAllowed'] as const) {
    const { status, title } = problemKinds[kind];
    byStatus[status] = byStatus[status] === undefined ? title : `${byStatus[status]}, or: ${title}`;
  }
  const failures = Object.entries(byStatus).map(([status, title]) => [status, problemResponse(`${title}.`)]);
  return {
    [redirects ? 302 : 200]: {
      description: redirects ? 'The answer, and its `url` as the place to go on to.' : 'The answer.',
      ...(redirects && { headers: { location: { schema: { type: 'string' } } } }),
      content: { 'application/json': { schema: openApiComponents.refTo(answer) } },
    },
    ...Object.fromEntries(failures),
    default: problemResponse('Any other problem, such as a fault of ours (500).'),
  };
}

const problemResponse = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: openApiComponents.refTo(problemSchema) } },
});

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
