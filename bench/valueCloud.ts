import { startLocalCloud } from '../local/cloud.ts';

/** S3 and DynamoDB for `bench/valueRun.ts`, in a directory that is given; prints what a function's environment holds. */
const [directory = '.'] = process.argv.slice(2);
const cloud = await startLocalCloud({ directory });
process.stdout.write(
  `${JSON.stringify({
    AWS_ENDPOINT_URL_S3: cloud.s3Endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamoEndpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    UPLOADS_BUCKET: cloud.uploadsBucket,
    RESULTS_BUCKET: cloud.resultsBucket,
    TABLE_NAME: cloud.tableName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3008',
  })}\n`,
);
