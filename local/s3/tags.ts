import { S3Error } from './errors.ts';
import type { Tag } from './model.ts';
import { childrenNamed, childText, element, malformed, readXml, xmlDocument } from './xml.ts';

/** Of the `x-amz-tagging` header: `a=1&b=2`, percent-encoded. */
export const parseTagging = (header: string): Tag[] =>
  checked([...new URLSearchParams(header)].map(([key, value]) => ({ key, value })));

export function readTagging(document: string): Tag[] {
  const tagging = readXml(document);
  const [tagSet] = childrenNamed(tagging, 'TagSet');
  if (tagging.name !== 'Tagging' || !tagSet) malformed();
  return checked(
    childrenNamed(tagSet, 'Tag').map((tag) => ({
      key: childText(tag, 'Key') ?? malformed(),
      value: childText(tag, 'Value') ?? malformed(),
    })),
  );
}

export const taggingDocument = (tags: Tag[]): string =>
  xmlDocument(
    'Tagging',
    element(
      'TagSet',
      tags.map(({ key, value }) => element('Tag', [element('Key', key), element('Value', value)])),
    ),
  );

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function checked(tags: Tag[]): Tag[] {
  if (tags.length > 10) throw new S3Error('BadRequest', {}, 'Object tags cannot be greater than 10');
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw new S3Error('InvalidTag', {}, 'Cannot provide multiple Tags with the same key');
  }
  for (const { key, value } of tags) {
    if (key === '' || key.length > 128)
      throw new S3Error('InvalidTag', {}, 'The TagKey you have provided is invalid');
    if (value.length > 256) throw new S3Error('InvalidTag', {}, 'The TagValue you have provided is invalid');
  }
  return tags;
}
