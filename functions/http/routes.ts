import { bidsRoute, suggestBidsRoute } from './bids.ts';
import { actionsRoute, campaignRoute, campaignsRoute, customerActionRoute } from './campaigns.ts';
import { customerRoute } from './customers.ts';
import { healthRoute } from './health.ts';
import { cohortsRoute, migrationRoute, valueModelRoute } from './historyValue.ts';
import { modelsRoute, purchaseModelRoute } from './models.ts';
import { openApiRoute } from './openapi.ts';
import { recommendationsRoute } from './recommendations.ts';
import { rollbackRoute } from './rollback.ts';
import type { Route } from './route.ts';
import { qualityRoute, runRoute, runsRoute } from './runs.ts';
import { segmentCustomersRoute, segmentsRoute } from './segments.ts';
import { simulateBidsRoute } from './simulateBids.ts';
import { stockRoute } from './stock.ts';

/** The operations of the API but for those in words. */
export const routes: readonly Route[] = [
  healthRoute,
  runsRoute,
  // before the one whose last variable may hold slashes
  qualityRoute,
  runRoute,
  // before the one whose variable may hold slashes
  customerActionRoute,
  recommendationsRoute,
  customerRoute,
  campaignsRoute,
  campaignRoute,
  actionsRoute,
  segmentsRoute,
  migrationRoute,
  segmentCustomersRoute,
  cohortsRoute,
  modelsRoute,
  purchaseModelRoute,
  valueModelRoute,
  rollbackRoute,
  stockRoute,
  bidsRoute,
  suggestBidsRoute,
  simulateBidsRoute,
  openApiRoute,
];
