import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerHttp } from './http/answer.ts';
import { routes } from './http/routes.ts';
import { apiWiring } from './wiring/apiWiring.ts';

/** On the paths of this function's routes. */
const elsewhere = [{ method: 'DELETE', path: '/customers/{customerId}' }] as const;

/** The HTTP API: one function for every route that reads. It reads the table and computes bids; it changes nothing. */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  // without its environment the function cannot answer, nor log why: that alone is thrown
  return answerHttp(event, { routes, elsewhere, wiring: apiWiring() });
}
