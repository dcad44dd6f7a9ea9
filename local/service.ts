import * as z from 'zod/mini';

/** The part of serverless.yml, with its variables resolved, that the local cloud builds from. */

const functionSchema = z.object({
  name: z.optional(z.string()),
  handler: z.string(),
  timeout: z._default(z.number(), 30),
  memorySize: z._default(z.number(), 1024),
  maximumRetryAttempts: z._default(z.number(), 2),
  events: z._default(z.array(z.record(z.string(), z.unknown())), []),
});

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z._default(z.record(z.string(), z.unknown()), {}),
});

const serviceSchema = z.object({
  service: z.string(),
  provider: z.object({
    stage: z.string(),
    region: z.string(),
    environment: z._default(z.record(z.string(), z.unknown()), {}),
  }),
  functions: z.record(z.string(), functionSchema),
  resources: z.object({ Resources: z.record(z.string(), resourceSchema) }),
});

type ParsedService = z.infer<typeof serviceSchema>;
export type ServiceFunction = z.infer<typeof functionSchema> & { name: string };
export type Service = Omit<ParsedService, 'functions'> & { functions: Record<string, ServiceFunction> };

export function parseService(raw: unknown): Service {
  const service = serviceSchema.parse(raw);
  const named = Object.entries(service.functions).map(([key, definition]) => [
    key,
    { ...definition, name: definition.name ?? `${service.service}-${service.provider.stage}-${key}` },
  ]);
  return { ...service, functions: Object.fromEntries(named) };
}

export interface ServiceNames {
  uploadsBucket: string;
  resultsBucket: string;
  tableName: string;
}

export const serviceNames = (service: Service): ServiceNames => ({
  uploadsBucket: physicalName(service, 'UploadsBucket'),
  resultsBucket: physicalName(service, 'ResultsBucket'),
  tableName: physicalName(service, 'Table'),
});

/** The properties of every resource of a type, as a local server can use them. */
export const resourcesOfType = (service: Service, type: string): Record<string, unknown>[] =>
  Object.values(service.resources.Resources)
    .filter((resource) => resource.Type === type)
    .map((resource) => withoutIntrinsics(service, resource.Properties) as Record<string, unknown>);

/** What CloudFormation would compute, as far as it can be known here: names for `Ref`, text for `Fn::Sub`. */
export function withoutIntrinsics(service: Service, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutIntrinsics(service, element));
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return physicalName(service, String(value.Ref));
  if ('Fn::Sub' in value) return String(value['Fn::Sub']);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutIntrinsics(service, inner)]),
  );
}

function physicalName(service: Service, logicalId: string): string {
  const properties = service.resources.Resources[logicalId]?.Properties;
  const name = properties?.BucketName ?? properties?.TableName ?? properties?.QueueName;
  if (name === undefined) throw new Error(`serverless.yml names no bucket, table or queue ${logicalId}`);
  return String(withoutIntrinsics(service, name));
}
