import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerHttp } from './http/answer.ts';
import { fileRoutes } from './http/fileRoutes.ts';
import { filesWiring } from './wiring/apiWiring.ts';

/** `POST /uploads` and `GET /files…`: addresses that let their caller put one file, or have one. No file passes through here. */
export async function handler(event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  return answerHttp(event, { routes: fileRoutes, wiring: filesWiring() });
}
