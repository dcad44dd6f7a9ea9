import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readServiceFile } from '../../local/service-file.ts';
import { type Answer, answerOf } from '../functions/http/localApi.ts';
import { openApiDocument as committed } from '../functions/http/misfits.ts';
import { openDemoShop } from '../support/demoShop.ts';
import type { Shop } from '../support/shop.ts';
import { type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import { type KnownValues, knownValues } from './knownValues.ts';
import { eventOfRequest, type FuzzRequest } from './requests.ts';

export const openApiDocument = committed as unknown as OpenApiDocument;

/** Every function of serverless.yml that answers over HTTP, over a shop in which everything is published. */
export interface FuzzedApi {
  operations: Operation[];
  known: KnownValues;
  answer(request: FuzzRequest): Promise<Answer>;
  close(): Promise<void>;
}

type Handler = (event: unknown) => Promise<APIGatewayProxyStructuredResultV2>;

export async function openFuzzedApi({
  seed,
  customers,
}: {
  seed: number;
  customers: number;
}): Promise<FuzzedApi> {
  const shop = await openDemoShop({ seed, customers });
  await shop.report();
  const operations = operationsOf(openApiDocument);
  const handlers = await handlersByRoute();
  const known = knownValues();
  await learnFrom(shop, operations, known);
  // the names of a request that no answer has
  const { runId, canGoBackTo } = (await shop.get('/models/purchase')).body;
  known.alias('over', [runId, ...canGoBackTo]);
  known.alias('to', [runId, ...canGoBackTo]);
  // columns and models have names too
  const { campaigns, results } = (await shop.get('/campaigns')).body;
  known.alias(
    'name',
    [...campaigns, ...results].map((one) => one.name ?? one.campaign),
  );
  known.alias('fileName', ['may.csv', 'may.csv.gz']);
  known.alias('head', [Buffer.from('customer_id,spend,frequency\nana,10,2\n').toString('base64')]);
  return {
    operations,
    known,
    answer: async (request) => {
      const route = `${request.method} ${request.operation?.path}`;
      const handler = handlers.get(route) ?? handlers.get('* *');
      if (handler === undefined) throw new Error(`serverless.yml has no function for ${route}`);
      return answerOf(await handler(eventOfRequest(request)));
    },
    close: () => shop.close(),
  };
}

/** Asks for all that can be asked for: first what needs no name, then by the names that this gave. */
async function learnFrom(shop: Shop, operations: Operation[], known: KnownValues): Promise<void> {
  const ask = async (path: string, { path: of }: Operation) => {
    const { body } = await shop.get(path);
    known.learn(body);
    // that of another list is refused
    if (typeof body.cursor === 'string') known.learn({ [`cursor of ${of}`]: body.cursor });
  };
  const reading = operations.filter(({ method }) => method === 'GET');
  const variablesOf = ({ path }: Operation) =>
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  for (const operation of reading.filter((one) => variablesOf(one).length === 0))
    for (const query of ['', '?limit=3']) await ask(operation.path + query, operation);
  for (const operation of reading) {
    const [name] = variablesOf(operation);
    for (const value of name === undefined ? [] : known.of(name).slice(0, 5))
      for (const query of ['', '?limit=3'])
        await ask(operation.path.replace(`{${name}}`, encodeURIComponent(value)) + query, operation);
  }
}

/** As `GET /runs`, and `* *` for all that has no route of its own. */
async function handlersByRoute(): Promise<Map<string, Handler>> {
  const root = join(import.meta.dirname, '../..');
  const { functions } = readServiceFile(root);
  const byRoute = new Map<string, Handler>();
  for (const { handler: place, events } of Object.values(functions)) {
    const routes = events.flatMap(({ httpApi }) =>
      httpApi ? [httpApi as { method: string; path: string }] : [],
    );
    if (routes.length === 0) continue;
    const file = join(root, `${place.split('.')[0]}.ts`);
    const { handler } = (await import(file)) as { handler: Handler };
    for (const { method, path } of routes) byRoute.set(`${method.toUpperCase()} ${path}`, handler);
  }
  return byRoute;
}
