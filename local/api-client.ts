import type * as z from 'zod/mini';
import type { bidListSchema } from '../functions/http/bidSchemas.ts';
import type {
  purchaseModelSchema,
  runListSchema,
  runSummarySchema,
  segmentsSchema,
} from '../functions/http/schemas.ts';
import type { valueModelSchema } from '../functions/http/valueSchemas.ts';
import type { summarySchema } from '../functions/http/wordsSchemas.ts';

export type RunSummary = z.infer<typeof runSummarySchema>;
export type Segments = z.infer<typeof segmentsSchema>;
export type PurchaseModel = z.infer<typeof purchaseModelSchema>;
export type ValueModel = z.infer<typeof valueModelSchema>;
export type BidList = z.infer<typeof bidListSchema>;
export type RunInWords = z.infer<typeof summarySchema>;

/** What the start-up asks of our HTTP API. Null where nothing is published yet. */
export interface ApiClient {
  runs(): Promise<RunSummary[]>;
  segments(): Promise<Segments | null>;
  model(): Promise<PurchaseModel | null>;
  valueModel(): Promise<ValueModel | null>;
  bids(): Promise<BidList | null>;
  inWords(runId: string): Promise<RunInWords | null>;
}

export function apiClient(baseUrl: string): ApiClient {
  const get = async <Answer>(path: string): Promise<Answer | null> => {
    const response = await fetch(`${baseUrl}${path}`);
    const body: unknown = await response.json();
    if (response.ok) return body as Answer;
    if (response.status === 404) return null;
    throw new Error(`GET ${path} answered ${response.status}: ${JSON.stringify(body)}`);
  };
  return {
    runs: async () => (await get<z.infer<typeof runListSchema>>('/runs?limit=200'))?.runs ?? [],
    segments: () => get<Segments>('/segments'),
    model: () => get<PurchaseModel>('/models/purchase'),
    valueModel: () => get<ValueModel>('/models/value'),
    bids: () => get<BidList>('/bids?limit=500'),
    inWords: (runId) => get<RunInWords>(`/runs/${runId}/summary`),
  };
}

/** The newest run of every dataset; the API lists newest first. */
export function latestRuns(runs: RunSummary[]): Map<string, RunSummary> {
  const latest = new Map<string, RunSummary>();
  for (const run of runs) if (!latest.has(run.dataset)) latest.set(run.dataset, run);
  return latest;
}
