/**
 * What the packaged CloudFormation must hold, a row each: the number of the control in AWS Foundational Security Best Practices (FSBP)
 * or the question of the Well-Architected Framework (WA) that it answers.
 */
export interface Control {
  id: string;
  title: string;
  /** Logical ids, or what else tells, of whatever breaks it. */
  violations: (template: Template) => string[];
}

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation template is read here as the JSON it is
  Properties: Record<string, any>;
  Condition?: string;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}
export type Template = Record<string, Resource>;

export const controls: Control[] = [
  control('FSBP S3.5', 'buckets refuse what does not come over TLS', 'AWS::S3::Bucket', (_, id, template) =>
    refusesPlain(statementsOn(template, { type: 'AWS::S3::BucketPolicy', property: 'Bucket', id })),
  ),
  control(
    'FSBP S3.8',
    'buckets block public access',
    'AWS::S3::Bucket',
    ({ PublicAccessBlockConfiguration }) =>
      ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].every(
        (name) => PublicAccessBlockConfiguration?.[name] === true,
      ),
  ),
  control('FSBP S3.12', 'buckets have no access lists', 'AWS::S3::Bucket', ({ OwnershipControls }) =>
    OwnershipControls?.Rules.every(
      ({ ObjectOwnership }: { ObjectOwnership: string }) => ObjectOwnership === 'BucketOwnerEnforced',
    ),
  ),
  control('FSBP S3.13', 'buckets let go of what is old', 'AWS::S3::Bucket', ({ LifecycleConfiguration }) =>
    LifecycleConfiguration?.Rules.some(
      (rule: Record<string, unknown>) => rule.Status === 'Enabled' && 'NoncurrentVersionExpiration' in rule,
    ),
  ),
  control(
    'FSBP S3.14',
    'buckets keep versions',
    'AWS::S3::Bucket',
    ({ VersioningConfiguration }) => VersioningConfiguration?.Status === 'Enabled',
  ),
  control(
    'FSBP S3.17',
    'buckets encrypt',
    'AWS::S3::Bucket',
    ({ BucketEncryption }) => BucketEncryption?.ServerSideEncryptionConfiguration.length > 0,
  ),
  control(
    'FSBP DynamoDB.1',
    'the table grows with its use',
    'AWS::DynamoDB::Table',
    ({ BillingMode }) => BillingMode === 'PAY_PER_REQUEST',
  ),
  control(
    'FSBP DynamoDB.2',
    'the table can be put back to any second of 35 days',
    'AWS::DynamoDB::Table',
    ({ PointInTimeRecoverySpecification }) =>
      PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true,
  ),
  control(
    'FSBP DynamoDB.6',
    'the table cannot be deleted by mistake',
    'AWS::DynamoDB::Table',
    ({ DeletionProtectionEnabled }) => DeletionProtectionEnabled === true,
  ),
  control(
    'WA SEC08',
    'the table encrypts',
    'AWS::DynamoDB::Table',
    ({ SSESpecification }) => SSESpecification?.SSEEnabled === true,
  ),
  ...['AWS::S3::Bucket', 'AWS::DynamoDB::Table'].map(
    (type): Control => ({
      id: 'WA REL09',
      title: `removing the stack leaves its ${type} behind`,
      violations: (template) =>
        ofType(template, type)
          .filter(([, { DeletionPolicy, UpdateReplacePolicy }]) =>
            [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy !== 'Retain'),
          )
          .map(([id]) => id),
    }),
  ),
  control(
    'FSBP SQS.1',
    'queues encrypt',
    'AWS::SQS::Queue',
    ({ SqsManagedSseEnabled }) => SqsManagedSseEnabled === true,
  ),
  control(
    'FSBP SQS.3',
    'queues let nobody in but a service, over TLS alone',
    'AWS::SQS::Queue',
    (_, id, template) => {
      const statements = statementsOn(template, { type: 'AWS::SQS::QueuePolicy', property: 'Queues', id });
      const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
      return (
        refusesPlain(statements) &&
        allowed.every(({ Principal }) => Principal !== '*' && Principal?.AWS !== '*')
      );
    },
  ),
  control('FSBP SNS.4', 'topics let nobody in but services', 'AWS::SNS::TopicPolicy', ({ PolicyDocument }) =>
    PolicyDocument.Statement.every(
      ({ Effect, Principal }: Statement) =>
        Effect !== 'Allow' || (Principal !== '*' && Principal?.AWS !== '*'),
    ),
  ),
  control(
    'WA REL05',
    'what fails after all its retries is kept',
    'AWS::Lambda::EventInvokeConfig',
    ({ DestinationConfig, MaximumRetryAttempts }) =>
      DestinationConfig?.OnFailure?.Destination !== undefined && MaximumRetryAttempts === 2,
  ),
  control('WA REL11', 'what cannot be delivered is kept', 'AWS::Events::Rule', ({ Targets }) =>
    Targets.every(
      ({ DeadLetterConfig, RetryPolicy }: Record<string, unknown>) =>
        DeadLetterConfig !== undefined && RetryPolicy !== undefined,
    ),
  ),
  control(
    'WA OPS04',
    'invocations are traced',
    'AWS::Lambda::Function',
    ({ TracingConfig }) => TracingConfig?.Mode === 'Active',
  ),
  control(
    'WA SEC03',
    'what all roles may do on everything is to write traces',
    'AWS::IAM::ManagedPolicy',
    ({ PolicyDocument }) =>
      PolicyDocument.Statement.filter(({ Effect }: Statement) => Effect === 'Allow')
        .flatMap(({ Action }: Statement) => Action)
        .every((action: string) => ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].includes(action)),
  ),
  control(
    'WA SEC08',
    'secrets are made by the stack, and outlive it',
    'AWS::SecretsManager::Secret',
    ({ GenerateSecretString, SecretString }, id, template) =>
      GenerateSecretString?.PasswordLength >= 32 &&
      SecretString === undefined &&
      template[id]?.DeletionPolicy === 'Retain',
  ),
  control(
    'FSBP SNS.1',
    'topics encrypt',
    'AWS::SNS::Topic',
    ({ KmsMasterKeyId }) => KmsMasterKeyId !== undefined,
  ),
  control(
    'FSBP KMS.4',
    'keys rotate',
    'AWS::KMS::Key',
    ({ EnableKeyRotation }) => EnableKeyRotation === true,
  ),
  control(
    'FSBP Lambda.1',
    'only the API and EventBridge invoke functions',
    'AWS::Lambda::Permission',
    ({ Principal, SourceArn }) =>
      ['apigateway.amazonaws.com', 'events.amazonaws.com'].includes(Principal) && SourceArn !== undefined,
  ),
  control('FSBP Lambda.2', 'functions run on a supported runtime', 'AWS::Lambda::Function', ({ Runtime }) =>
    ['nodejs22.x', 'nodejs24.x'].includes(Runtime),
  ),
  control('WA SEC03', 'roles trust one service', 'AWS::IAM::Role', ({ AssumeRolePolicyDocument }) =>
    AssumeRolePolicyDocument.Statement.every(
      ({ Principal }: { Principal: Record<string, unknown> }) =>
        typeof Principal.Service === 'string' && Object.keys(Principal).length === 1,
    ),
  ),
  control(
    'FSBP IAM.21',
    'roles grant no wildcard action, and nothing on everything',
    'AWS::IAM::Role',
    ({ Policies }) =>
      Policies.flatMap(
        ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
      ).every(
        ({ Action, Resource }: Statement) =>
          [Action].flat().every((action) => /^\w+:[A-Za-z]+$/.test(action)) &&
          ![Resource].flat().includes('*'),
      ),
  ),
  control(
    'FSBP APIGateway.8',
    'every route asks who calls',
    'AWS::ApiGatewayV2::Route',
    ({ AuthorizationType }) => ['AWS_IAM', 'JWT'].includes(AuthorizationType),
  ),
  control(
    'FSBP APIGateway.9',
    'the API logs each request',
    'AWS::ApiGatewayV2::Stage',
    ({ AccessLogSettings }) => AccessLogSettings?.DestinationArn !== undefined,
  ),
  control(
    'WA SEC05',
    'the API slows down who asks too much',
    'AWS::ApiGatewayV2::Stage',
    ({ DefaultRouteSettings }) =>
      DefaultRouteSettings?.ThrottlingBurstLimit > 0 && DefaultRouteSettings?.ThrottlingRateLimit > 0,
  ),
  control(
    'FSBP CloudFront.1',
    'the dashboard has a page at its root',
    'AWS::CloudFront::Distribution',
    ({ DistributionConfig }) => DistributionConfig?.DefaultRootObject !== undefined,
  ),
  control(
    'FSBP CloudFront.3',
    'the dashboard is served over TLS alone, with the headers that keep scripts out',
    'AWS::CloudFront::Distribution',
    ({ DistributionConfig }) =>
      [DistributionConfig?.DefaultCacheBehavior, ...(DistributionConfig?.CacheBehaviors ?? [])].every(
        (behaviour) =>
          behaviour?.ViewerProtocolPolicy === 'redirect-to-https' &&
          behaviour.ResponseHeadersPolicyId !== undefined,
      ),
  ),
  control(
    'FSBP CloudFront.13',
    'the dashboard’s bucket is read by its distribution alone',
    'AWS::CloudFront::Distribution',
    ({ DistributionConfig }) =>
      DistributionConfig?.Origins.every(
        (origin: Record<string, unknown>) => origin.OriginAccessControlId !== undefined,
      ),
  ),
  control(
    'FSBP CloudWatch.15',
    'alarms tell somebody',
    'AWS::CloudWatch::Alarm',
    ({ AlarmActions }) => AlarmActions?.length > 0,
  ),
  control('WA COST', 'logs end', 'AWS::Logs::LogGroup', ({ RetentionInDays }) => RetentionInDays > 0),
  control(
    'WA REL05',
    'runs take a bounded part of the concurrency',
    'AWS::Lambda::Function',
    ({ ReservedConcurrentExecutions, Handler }) =>
      Handler.startsWith('functions/api.') || ReservedConcurrentExecutions?.['Fn::If'][1] > 0,
  ),
];

