import { lookAgain } from '../lib/pipeline/lookAgain.ts';
import { trainingDataset } from '../lib/pipeline/trainModel.ts';
import { dataWiring } from './wiring.ts';

/** Something changed below `training/`, or in the settings, or an hour has passed: look again. */
export const handler = () => lookAgain(dataWiring(), trainingDataset);
