import type { BidList, Quality, Segments } from '../../web/answers.ts';
import type { ReportAnswers } from '../../web/report/reportAnswers.ts';
import { Problem } from '../http/problem.ts';
import { readRequest } from '../http/request.ts';
import { matchRoute } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import type { ApiWiring } from '../wiring/apiWiring.ts';

/**
 * All that the report tells, as the API answers it: it has no figure that the API has not. Of the order history every answer is of one
 * run; where one was published meanwhile, they are asked for again. Throws where that never ends.
 */
export async function readAnswers(wiring: ApiWiring): Promise<ReportAnswers> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const answers = await readOnce(wiring);
    if (areOfOneRun(answers)) return answers;
  }
  throw new Error(`readAnswers met another run of the order history ${attempts} times in a row`);
}

const attempts = 5;

async function readOnce(wiring: ApiWiring): Promise<ReportAnswers> {
  const ask = <Answer>(path: string) => askApi<Answer>(wiring, path);
  const [segments, migration, cohorts, valueModel, model, bids] = await Promise.all([
    ask<Segments>('/segments'),
    ask<ReportAnswers['migration']>('/segments/migration'),
    ask<ReportAnswers['cohorts']>('/cohorts'),
    ask<ReportAnswers['valueModel']>('/models/value'),
    ask<ReportAnswers['model']>('/models/purchase'),
    readBids(wiring),
  ]);
  const runId = segments?.history?.runId;
  const quality = runId === undefined ? null : await ask<Quality>(`/runs/${runId}/quality`);
  return { segments, migration, cohorts, valueModel, model, bids, quality };
}

const areOfOneRun = ({ segments, migration, cohorts, valueModel }: ReportAnswers): boolean =>
  new Set([segments?.history ?? null, migration, cohorts, valueModel].map((answer) => answer?.runId)).size ===
  1;

/** Every ad of one run, as far as a report is read; their number is that of the ads it has looked at. */
async function readBids(wiring: ApiWiring): Promise<BidList | null> {
  const first = await askApi<BidList>(wiring, `/bids?limit=${pageLength}`);
  if (first === null) return null;
  const bids: unknown[] = [...first.bids];
  for (let { cursor } = first; cursor !== undefined && bids.length < mostBids; ) {
    const page = await askApi<BidList>(
      wiring,
      `/bids?limit=${pageLength}&cursor=${encodeURIComponent(cursor)}`,
    );
    bids.push(...(page?.bids ?? []));
    cursor = page?.cursor;
  }
  return { ...first, bids } as BidList;
}

const pageLength = 500;
const mostBids = 20_000;

/** Null where nothing of the kind is published. */
async function askApi<Answer>(wiring: ApiWiring, path: string): Promise<Answer | null> {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const request = readRequest({ rawPath, rawQueryString, requestContext: { http: { method: 'GET' } } });
  const { route, parameters } = matchRoute(routes, request);
  try {
    return (await route.respond(request, parameters, wiring)) as Answer;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
