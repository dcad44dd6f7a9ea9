import type { Route } from './route.ts';
import { summaryRoute } from './runWords.ts';
import { copyRoute, explanationRoute } from './segmentWords.ts';

/** The operations that answer in words: those of the function \`words\`, which alone may ask a language model. */
export const wordsRoutes: readonly Route[] = [summaryRoute, explanationRoute, copyRoute];
