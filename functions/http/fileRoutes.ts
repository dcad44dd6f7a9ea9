import { fileRoute, filesRoute, reportRoute } from './files.ts';
import type { Route } from './route.ts';
import { uploadsRoute } from './uploads.ts';

/** The operations that need a bucket: apart from the rest of the API, whose bundle and role go without S3. */
export const fileRoutes: readonly Route[] = [uploadsRoute, filesRoute, fileRoute, reportRoute];
