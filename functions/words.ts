import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerHttp } from './http/answer.ts';
import { wordsRoutes } from './http/wordsRoutes.ts';
import { wordsWiring } from './wiring/apiWiring.ts';

/** What answers in words: apart from the rest of the API, which may ask nobody outside and needs no client for it. */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  return answerHttp(event, { routes: wordsRoutes, wiring: wordsWiring() });
}
