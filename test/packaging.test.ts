import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import JSZip from 'jszip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesOfCustomers } from '../lib/pipeline/erasure/eraseObjects.ts';
import { codeVersion } from '../local/bundle.ts';
import { projectDirectory } from '../local/cloud.ts';
import { webHeaders } from '../local/web-headers.ts';
import { copyProject } from './local/project-copy.ts';
import { controls, type Resource } from './support/templateControls.ts';

const project = copyProject();
afterAll(() => project.remove());

const besideOrders = [
  ...readdirSync(join(project.directory, 'lib/features/sql')).map((file) => `functions/sql/${file}`),
  ...['duckdb.node', 'libduckdb.so', 'package.json'].map(
    (file) => `node_modules/@duckdb/node-bindings-linux-arm64/${file}`,
  ),
];

const framework = join(project.directory, 'node_modules/serverless/bin/serverless.js');
const functionNames = [
  'api',
  'words',
  'files',
  'rollback',
  'privacy',
  'erase',
  'segment',
  'train',
  'score',
  'bid',
  'orders',
  'campaigns',
  'products',
  'report',
];

/** The environment of `words` in a deployment that names no language model. */
const noModels = {
  BEDROCK_MODEL: '',
  BEDROCK_INFERENCE_PROFILE: '',
  BEDROCK_GUARDRAIL: '',
  BEDROCK_GUARDRAIL_VERSION: '1',
  BEDROCK_OUTPUT: 'jsonSchema',
  OPENAI_URL: '',
  OPENAI_MODEL: '',
  OPENAI_OUTPUT: 'jsonSchema',
  OPENAI_KEY_PARAMETER: '',
  OPENAI_KEY_SECRET: '',
};

/** Without credentials, and without any network where this machine lets us take it away. */
async function packageStage(stage: string, ...parameters: string[]): Promise<Record<string, Resource>> {
  const [command = '', ...args] = [
    ...withoutNetwork(),
    process.execPath,
    framework,
    'package',
    '--stage',
    stage,
    ...parameters.map((parameter) => `--param=${parameter}`),
  ];
  await promisify(execFile)(command, args, {
    cwd: project.directory,
    // Nothing answers there, so that no test fetches anything.
    env: {
      PATH: process.env.PATH,
      HOME: project.directory,
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
    },
  });
  const path = join(project.directory, '.serverless/cloudformation-template-update-stack.json');
  return JSON.parse(readFileSync(path, 'utf8')).Resources;
}

/** Stands where npm would have put the real one of 70 MB. */
function placeBinding(): void {
  const name = 'node_modules/@duckdb/node-bindings-linux-arm64';
  const lock = JSON.parse(readFileSync(join(project.directory, 'package-lock.json'), 'utf8'));
  const locked = lock.packages[name];
  const prefix = join(project.directory, '.local/bindings', `linux-arm64-${locked.version}`);
  mkdirSync(join(prefix, name), { recursive: true });
  for (const file of ['duckdb.node', 'libduckdb.so', 'package.json'])
    writeFileSync(join(prefix, name, file), file);
  const installed = { packages: { [name]: locked } };
  writeFileSync(join(prefix, 'node_modules/.package-lock.json'), JSON.stringify(installed));
}

function withoutNetwork(): string[] {
  try {
    execFileSync('unshare', ['-rn', 'true'], { stdio: 'ignore' });
    return ['unshare', '-rn'];
  } catch {
    return [];
  }
}

const ofType = (template: Record<string, Resource>, type: string): Record<string, Resource['Properties']> =>
  Object.fromEntries(
    Object.entries(template)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, { Properties }]) => [logicalId, Properties]),
  );

