import * as z from 'zod/mini';

/** The folder is the only place that reads the environment and the clock, and that makes clients. */

/** What `serverless.yml` sets, by its schema. */
export function readEnvironment<Schema extends z.ZodMiniType>(schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(`the function's environment lacks ${missing}; serverless.yml sets it`);
}

/** One per process, so that connections are kept. */
export function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** A lost connection is noticed and tried again, instead of being waited for until the function's own end. */
export const patience = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: 1000, requestTimeout },
  maxAttempts: 4,
});

/** Of whatever reads what is published. */
export const apiEnvironment = z.object({
  TABLE_NAME: z.string().check(z.minLength(1)),
  CODE_VERSION: z._default(z.string(), 'development'),
  ID_KEY: z._default(z.string().check(z.minLength(1)), 'development'),
  /** Of the caller's token: which shop it speaks for. Empty: there is one shop. */
  TENANT_CLAIM: z._default(z.string(), ''),
});
