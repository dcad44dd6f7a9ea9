/**
 * The local cloud asks nobody who they are. So it is for development alone: it listens on this machine's own address, and does not start
 * where AWS runs it, whatever it was told.
 */
export function assertMayAskNobody(
  environment: Record<string, string | undefined>,
  { host }: { host: string | undefined },
): void {
  const sign = signsOfAws.find((name) => environment[name] !== undefined);
  if (sign !== undefined)
    throw new Error(
      `This is AWS (${sign} is set), and the local cloud asks nobody who they are: it does not start here. Deploy with \`npx serverless deploy\`.`,
    );
  if (host !== '127.0.0.1')
    throw new Error(
      `The local cloud asks nobody who they are, so it listens on 127.0.0.1 alone; serverless.yml says ${host ?? 'nothing'} for the host of serverless-offline.`,
    );
}

/** Set by Lambda, ECS and Fargate, CloudShell, App Runner, Batch and CodeBuild. */
const signsOfAws = [
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_EXECUTION_ENV',
  'ECS_CONTAINER_METADATA_URI',
  'ECS_CONTAINER_METADATA_URI_V4',
  'AWS_BATCH_JOB_ID',
];
