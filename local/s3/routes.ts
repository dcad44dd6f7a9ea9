import * as bucket from './bucket-operations.ts';
import type { Operation, S3Call } from './call.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject, isCopy } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { S3Error } from './errors.ts';
import { listObjectsV1, listObjectsV2, listObjectVersions } from './list-objects.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { abortMultipartUpload, createMultipartUpload, uploadPart } from './multipart.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { getObject, getObjectAttributes, headObject } from './read-object.ts';
import { putObject } from './write-object.ts';

/** The operation that a request asks for: by what it addresses, the sub-resource in its query, and its method. */
export function operationFor(call: S3Call): Operation {
  const operations = subResource(call);
  const operation = operations[call.method];
  if (!operation) throw new S3Error('MethodNotAllowed', { Method: call.method });
  return operation;
}

type Operations = Record<string, Operation>;

function subResource(call: S3Call): Operations {
  if (call.bucketName === '') return { GET: bucket.listBuckets };
  const level = call.key === '' ? bucketLevel : objectLevel;
  const name = Object.keys(level).find((parameter) => call.query.has(parameter));
  const operations = name === undefined ? undefined : level[name];
  if (operations) return operations;
  const unknown = notSupported.find((parameter) => call.query.has(parameter));
  if (unknown) throw new S3Error('NotImplemented', {}, `The local S3 server does not do ?${unknown}.`);
  if (call.key === '') return wholeBucket;
  return isCopy(call) ? { ...wholeObject, PUT: copyObject } : wholeObject;
}

const wholeBucket: Operations = {
  GET: listObjectsV1,
  HEAD: bucket.headBucket,
  PUT: bucket.createBucket,
  DELETE: bucket.deleteBucket,
};

const bucketLevel: Record<string, Operations> = {
  'list-type': { GET: listObjectsV2 },
  delete: { POST: deleteObjects },
  location: { GET: bucket.getBucketLocation },
  uploads: { GET: listMultipartUploads },
  versions: { GET: listObjectVersions },
  ...Object.fromEntries(
    Object.keys(bucket.bucketSettings).map((name) => [
      name,
      {
        GET: bucket.getBucketSetting(name),
        PUT: bucket.putBucketSetting(name),
        DELETE: bucket.deleteBucketSetting(name),
      },
    ]),
  ),
};

const wholeObject: Operations = { GET: getObject, HEAD: headObject, PUT: putObject, DELETE: deleteObject };

const objectLevel: Record<string, Operations> = {
  attributes: { GET: getObjectAttributes },
  tagging: { GET: getObjectTagging, PUT: putObjectTagging, DELETE: deleteObjectTagging },
  uploads: { POST: createMultipartUpload },
  uploadId: {
    GET: listParts,
    PUT: uploadPart,
    POST: completeMultipartUpload,
    DELETE: abortMultipartUpload,
  },
};

/** Must not fall through to the object itself: a PUT of `?retention` would overwrite it. */
const notSupported = [
  'acl',
  'analytics',
  'append',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'metrics',
  'object-lock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'torrent',
  'website',
];
