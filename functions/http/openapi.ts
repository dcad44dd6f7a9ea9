import { route } from './route.ts';
import { openApiSchema } from './schemas.ts';

export const openApiRoute = route(
  {
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    summary: 'This document',
    tag: 'service',
    problems: [],
    answer: openApiSchema,
  },
  // loaded when it is asked for, so that a cold start does not pay for it
  async () => (await import('../../docs/openapi.json', { with: { type: 'json' } })).default,
);
