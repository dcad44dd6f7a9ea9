/**
 * What several shops in one deployment need of the template, where the parameter `tenantClaim` is set: events below their prefixes wake the
 * functions, roles reach there, and a bucket's lifecycle knows their objects by a tag. Without it a deployment of one shop has none of this.
 */

type Json = unknown;
type JsonObject = Record<string, Json>;

const anyTenant = 'tenants/*/';

interface Service {
  functions: Record<string, { events?: unknown[] }>;
  /** One document, or several that the framework has yet to merge. */
  resources: Json;
}

/** Changes the framework's own service, before anything is made of it. */
export function serveTenantsInPlace(service: Service): void {
  for (const definition of Object.values(service.functions))
    definition.events = (definition.events ?? []).map((event) => {
      const { eventBridge } = event as { eventBridge?: { pattern?: JsonObject } };
      if (eventBridge?.pattern === undefined) return event;
      return { eventBridge: { ...eventBridge, pattern: ruleForTenants(eventBridge.pattern) } };
    });
  const documents = listOf(service.resources).map((document) => {
    const { Resources = {}, ...rest } = document as { Resources?: Record<string, JsonObject> };
    const changed = Object.entries(Resources).map(([id, resource]) => [id, resourceForTenants(resource)]);
    return { Resources: Object.fromEntries(changed), ...rest };
  });
  service.resources = Array.isArray(service.resources) ? documents : documents[0];
}

/** Of a function's EventBridge rule. What is uploaded for tenants wakes every function: a look costs little, a complex pattern is refused. */
export function ruleForTenants(pattern: JsonObject): JsonObject {
  const detail = pattern.detail as { bucket?: { name: Json[] }; object?: { key: Json[] } } | undefined;
  const keys = detail?.object?.key;
  if (detail === undefined || keys === undefined) return pattern;
  const isUploads = JSON.stringify(detail.bucket).includes('UploadsBucket');
  const twins = isUploads ? [{ prefix: 'tenants/' }] : keys.map(twinOfKey);
  return { ...pattern, detail: { ...detail, object: { key: [...keys, ...twins] } } };
}

function twinOfKey(key: Json): Json {
  if (typeof key === 'string') return { suffix: `/${key}` };
  const { wildcard } = key as { wildcard?: string };
  if (wildcard === undefined) throw new Error(`a rule for tenants cannot be made of ${JSON.stringify(key)}`);
  return { wildcard: `${anyTenant}${wildcard}` };
}

/** Of a resource of the template: roles and buckets have more, all else is as it was. */
export function resourceForTenants(resource: JsonObject): JsonObject {
  if (resource.Type === 'AWS::IAM::Role')
    return changed(resource, 'Policies', (policies) => (policies as JsonObject[]).map(policyForTenants));
  if (resource.Type === 'AWS::S3::Bucket')
    return changed(resource, 'LifecycleConfiguration', (lifecycle) => {
      const { Rules } = lifecycle as { Rules: LifecycleRule[] };
      return { Rules: [...Rules, ...Rules.flatMap(ruleByTag)] };
    });
  return resource;
}

function changed(resource: JsonObject, property: string, change: (value: Json) => Json): JsonObject {
  const properties = resource.Properties as JsonObject;
  if (properties[property] === undefined) return resource;
  return { ...resource, Properties: { ...properties, [property]: change(properties[property]) } };
}

function policyForTenants(policy: JsonObject): JsonObject {
  const document = policy.PolicyDocument as { Statement: Statement[] };
  const Statement = document.Statement.map(statementForTenants);
  return { ...policy, PolicyDocument: { ...document, Statement } };
}

interface Statement {
  Action: string | string[];
  Resource: Json;
  Condition?: Record<string, Record<string, string[]>>;
}

function statementForTenants(statement: Statement): Statement {
  const resources = listOf(statement.Resource);
  const twins = resources.flatMap(twinOfObjects);
  const actions = listOf(statement.Action) as string[];
  // S3 asks for it where an object is put together with its tags
  const tagging = twins.length > 0 && actions.includes('s3:PutObject') ? ['s3:PutObjectTagging'] : [];
  const partitions = statement.Condition?.['ForAllValues:StringEquals']?.['dynamodb:LeadingKeys'];
  return {
    ...statement,
    ...(tagging.length > 0 && { Action: [...actions, ...tagging] }),
    ...(twins.length > 0 && { Resource: [...resources, ...twins] }),
    ...(partitions !== undefined && {
      Condition: {
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': [...partitions, ...partitions.map((name) => `TENANT#*#${name}`)],
        },
      },
    }),
  };
}

/** Of an ARN of objects in one of our buckets; none of any other resource. */
function twinOfObjects(resource: Json): Json[] {
  const arn = (resource as { 'Fn::Sub'?: Json } | null)?.['Fn::Sub'];
  const [, bucket, key] = /^\$\{(UploadsBucket|ResultsBucket)\.Arn\}\/(.+)$/.exec(String(arn)) ?? [];
  return bucket === undefined ? [] : [{ 'Fn::Sub': `\${${bucket}.Arn}/${anyTenant}${key}` }];
}

interface LifecycleRule {
  Id: string;
  Prefix?: string;
}

/** Of a rule for the objects of a folder; rules for all objects hold for tenants' too. */
function ruleByTag({ Prefix, ...rule }: LifecycleRule): JsonObject[] {
  if (Prefix === undefined) return [];
  const TagFilters = [{ Key: 'folder', Value: Prefix.replace(/\/$/, '') }];
  return [{ ...rule, Id: `${rule.Id}OfTenants`, TagFilters }];
}

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
