import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerHttp } from './http/answer.ts';
import { rollbackRoute } from './http/rollback.ts';
import { rollbackWiring } from './wiring/apiWiring.ts';

/** `POST /models/purchase/rollback`: apart from the rest of the API, which may change nothing. */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  return answerHttp(event, { routes: [rollbackRoute], wiring: rollbackWiring() });
}
