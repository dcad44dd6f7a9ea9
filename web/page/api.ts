import type { ProblemAnswer } from '../answers.ts';

/** What the page asks the API, and what can go wrong on the way, in a form that can be told. */
export interface Api {
  /** The answer; null where nothing is published yet, or nobody is known by that name. Throws `Trouble`. */
  get<Answer>(path: string, signal?: AbortSignal): Promise<Answer | null>;
  post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer>;
}

/** `title` and `detail` are the API's own words; without an answer both are null. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  constructor(
    readonly status: number | null,
    readonly problem: ProblemAnswer | null,
  ) {
    super(problem?.detail ?? `status ${status}`);
  }
}

/** After that, an answer is no longer waited for. */
const patienceMs = 30_000;

export function connect(
  baseUrl: string,
  { token, onUnauthorized }: { token: () => string | null; onUnauthorized: () => void },
): Api {
  async function ask<Answer>(path: string, init: RequestInit, signal?: AbortSignal): Promise<Answer | null> {
    const bearer = token();
    const headers = new Headers(init.headers);
    if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`);
    const limit = AbortSignal.timeout(patienceMs);
    const response = await fetch(`${baseUrl}${path}`, {
      ...init,
      headers,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Trouble(null, null);
    });
    if (response.status === 401) onUnauthorized();
    const body: unknown = await response.json().catch(() => null);
    if (response.ok && body !== null) return body as Answer;
    if (response.status === 404 && isNothing(body)) return null;
    throw new Trouble(response.status, isProblem(body) ? body : null);
  }
  return {
    get: (path, signal) => ask(path, {}, signal),
    async post<Answer>(path: string, body: unknown, signal?: AbortSignal) {
      const headers = { 'content-type': 'application/json' };
      const answer = await ask<Answer>(path, { method: 'POST', headers, body: JSON.stringify(body) }, signal);
      if (answer === null) throw new Trouble(404, null);
      return answer;
    },
  };
}

const isProblem = (body: unknown): body is ProblemAnswer =>
  typeof body === 'object' && body !== null && 'title' in body && 'detail' in body;

const isNothing = (body: unknown): boolean =>
  isProblem(body) && ['/problems/nothing-published', '/problems/not-found'].includes(body.type);
