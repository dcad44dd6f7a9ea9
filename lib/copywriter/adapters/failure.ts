import { type FailureCode, WriterFailed } from '../writer.ts';

/** What became of a request that gave no answer, in words of ours: a server's own may repeat what was sent to it. */
export function failureOf(error: unknown, server: string): WriterFailed {
  if (error instanceof WriterFailed) return error;
  const code = codeOf(error);
  return new WriterFailed(code, sentences[code](server), isTurnedAway(error) ? 0 : null);
}

/** An SDK's error of a request that the service did not take: it cost nothing. */
const isTurnedAway = (error: unknown): boolean =>
  error instanceof Error && '$fault' in error && error.$fault === 'client';

const sentences: Record<ReturnType<typeof codeOf>, (server: string) => string> = {
  timeout: (server) => `${server} did not answer in time (words.timeoutSeconds)`,
  throttled: (server) => `${server} takes no more requests at the moment`,
  unreachable: (server) => `${server} could not be reached, or the connection broke`,
  malformed: (server) => `what ${server} answered was no JSON`,
  failed: (server) => `${server} answered with an error`,
};

function codeOf(
  error: unknown,
): Extract<FailureCode, 'timeout' | 'throttled' | 'unreachable' | 'malformed' | 'failed'> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { name } = cause;
    const system = String((cause as { code?: unknown }).code ?? '');
    if (name === 'TimeoutError' || name === 'AbortError' || system === 'UND_ERR_HEADERS_TIMEOUT')
      return 'timeout';
    if (/Throttling|TooManyRequests|ServiceQuotaExceeded/.test(name)) return 'throttled';
    if (/^(E[A-Z]{4,}|UND_ERR_\w+)$/.test(system) || cause.message === 'aborted') return 'unreachable';
    if (cause instanceof SyntaxError) return 'malformed';
  }
  return 'failed';
}
