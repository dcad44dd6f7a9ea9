import fc from 'fast-check';
import { type FuzzedApi, openApiDocument } from './api.ts';
import { faultsOf } from './faults.ts';
import { type FuzzRequest, requestsOf } from './requests.ts';

/** Answers by operation (`GET /runs`; `elsewhere`) and status. */
export type Tally = Map<string, Map<number, number>>;

/**
 * Sends requests that are made from docs/openapi.json. Throws, with the smallest request that shows it, where an answer is one that none
 * may be.
 */
export async function fuzz(
  api: FuzzedApi,
  { requests, seed, tally }: { requests: number; seed: number; tally: Tally },
): Promise<void> {
  const property = fc.asyncProperty(requestsOf(openApiDocument, api.known), async (request) => {
    const answer = await api.answer(request);
    count(tally, request, answer.status);
    const faults = faultsOf(request, answer);
    if (faults.length > 0)
      throw new Error(
        `${request.method} ${request.path.slice(0, 200)}: ${faults.join('; ')}\n${answer.text.slice(0, 500)}`,
      );
  });
  await fc.assert(property, { numRuns: requests, seed, endOnFailure: false });
}

function count(tally: Tally, { operation, method }: FuzzRequest, status: number): void {
  const asked =
    operation === null || method !== operation.method ? 'elsewhere' : `${method} ${operation.path}`;
  const byStatus = tally.get(asked) ?? new Map<number, number>();
  tally.set(asked, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
}

/** Operations that were never asked, or never answered with what they are for, or never refused, as words. */
export function hardlyTried(api: FuzzedApi, tally: Tally): { never: string[]; hardly: string[] } {
  const never: string[] = [];
  const hardly: string[] = [];
  for (const { method, path, refuses } of api.operations) {
    const name = `${method} ${path}`;
    const statuses = [...(tally.get(name)?.keys() ?? [])];
    const answers = statuses.includes(200) && (!refuses || statuses.some((status) => status >= 400));
    if (statuses.length === 0) never.push(name);
    else if (!answers) hardly.push(`${name}: ${statuses.join(', ')}`);
  }
  return { never, hardly };
}
