import { bucketOf, isoTime, type Operation, type S3Call, type S3Reply, xmlReply } from './call.ts';
import { S3Error, type S3ErrorCode } from './errors.ts';
import { owner } from './list-objects.ts';
import { readText } from './payload.ts';
import { childText, element, readXml, xmlDocument } from './xml.ts';

export const listBuckets = (call: S3Call): S3Reply =>
  xmlReply(
    xmlDocument('ListAllMyBucketsResult', [
      owner('Owner'),
      element(
        'Buckets',
        call.buckets
          .list()
          .map(({ name, createdMs }) =>
            element('Bucket', [element('Name', name), element('CreationDate', isoTime(createdMs))]),
          ),
      ),
    ]),
  );

export async function createBucket(call: S3Call): Promise<S3Reply> {
  const text = await readText(call);
  const region = text.trim() === '' ? null : (childText(readXml(text), 'LocationConstraint') ?? null);
  call.buckets.create(call.bucketName, { region });
  return { status: 200, headers: { location: `/${call.bucketName}` } };
}

export function deleteBucket(call: S3Call): S3Reply {
  call.buckets.delete(call.bucketName);
  return { status: 204 };
}

export const headBucket = (call: S3Call): S3Reply => ({
  status: 200,
  headers: { 'x-amz-bucket-region': bucketOf(call).region ?? 'us-east-1' },
});

export const getBucketLocation = (call: S3Call): S3Reply =>
  xmlReply(xmlDocument('LocationConstraint', bucketOf(call).region ?? ''));

/**
 * Settings that are kept and given back as they came, and have no effect: what a deployment writes, it can read.
 * Of each, what S3 answers as long as it is not set: an empty document, or an error.
 */
export const bucketSettings: Record<string, { unset: { document: string } | { error: S3ErrorCode } }> = {
  accelerate: { unset: { document: 'AccelerateConfiguration' } },
  cors: { unset: { error: 'NoSuchCORSConfiguration' } },
  encryption: { unset: { error: 'ServerSideEncryptionConfigurationNotFoundError' } },
  lifecycle: { unset: { error: 'NoSuchLifecycleConfiguration' } },
  logging: { unset: { document: 'BucketLoggingStatus' } },
  notification: { unset: { document: 'NotificationConfiguration' } },
  ownershipControls: { unset: { error: 'OwnershipControlsNotFoundError' } },
  policy: { unset: { error: 'NoSuchBucketPolicy' } },
  publicAccessBlock: { unset: { error: 'NoSuchPublicAccessBlockConfiguration' } },
  tagging: { unset: { error: 'NoSuchTagSet' } },
  versioning: { unset: { document: 'VersioningConfiguration' } },
};

export const getBucketSetting =
  (name: string): Operation =>
  (call) => {
    const document = bucketOf(call).configurations.get(name);
    if (document !== undefined) return xmlReply(document);
    const unset = bucketSettings[name]?.unset ?? { error: 'NotImplemented' as const };
    if ('error' in unset) throw new S3Error(unset.error, { BucketName: call.bucketName });
    return xmlReply(xmlDocument(unset.document, ''));
  };

export const putBucketSetting =
  (name: string): Operation =>
  async (call) => {
    const document = await readText(call);
    if (name !== 'policy') readXml(document);
    bucketOf(call).record({ op: 'configure', name, document });
    return { status: name === 'policy' || name === 'tagging' ? 204 : 200 };
  };

export const deleteBucketSetting =
  (name: string): Operation =>
  (call) => {
    bucketOf(call).record({ op: 'configure', name, document: null });
    return { status: 204 };
  };
