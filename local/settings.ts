import * as z from 'zod/mini';

/** Where the local cloud listens and keeps its state: every setting is an environment variable with a default. */

export const settingVariables = {
  s3Port: 'VALUECAST_S3_PORT',
  dynamodbPort: 'VALUECAST_DYNAMODB_PORT',
  eventsPort: 'VALUECAST_EVENTS_PORT',
  httpPort: 'VALUECAST_HTTP_PORT',
  lambdaPort: 'VALUECAST_LAMBDA_PORT',
  directory: 'VALUECAST_DIRECTORY',
  chaos: 'VALUECAST_CHAOS',
} as const;

export interface LocalSettings {
  s3Port: number;
  dynamodbPort: number;
  /** Where events for others are sent; they go to a file. */
  eventsPort: number;
  httpPort: number;
  /** Where `aws lambda invoke --endpoint-url` finds the functions. */
  lambdaPort: number;
  /** State of buckets, table and failures; kept between starts. */
  directory: string;
  /** Seed of the events' repeats, delays and swaps; null delivers each once, at once and in order. */
  chaosSeed: number | null;
}

export function readSettings(environment: Record<string, string | undefined>): LocalSettings {
  const parsed = settingsSchema.safeParse(environment);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `${issue?.path.join('.')} is "${environment[String(issue?.path[0])]}": ${issue?.message}`,
    );
  }
  const { data } = parsed;
  return {
    s3Port: data.VALUECAST_S3_PORT,
    dynamodbPort: data.VALUECAST_DYNAMODB_PORT,
    eventsPort: data.VALUECAST_EVENTS_PORT,
    httpPort: data.VALUECAST_HTTP_PORT,
    lambdaPort: data.VALUECAST_LAMBDA_PORT,
    directory: data.VALUECAST_DIRECTORY,
    chaosSeed: data.VALUECAST_CHAOS === 'off' ? null : Number(data.VALUECAST_CHAOS),
  };
}

const port = (preset: number) =>
  z._default(
    z.pipe(
      z.string().check(z.refine(isPort, 'a port is a number from 1 to 65535')),
      z.transform((text) => Number(text)),
    ),
    preset,
  );

const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

const settingsSchema = z.object({
  [settingVariables.s3Port]: port(4569),
  [settingVariables.dynamodbPort]: port(8000),
  [settingVariables.eventsPort]: port(4571),
  [settingVariables.httpPort]: port(3000),
  [settingVariables.lambdaPort]: port(3002),
  [settingVariables.directory]: z._default(z.string(), '.local'),
  [settingVariables.chaos]: z._default(
    z.string().check(z.refine((text) => /^(off|\d{1,9})$/.test(text), 'give a seed, or off')),
    '1',
  ),
});