describe('serverless package --stage prod', () => {
  let template: Record<string, Resource>;
  beforeAll(async () => {
    placeBinding();
    template = await packageStage('prod');
  }, 300_000);

  const zipOf = async (name: string) => {
    const content = readFileSync(join(project.directory, '.serverless', `${name}.zip`));
    return { bytes: content.length, zip: await JSZip.loadAsync(content) };
  };

  it.each(functionNames)(
    'zips %s as one file that loads by itself, with what it needs beside it',
    async (name) => {
      const { bytes, zip } = await zipOf(name);
      const beside = ['orders', 'erase'].includes(name) ? besideOrders : [];
      expect(Object.keys(zip.files)).toEqual([`functions/${name}.cjs`, ...beside]);
      expect(bytes).toBeLessThan(1024 * 1024);
      const path = join(project.directory, `${name}-unzipped.cjs`);
      writeFileSync(path, (await zip.file(`functions/${name}.cjs`)?.async('nodebuffer')) ?? '');
      const loaded = execFileSync(
        process.execPath,
        ['-p', `typeof require(${JSON.stringify(path)}).handler`],
        {
          cwd: '/',
          encoding: 'utf8',
        },
      );
      expect(loaded.trim()).toBe('function');
    },
  );

  it('leaves the S3 client out of the API, which reads the table alone', async () => {
    const { zip } = await zipOf('api');
    const code = (await zip.file('functions/api.cjs')?.async('string')) ?? '';
    expect(code.includes('DynamoDB_20120810')).toBe(true);
    expect(code.includes('ListObjectsV2')).toBe(false);
  });

  it('gives every function arm64, a current runtime, a role of its own and the version of its code', async () => {
    const functions = ofType(template, 'AWS::Lambda::Function');
    expect(Object.keys(functions)).toHaveLength(functionNames.length);
    const roles = new Set(Object.values(functions).map(({ Role }) => JSON.stringify(Role)));
    expect(roles.size).toBe(functionNames.length);
    for (const [id, { Architectures, Runtime, Environment }] of Object.entries(functions)) {
      expect([Architectures, Runtime]).toEqual([['arm64'], 'nodejs22.x']);
      expect(Environment.Variables).toEqual({
        ...(id === 'WordsLambdaFunction' && noModels),
        ...(id === 'ApiLambdaFunction' && { NODE_OPTIONS: '--max-semi-space-size=64' }),
        STAGE: 'prod',
        UPLOADS_BUCKET: { Ref: 'UploadsBucket' },
        RESULTS_BUCKET: { Ref: 'ResultsBucket' },
        TABLE_NAME: { Ref: 'Table' },
        TENANT_CLAIM: '',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's
        ID_KEY: { 'Fn::Sub': '{{resolve:secretsmanager:${IdKey}}}' },
        CODE_VERSION: await codeVersion(project.directory),
      });
    }
  });

  it('lets the function that writes words ask what its parameters name, and only where they name something', () => {
    const policies = ofType(template, 'AWS::IAM::Policy');
    const asked = Object.entries(policies).map(([id, { Roles, PolicyDocument }]) => {
      const statements: { Action: string; Resource: unknown }[] = PolicyDocument.Statement;
      expect(Roles).toEqual([{ Ref: 'WordsRole' }]);
      expect(JSON.stringify(statements.map(({ Resource }) => Resource))).not.toMatch(/"\*"|:\*"/);
      return [id, template[id]?.Condition, statements.map(({ Action }) => Action)];
    });
    expect(asked).toEqual([
      ['AskBedrockModel', 'HasBedrockModel', ['bedrock:InvokeModel']],
      ['AskBedrockProfile', 'HasBedrockProfile', ['bedrock:InvokeModel']],
      ['ApplyBedrockGuardrail', 'HasBedrockGuardrail', ['bedrock:ApplyGuardrail']],
      ['ReadOpenAiKeyParameter', 'HasOpenAiKeyParameter', ['ssm:GetParameter']],
      ['ReadOpenAiKeySecret', 'HasOpenAiKeySecret', ['ssm:GetParameter', 'secretsmanager:GetSecretValue']],
    ]);
  });

  it.each(controls)('keeps $id: $title', ({ violations }) => {
    expect(violations(template)).toEqual([]);
  });

  it('breaks each control when its resources lose what it asks for', () => {
    const bare = Object.fromEntries(
      Object.entries(template).map(([id, { Type }]) => [id, { Type, Properties: withoutFeatures(Type) }]),
    );
    for (const { id, violations } of controls) expect(violations(bare), id).not.toEqual([]);
  });

  it('asks of every caller of the API a signed request', () => {
    const routes = Object.values(ofType(template, 'AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      '$default',
      'DELETE /customers/{customerId}',
      'DELETE /erasures/{customerId}',
      'GET /actions',
      'GET /bids',
      'GET /campaigns',
      'GET /campaigns/{name}',
      'GET /cohorts',
      'GET /customers/{customerId}',
      'GET /customers/{customerId}/action',
      'GET /customers/{customerId}/recommendations',
      'GET /erasures/{customerId}',
      'GET /files',
      'GET /files/{key}',
      'GET /health',
      'GET /models',
      'GET /models/purchase',
      'GET /models/value',
      'GET /openapi.json',
      'GET /runs',
      'GET /runs/{runId}',
      'GET /runs/{runId}/quality',
      'GET /runs/{runId}/report',
      'GET /runs/{runId}/summary',
      'GET /segments',
      'GET /segments/migration',
      'GET /segments/{segment}/customers',
      'GET /segments/{segment}/explanation',
      'GET /stock',
      'POST /bids',
      'POST /bids/simulate',
      'POST /campaigns/{segment}/copy',
      'POST /models/purchase/rollback',
      'POST /uploads',
    ]);
    for (const { AuthorizationType } of routes) expect(AuthorizationType).toBe('AWS_IAM');
  });

  it('lets the dashboard do what it may do on a machine of one’s own, and nothing else', () => {
    const { SecurityHeadersConfig: headers, CustomHeadersConfig: custom } =
      template.WebHeaders?.Properties.ResponseHeadersPolicyConfig ?? {};
    const connect = ['HttpApi}.execute-api', 'UploadsBucket}.s3'].map(
      (host) => `https://\${${host}.\${AWS::Region}.\${AWS::URLSuffix}`,
    );
    const local = webHeaders(connect);
    expect({
      'content-security-policy': headers.ContentSecurityPolicy.ContentSecurityPolicy['Fn::Sub'].replace(
        ' ;',
        ';',
      ),
      'x-content-type-options': headers.ContentTypeOptions.Override && 'nosniff',
      'x-frame-options': headers.FrameOptions.FrameOption,
      'referrer-policy': headers.ReferrerPolicy.ReferrerPolicy,
      ...Object.fromEntries(
        custom.Items.map(({ Header, Value }: { Header: string; Value: string }) => [Header, Value]),
      ),
    }).toEqual(local);
  });

  it('retries what EventBridge cannot deliver, and then keeps it in a queue that lets it in', () => {
    const rules = Object.values(ofType(template, 'AWS::Events::Rule'));
    expect(rules.length).toBeGreaterThanOrEqual(11);
    for (const { Targets } of rules)
      expect(Targets[0]).toMatchObject({
        RetryPolicy: { MaximumRetryAttempts: 20 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UndeliveredQueue', 'Arn'] } },
      });
    expect(template.UndeliveredQueuePolicy?.Properties).toMatchObject({
      Queues: [{ Ref: 'UndeliveredQueue' }],
      PolicyDocument: {
        Statement: expect.arrayContaining([
          expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }),
        ]),
      },
    });
  });

  it('tries an asynchronous invocation twice more, and then keeps it in a queue', () => {
    const configurations = Object.values(ofType(template, 'AWS::Lambda::EventInvokeConfig'));
    expect(configurations).toHaveLength(9);
    for (const { MaximumRetryAttempts, DestinationConfig } of configurations) {
      expect(MaximumRetryAttempts).toBe(2);
      expect(DestinationConfig.OnFailure).toEqual({ Destination: { 'Fn::GetAtt': ['FailedQueue', 'Arn'] } });
    }
  });

  it('sends the events of both buckets, and lets rejected rows go after a month', () => {
    const { UploadsBucket, ResultsBucket } = ofType(template, 'AWS::S3::Bucket');
    for (const bucket of [UploadsBucket, ResultsBucket])
      expect(bucket?.NotificationConfiguration).toEqual({
        EventBridgeConfiguration: { EventBridgeEnabled: true },
      });
    expect(ResultsBucket?.LifecycleConfiguration.Rules).toContainEqual(
      expect.objectContaining({ Prefix: 'rejects/', ExpirationInDays: 30 }),
    );
    expect(JSON.stringify(UploadsBucket?.BucketName)).toMatch(/valuecast-prod-uploads-.*AWS::AccountId/);
  });

  it('lets a function take out of the results what it holds of customers, and nothing else', () => {
    const rewriting = template.EraseRole?.Properties.Policies[0].PolicyDocument.Statement.find(
      ({ Sid }: { Sid: string }) => Sid === 'rewriteResults',
    );
    const arns: string[] = rewriting.Resource.map((arn: { 'Fn::Sub': string }) => arn['Fn::Sub']);
    expect(arns.map((arn) => arn.replace(/^.*?\.Arn}\//, '').replace(/\*$/, ''))).toEqual(placesOfCustomers);
  });

  it.each(['customers', 'training', 'orders/model', 'scoring/*', 'orders/scores', 'ads', 'orders'])(
    'lets a run of %s be handed over: one role may write the word for it, and one rule wakes the function',
    (dataset) => {
      const roles = Object.values(ofType(template, 'AWS::IAM::Role')).filter((role) =>
        JSON.stringify(role).includes(
          `.Arn}/handovers/${dataset.replace('/*', '/*"').replace(/([^"])$/, '$1.json"')}`,
        ),
      );
      const rules = Object.values(ofType(template, 'AWS::Events::Rule')).filter((rule) =>
        JSON.stringify(rule).includes(`"handovers/${dataset}.json"`),
      );
      expect([roles.length, rules.length]).toEqual([1, 1]);
    },
  );

  it('watches every function, dataset and queue with its alarms', () => {
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm');
    const watched = JSON.stringify(alarms);
    for (const name of functionNames) expect(watched).toContain(`valuecast-prod-${name}`);
    for (const dataset of ['customers', 'training', 'scoring', 'ads', 'orders', 'campaigns', 'products'])
      expect(JSON.stringify(alarms.ResultsBehind)).toContain(`"${dataset}"`);
    for (const queue of ['FailedQueue', 'UndeliveredQueue'])
      expect(JSON.stringify(alarms.WaitingFailures)).toContain(queue);
  });

  it('stops the functions that read uploads, and no other, when the budget is used up', () => {
    const { Roles } = template.StopIngest?.Properties.Definition.IamActionDefinition ?? {};
    const reading = Object.values(ofType(template, 'AWS::Lambda::Function'))
      .map(({ Role }) => Role['Fn::GetAtt'][0])
      .filter(
        (role) =>
          !['ApiRole', 'FilesRole', 'RollbackRole', 'PrivacyRole', 'EraseRole', 'ReportRole'].includes(role),
      );
    expect(Roles.map(({ Ref }: { Ref: string }) => Ref).sort()).toEqual(reading.sort());
  });
});

/** What the shapes of the controls need so that they can be asked at all, and nothing that would satisfy them. */
function withoutFeatures(type: string): Resource['Properties'] {
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }];
  const PolicyDocument = { Statement };
  switch (type) {
    case 'AWS::IAM::Role':
      return { AssumeRolePolicyDocument: PolicyDocument, Policies: [{ PolicyDocument }] };
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::SNS::TopicPolicy':
    case 'AWS::SQS::QueuePolicy':
      return { PolicyDocument };
    case 'AWS::S3::BucketPolicy':
      return { Bucket: {}, PolicyDocument: { Statement: [] } };
    case 'AWS::Events::Rule':
      return { Targets: [{}] };
    case 'AWS::Lambda::Function':
      return { Handler: 'functions/segment.handler' };
    default:
      return {};
  }
}

