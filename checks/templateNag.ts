import { createRequire } from 'node:module';
import { resolve } from 'node:path';

/**
 * `npm run check:template-nag`: the packaged CloudFormation under cdk-nag's packs (AwsSolutions, Serverless), read through `CfnInclude`. Its
 * packages weigh 190 MB, so that they are installed apart, by `.ci/run` into `.build/cdk-nag`. Each finding is mended, or accepted here with
 * its reason; a reason that no finding asks for any more fails as well.
 */
const root = resolve(import.meta.dirname, '..');
const template = resolve(root, '.serverless/cloudformation-template-update-stack.json');
const load = createRequire(resolve(root, '.build/cdk-nag/package.json'));

const accepted: { finding: RegExp; reason: string }[] = [
  {
    finding: /^AwsSolutions-IAM5\[Resource::arn:.*:log-group:\/aws\/lambda\/[\w-]+:\*\]$/,
    reason: 'a function makes the streams of its own log group, whose names Lambda chooses',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<UploadsBucket\.Arn>\/\w+\/\*\]$/,
    reason: 'the folder is the table: what files a shop puts there is for the shop to say',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<ResultsBucket\.Arn>\/[\w/*-]+(\.csv)?\]$/,
    reason:
      'objects carry the id of their run, or the name of what they are of; each function has its own folders',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<ResultsBucket\.Arn>\/\*\.csv\]$/,
    reason:
      'the function that signs downloads lets files of results be had, whichever their names, and nothing else',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::.*bedrock:\*::foundation-model/,
    reason: 'an inference profile may send a request to another region; the model is one',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    reason: 'X-Ray knows no resources; traces are written alone',
  },
  {
    finding: /^AwsSolutions-S1$/,
    reason:
      'people reach objects by signed addresses that the API logs; else our roles alone may, as CloudTrail shows',
  },
  {
    finding: /^AwsSolutions-SMG4$/,
    reason: 'the list of the erased is of hashes under this secret: another one would find nobody on it',
  },
  {
    finding: /^(AwsSolutions-L1|Serverless-LambdaLatestVersion)$/,
    reason: 'nodejs22.x is supported to April 2027, and what the native binding of DuckDB is tried on',
  },
  {
    finding: /^(AwsSolutions-SQS3|Serverless-SQSRedrivePolicy)$/,
    reason: 'both queues are where dead letters end',
  },
  {
    finding: /^Serverless-LambdaDLQ$/,
    reason: 'events that fail go to an on-failure destination, which tells more; requests are answered',
  },
  { finding: /^Serverless-SNSRedrivePolicy$/, reason: 'the one subscription is the e-mail of who watches' },
  { finding: /^AwsSolutions-CFR1$/, reason: 'a shop may be anywhere, and so may who runs it' },
  {
    finding: /^AwsSolutions-CFR2$/,
    reason:
      'the distribution serves files of ours alone; the API behind them asks for a token, and is throttled',
  },
  {
    finding: /^AwsSolutions-CFR3$/,
    reason: 'the same files for everybody: who asked for them tells nothing of a shop',
  },
  {
    finding: /^AwsSolutions-CFR4$/,
    reason: 'the certificate of cloudfront.net; a domain of the shop’s own would set more',
  },
];

interface Report {
  violations: {
    ruleName: string;
    description: string;
    violatingResources: { resourceLogicalId?: string; constructPath?: string }[];
  }[];
}

function findings(): Report['violations'] {
  const { App, Stack } = load('aws-cdk-lib');
  const { CfnInclude } = load('aws-cdk-lib/cloudformation-include');
  const { AwsSolutionsChecks, ServerlessChecks } = load('cdk-nag');
  const app = new App();
  const stack = new Stack(app, 'valuecast');
  new CfnInclude(stack, 'Template', { templateFile: template });
  return [AwsSolutionsChecks, ServerlessChecks].flatMap(
    (Pack) => (new Pack(app).validateScope(stack) as Report).violations,
  );
}

const found = findings();
const open = found.filter(({ ruleName }) => !accepted.some(({ finding }) => finding.test(ruleName)));
const stale = accepted.filter(({ finding }) => !found.some(({ ruleName }) => finding.test(ruleName)));
for (const { ruleName, description, violatingResources } of open)
  console.log(
    `${ruleName}: ${description} ${violatingResources.map(({ constructPath }) => constructPath).join(' ')}`,
  );
for (const { finding, reason } of stale)
  console.log(`accepted, and not found any more: ${finding} (${reason})`);
console.log(
  `cdk-nag: ${found.length} findings, ${found.length - open.length} accepted with a reason, ${open.length} open`,
);
process.exitCode = open.length + stale.length === 0 ? 0 : 1;
