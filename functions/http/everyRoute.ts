import { fileRoutes } from './fileRoutes.ts';
import { privacyRoutes } from './privacyRoutes.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { wordsRoutes } from './wordsRoutes.ts';

/** Every operation of the API, whichever function answers it; serverless.yml and docs/openapi.json name the same ones. */
export const everyRoute: readonly Route[] = [...routes, ...privacyRoutes, ...wordsRoutes, ...fileRoutes];
