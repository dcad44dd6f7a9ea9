import type { LocalCloud } from './cloud.ts';
import type { Service } from './service.ts';
import { withoutIntrinsics } from './service.ts';
import type { LocalSettings } from './settings.ts';

/**
 * What a function finds in its environment, the same as on AWS but for the endpoints, which every AWS SDK reads by
 * itself: handlers have no local branch. Any credentials do.
 */
export function functionEnvironment(
  service: Service,
  settings: LocalSettings,
  codeVersion: string,
): Record<string, string> {
  const declared = withoutIntrinsics(service, service.provider.environment) as Record<string, unknown>;
  const region = service.provider.region;
  return {
    ...Object.fromEntries(Object.entries(declared).map(([name, value]) => [name, String(value)])),
    CODE_VERSION: codeVersion,
    ...localAwsEnvironment(settings, region),
    // On AWS metrics are lines of the log, which CloudWatch reads; here nobody does.
    POWERTOOLS_METRICS_DISABLED: 'true',
    PATH: process.env.PATH ?? '',
    TZ: 'UTC',
  };
}

export const localAwsEnvironment = (
  { s3Port, dynamodbPort, eventsPort }: Pick<LocalSettings, 's3Port' | 'dynamodbPort' | 'eventsPort'>,
  region: string,
): Record<string, string> => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  // The SDK's notice on the Node version of this machine; on AWS the version is another.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3Port}`,
  AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${dynamodbPort}`,
  AWS_ENDPOINT_URL_EVENTBRIDGE: `http://127.0.0.1:${eventsPort}`,
});

/** What the handlers need to be called in a process of one's own, beside a cloud that was started in code. */
export const cloudEnvironment = ({
  s3Endpoint,
  dynamoEndpoint,
  eventsEndpoint,
  uploadsBucket,
  resultsBucket,
  tableName,
}: LocalCloud): Record<string, string> => ({
  AWS_ENDPOINT_URL_S3: s3Endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoEndpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGE: eventsEndpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  UPLOADS_BUCKET: uploadsBucket,
  RESULTS_BUCKET: resultsBucket,
  TABLE_NAME: tableName,
});