/** For what does not depend on the functions' code, which takes most of the time: a line for each, but for those that are named. */
function shortenFunctions(...kept: string[]): void {
  for (const name of functionNames) {
    const path = join('functions', `${name}.ts`);
    if (kept.includes(name)) cpSync(join(projectDirectory, path), join(project.directory, path));
    else writeFileSync(join(project.directory, path), 'export const handler = async () => {};\n');
  }
}

describe('serverless package --stage prod --param=callers=jwt', () => {
  beforeAll(() => shortenFunctions());

  it("asks for a token of the shop's own sign-in, with the scope of what a route does", async () => {
    const template = await packageStage(
      'prod',
      'callers=jwt',
      'jwtIssuer=https://a.example',
      'jwtAudience=b',
      'tenantClaim=custom:shop',
    );
    expect(template.ApiLambdaFunction?.Properties.Environment.Variables.TENANT_CLAIM).toBe('custom:shop');
    // what test/local/tenants.test.ts looks at one by one is in the template
    for (const reach of ['"TENANT#*#DATASETS"', '/tenants/*/runs/*', '"rejectsOfTenants"'])
      expect(JSON.stringify(template)).toContain(reach);
    const [authorizer] = Object.values(ofType(template, 'AWS::ApiGatewayV2::Authorizer'));
    expect(authorizer?.JwtConfiguration).toEqual({ Issuer: 'https://a.example', Audience: ['b'] });
    expect(configOf(template)).toEqual({
      apiUrl: 'https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}',
      signIn: {
        issuer: 'https://a.example',
        clientId: '',
        scopes: ['valuecast/read', 'valuecast/bid', 'valuecast/admin'],
      },
    });
    for (const { RouteKey, AuthorizationType, AuthorizationScopes } of Object.values(
      ofType(template, 'AWS::ApiGatewayV2::Route'),
    )) {
      expect([RouteKey, AuthorizationType]).toEqual([RouteKey, 'JWT']);
      expect([RouteKey, ...AuthorizationScopes]).toEqual([RouteKey, scopeOf(RouteKey)]);
    }
  });

  it('is not packaged without an issuer and an audience', async () => {
    await expect(packageStage('prod', 'callers=jwt')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/issuerUrl(.|\n)*audience/),
    });
  });
});