interface Statement {
  Effect: string;
  Principal?: '*' | { AWS?: unknown };
  Action: string | string[];
  Resource: unknown;
  Condition?: { Bool?: Record<string, string> };
}

/** A control that every resource of a type must keep. A template without any such resource breaks it too. */
function control(
  id: string,
  title: string,
  type: string,
  holds: (properties: Resource['Properties'], id: string, template: Template) => boolean,
): Control {
  const violations = (template: Template) => {
    const resources = ofType(template, type);
    if (resources.length === 0) return [`no ${type}`];
    return resources
      .filter(([logicalId, { Properties }]) => !holds(Properties, logicalId, template))
      .map(([logicalId]) => logicalId);
  };
  return { id, title, violations };
}

/** The framework's own bucket holds zips of code, nothing of a shop, and is gone with the stack. */
const deploymentBucket = 'ServerlessDeploymentBucket';

const ofType = (template: Template, type: string) =>
  Object.entries(template).filter(([id, resource]) => resource.Type === type && id !== deploymentBucket);

const statementsOn = (
  template: Template,
  { type, property, id }: { type: string; property: string; id: string },
): Statement[] =>
  ofType(template, type)
    .filter(([, { Properties }]) => [Properties[property]].flat().some((of) => of?.Ref === id))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);

const refusesPlain = (statements: Statement[]): boolean =>
  statements.some(
    ({ Effect, Condition }) => Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
  );
