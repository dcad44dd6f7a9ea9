import { startLocalCloud } from '../local/cloud.ts';
import { cloudEnvironment } from '../local/environment.ts';

/** S3 and DynamoDB for `bench/valueRun.ts`, in a directory that is given; prints what a function's environment holds. */
const [directory = '.'] = process.argv.slice(2);
const cloud = await startLocalCloud({ directory });
process.stdout.write(
  `${JSON.stringify({
    ...cloudEnvironment(cloud),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3008',
  })}\n`,
);
