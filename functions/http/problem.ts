/** What went wrong with a request, as RFC 9457 wants it told. No text here repeats what the caller sent. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    { errors, headers = {} }: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.errors = errors;
    this.headers = headers;
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }
}

/** One field of the request that is not as it must be; `path` as `ads.0.clickRate`, empty for the whole. */
export interface FieldError {
  path: string;
  message: string;
}

export const problemKinds = {
  noTenant: { status: 403, type: '/problems/no-tenant', title: 'The token names no shop' },
  notFound: { status: 404, type: '/problems/not-found', title: 'Not found' },
  nothingPublished: { status: 404, type: '/problems/nothing-published', title: 'Nothing is published yet' },
  methodNotAllowed: { status: 405, type: '/problems/method-not-allowed', title: 'Method not allowed' },
  conflict: { status: 409, type: '/problems/conflict', title: 'The state has moved on' },
  cursorExpired: { status: 410, type: '/problems/cursor-expired', title: 'The cursor has expired' },
  tooLarge: { status: 413, type: '/problems/too-large', title: 'The request is too large' },
  invalidRequest: { status: 422, type: '/problems/invalid-request', title: 'The request is not valid' },
  internalError: { status: 500, type: '/problems/internal-error', title: 'Something went wrong here' },
} as const;
export type ProblemKind = keyof typeof problemKinds;

export function problemBody({ kind, message, errors }: Problem): Record<string, unknown> {
  const { type, title, status } = problemKinds[kind];
  return { type, title, status, detail: message, ...(errors && { errors }) };
}
