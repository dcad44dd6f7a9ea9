import { lookAgainAtEach } from '../lib/pipeline/lookAgainAtEach.ts';
import { ordersModelDataset } from '../lib/pipeline/purchase/trainOnOrders.ts';
import { trainingDataset } from '../lib/pipeline/trainModel.ts';
import { lookForEach } from './eachTenant.ts';
import { fitInThread } from './fitModel.ts';
import { lookOptions } from './redrive.ts';
import type { InvocationContext } from './wiring/dataWiring.ts';

/** Something changed below `training/`, in the published order history or in the settings, or an hour has passed: look again. */
export const handler = (event?: unknown, context?: InvocationContext) =>
  lookForEach(event, context, (platform) =>
    lookAgainAtEach(
      platform,
      [trainingDataset(fitInThread), ordersModelDataset(fitInThread)],
      lookOptions(event),
    ),
  );
