import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerHttp } from './http/answer.ts';
import { privacyRoutes } from './http/privacyRoutes.ts';
import { privacyWiring } from './wiring/apiWiring.ts';

/** Who is erased, and who no longer: apart from the rest of the API, which may change nothing. */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  return answerHttp(event, { routes: privacyRoutes, wiring: privacyWiring() });
}
