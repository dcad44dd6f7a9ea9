import type { Bucket } from './bucket.ts';
import { bucketOf, type S3Call, type S3Reply, wholeNumber, xmlReply } from './call.ts';
import { S3Error } from './errors.ts';
import { listPage, type Page } from './list-page.ts';
import { listedObject } from './read-object.ts';
import { element, type XmlNode, xmlDocument } from './xml.ts';

export function listObjectsV2(call: S3Call): S3Reply {
  const { query } = call;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const after = token ? readToken(token) : startAfter;
  const listing = list(call, after);
  const { page, encoded } = listing;
  return xmlReply(
    xmlDocument('ListBucketResult', [
      ...commonElements(call, listing),
      element('KeyCount', page.keys.length + page.commonPrefixes.length),
      element('StartAfter', startAfter ? encoded(startAfter) : null),
      element('ContinuationToken', token),
      element('NextContinuationToken', page.next === null ? null : writeToken(page.next)),
      ...entries(listing, { withOwner: query.get('fetch-owner') === 'true' }),
    ]),
  );
}

export function listObjectsV1(call: S3Call): S3Reply {
  const marker = call.query.get('marker') ?? '';
  const listing = list(call, marker);
  const { page, encoded } = listing;
  const withNext = page.next !== null && call.query.get('delimiter');
  return xmlReply(
    xmlDocument('ListBucketResult', [
      ...commonElements(call, listing),
      element('Marker', encoded(marker)),
      element('NextMarker', withNext ? encoded(page.next ?? '') : null),
      ...entries(listing, { withOwner: true }),
    ]),
  );
}

/** Versions are not kept: each object has one, called `null`, as in a bucket without versioning. */
export function listObjectVersions(call: S3Call): S3Reply {
  const marker = call.query.get('key-marker') ?? '';
  const { bucket, page, encoded } = list(call, marker);
  return xmlReply(
    xmlDocument('ListVersionsResult', [
      ...commonElements(call, { bucket, page, encoded }),
      element('KeyMarker', encoded(marker)),
      element('NextKeyMarker', page.next === null ? null : encoded(page.next)),
      element('NextVersionIdMarker', page.next === null ? null : 'null'),
      ...objectsOf(bucket, page).map((object) =>
        element('Version', [
          element('Key', encoded(object.key)),
          element('VersionId', 'null'),
          element('IsLatest', true),
          ...listedObject(object),
        ]),
      ),
      ...page.commonPrefixes.map((prefix) => element('CommonPrefixes', element('Prefix', encoded(prefix)))),
    ]),
  );
}

export const owner = (name: string): XmlNode =>
  element(name, [element('ID', 'local'), element('DisplayName', 'local')]);

interface Listing {
  bucket: Bucket;
  page: Page;
  /** Writes a key as the client asked for it. */
  encoded: (key: string) => string;
}

function list(call: S3Call, after: string): Listing {
  const bucket = bucketOf(call);
  const prefix = call.query.get('prefix') ?? '';
  const delimiter = call.query.get('delimiter') ?? '';
  const maxKeys = wholeNumber(call, 'max-keys', { fallback: 1000, max: 1000 });
  const asUrl = call.query.get('encoding-type') === 'url';
  return {
    bucket,
    page: listPage(bucket.keys, { prefix, delimiter, after, maxKeys }),
    encoded: (key) => (asUrl ? encodeURIComponent(key).replaceAll('%2F', '/') : key),
  };
}

function commonElements({ query }: S3Call, { bucket, page, encoded }: Listing): XmlNode[] {
  const delimiter = query.get('delimiter');
  return [
    element('Name', bucket.name),
    element('Prefix', encoded(query.get('prefix') ?? '')),
    element('Delimiter', delimiter ? encoded(delimiter) : null),
    element('MaxKeys', query.get('max-keys') || 1000),
    element('EncodingType', query.get('encoding-type')),
    element('IsTruncated', page.next !== null),
  ];
}

const entries = ({ bucket, page, encoded }: Listing, { withOwner }: { withOwner: boolean }): XmlNode[] => [
  ...objectsOf(bucket, page).map((object) =>
    element('Contents', [
      element('Key', encoded(object.key)),
      ...listedObject(object),
      ...(withOwner ? [owner('Owner')] : []),
    ]),
  ),
  ...page.commonPrefixes.map((prefix) => element('CommonPrefixes', element('Prefix', encoded(prefix)))),
];

const objectsOf = (bucket: Bucket, page: Page) =>
  page.keys.flatMap((key) => {
    const object = bucket.objects.get(key);
    return object ? [object] : [];
  });

const writeToken = (last: string): string => Buffer.from(`1${last}`).toString('base64url');

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('1') && writeToken(text.slice(1)) === token) return text.slice(1);
  throw new S3Error(
    'InvalidArgument',
    { ArgumentName: 'continuation-token' },
    'The continuation token is incorrect',
  );
}
