import { expect, test } from 'vitest';
import { projectDirectory } from '../../local/cloud.ts';
import { eventBridgeEvent, readRules } from '../../local/event-bus.ts';
import { matchesPattern } from '../../local/event-pattern.ts';
import { type Service, serviceNames } from '../../local/service.ts';
import { readServiceFile } from '../../local/service-file.ts';
import { serveTenantsInPlace } from '../../local/tenants.ts';

const service = readServiceFile(projectDirectory);
const forTenants: Service = structuredClone(service);
serveTenantsInPlace(forTenants);

const names = serviceNames(service);

function wokenBy(of: Service, bucket: string, key: string): Set<string> {
  const object = {
    type: 'Object Created',
    bucket,
    key,
    size: 1,
    etag: 'e',
    sequencer: '1',
    reason: 'PutObject',
  };
  const event = eventBridgeEvent({ ...object, time: '2026-01-01T00:00:00.000Z' } as never, 'eu-central-1');
  const woken = readRules(of).filter(({ pattern }) => pattern !== null && matchesPattern(pattern, event));
  return new Set(woken.map(({ functionKey }) => functionKey));
}

test('whatever an object wakes, the same object of a tenant wakes too, and only where there are tenants', () => {
  const uploads = [
    'customers/a.csv',
    'orders/2026/a.csv.gz',
    'ads/a.csv',
    'scoring/a b.csv',
    'contacts/a.csv',
    'settings.json',
  ];
  const results = [
    'erasures.json',
    'published/orders.json',
    'published/orders/model.json',
    'published/scoring/a.csv.json',
    'handovers/ads.json',
    'handovers/scoring/a.csv.json',
    'runs/0/customers.csv',
  ];
  const objects = [
    ...uploads.map((key) => [names.uploadsBucket, key] as const),
    ...results.map((key) => [names.resultsBucket, key] as const),
  ];
  for (const [bucket, key] of objects) {
    const woken = wokenBy(service, bucket, key);
    expect([key, woken.size > 0]).toEqual([key, !key.startsWith('runs/')]);
    expect(wokenBy(forTenants, bucket, key)).toEqual(woken);
    expect(wokenBy(service, bucket, `tenants/acme/${key}`).size).toBe(0);
    const ofTenant = wokenBy(forTenants, bucket, `tenants/acme/${key}`);
    expect([key, [...woken].filter((name) => !ofTenant.has(name))]).toEqual([key, []]);
    // what runs write would else wake them for ever
    if (bucket === names.resultsBucket) expect([key, ofTenant]).toEqual([key, woken]);
  }
});

// biome-ignore lint/suspicious/noExplicitAny: whatever the template has; what is expected of it is said below
type Properties = Record<string, any>;
const propertiesOf = (of: Service, type: string): [string, Properties][] =>
  Object.entries(of.resources.Resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [[id, Properties as Properties] as [string, Properties]] : [],
  );

test('whatever a role may do with an object or an item of the one shop, it may with a tenant’s, and with nothing else', () => {
  const rights = (of: Service) =>
    new Set(
      propertiesOf(of, 'AWS::IAM::Role').flatMap(([id, { Policies = [] }]) =>
        Policies.flatMap((policy: Properties) => policy.PolicyDocument.Statement).flatMap(
          ({ Action, Resource, Condition }: Properties) =>
            [Action].flat().flatMap((action) =>
              [Resource].flat().flatMap((resource) => {
                const on = resource['Fn::Sub'] ?? JSON.stringify(resource);
                const partitions = Object.values(Condition ?? {}).flatMap((one) =>
                  Object.values(one as Properties).flat(),
                );
                return (partitions.length > 0 ? partitions : ['']).map(
                  (partition) => `${id} ${action} ${on} ${partition}`,
                );
              }),
            ),
        ),
      ),
    );
  const [before, after] = [rights(service), rights(forTenants)];
  const twin = (right: string) =>
    right
      .replace(/(UploadsBucket|ResultsBucket)\.Arn\}\//, '$&tenants/*/')
      .replace(/ (DATASETS|ERASED|ERASING|WORDS)$/, ' TENANT#*#$1');
  const ofTenants = [...before].map(twin).filter((right) => !before.has(right));
  expect(ofTenants.length).toBeGreaterThan(100);
  const tagging = [...after].filter((right) => right.includes('s3:PutObjectTagging'));
  expect(tagging.every((right) => after.has(right.replace('s3:PutObjectTagging', 's3:PutObject')))).toBe(
    true,
  );
  expect(new Set([...after].filter((right) => !tagging.includes(right)))).toEqual(
    new Set([...before, ...ofTenants]),
  );
});

test('what a lifecycle takes away by its folder it takes away of tenants by the tag of that folder', () => {
  for (const [id, { LifecycleConfiguration: after }] of propertiesOf(forTenants, 'AWS::S3::Bucket')) {
    const before = service.resources.Resources[id]?.Properties?.LifecycleConfiguration as
      | Properties
      | undefined;
    const byFolder = (before?.Rules ?? []).filter(({ Prefix }: Properties) => Prefix !== undefined);
    const byTag = (after?.Rules ?? []).filter(({ TagFilters }: Properties) => TagFilters !== undefined);
    expect(
      byTag.map(({ TagFilters, ExpirationInDays }: Properties) => [
        `${TagFilters[0].Value}/`,
        ExpirationInDays,
      ]),
    ).toEqual(byFolder.map(({ Prefix, ExpirationInDays }: Properties) => [Prefix, ExpirationInDays]));
  }
});
