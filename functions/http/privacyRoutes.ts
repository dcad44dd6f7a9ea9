import { eraseCustomerRoute, erasureRoute, liftErasureRoute } from './erasures.ts';
import type { Route } from './route.ts';

/** The operations on the list of the erased: those of the function `privacy`, so that the API's bundle goes without writing. */
export const privacyRoutes: readonly Route[] = [eraseCustomerRoute, erasureRoute, liftErasureRoute];