/** What the distribution answers to /config.json. */
function configOf(template: Record<string, Resource>): unknown {
  const code = template.WebConfig?.Properties.FunctionCode['Fn::Sub'];
  return JSON.parse(/data: '(.*)'/.exec(code)?.[1] ?? '');
}

const scopeOf = (routeKey: string): string => {
  if (/^POST \/bids/.test(routeKey)) return 'valuecast/bid';
  return /^(GET (?!\/erasures)|\$default|POST \/campaigns)/.test(routeKey)
    ? 'valuecast/read'
    : 'valuecast/admin';
};

describe('serverless package --stage local', () => {
  it('names the buckets without an account', async () => {
    shortenFunctions();
    const template = await packageStage('local');
    expect(template.UploadsBucket?.Properties.BucketName).toEqual({ 'Fn::Sub': 'valuecast-local-uploads' });
  });
});

describe('a function that does not bundle', () => {
  it('fails the packaging, and says where', async () => {
    shortenFunctions();
    const path = join(project.directory, 'functions/bid.ts');
    writeFileSync(path, `import { nothing } from './nowhere.ts';\nexport const handler = () => nothing;\n`);
    await expect(packageStage('prod')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/functions\/bid\.ts:1:\d+/),
    });
  });
});

describe('a native binding that cannot be had', () => {
  it('fails the packaging, and says which and for what', async () => {
    shortenFunctions('orders');
    rmSync(join(project.directory, '.local/bindings'), { recursive: true, force: true });
    await expect(packageStage('prod')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /@duckdb\/node-bindings-linux-arm64@[\d.r-]+, which the packaged functions need/,
      ),
    });
  });
});
