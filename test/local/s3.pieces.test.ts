import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsChunkedDecoder } from '../../local/s3/aws-chunked.ts';
import { type ChecksumAlgorithm, checksumOfParts, startChecksum } from '../../local/s3/checksums.ts';
import { listPage, type Page } from '../../local/s3/list-page.ts';
import type { Checksum } from '../../local/s3/model.ts';
import { parseRange } from '../../local/s3/range.ts';
import { compareKeys, SortedKeys } from '../../local/s3/sorted-keys.ts';
import { childText, element, readXml, xmlDocument } from '../../local/s3/xml.ts';

describe('checksums', () => {
  const digestOf = (algorithm: ChecksumAlgorithm, bytes: Uint8Array): Buffer => {
    const checksum = startChecksum(algorithm);
    checksum.update(bytes);
    return checksum.digest();
  };

  // check values of the catalogue of parametrised CRC algorithms, reveng.sourceforge.io (published)
  test.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('%s of the nine digits is the published check value', (algorithm, expected) => {
    expect(digestOf(algorithm, Buffer.from('123456789')).toString('hex')).toBe(expected);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'the %s of an object follows from those of its parts',
    (algorithm) => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }), (parts) => {
          const summed = parts.map((bytes) => {
            const value = digestOf(algorithm, bytes).toString('base64');
            const checksum: Checksum = { algorithm, value, type: 'FULL_OBJECT' };
            return { sizeBytes: bytes.length, checksum };
          });
          const whole = digestOf(algorithm, Buffer.concat(parts)).toString('base64');
          expect(checksumOfParts(summed, { algorithm, type: 'FULL_OBJECT' }).value).toBe(whole);
        }),
      );
    },
  );
});

describe('the aws-chunked decoder', () => {
  const chunk = (bytes: Uint8Array, extension: string): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}${extension}\r\n`), bytes, Buffer.from('\r\n')]);
  const decode = (decoder: AwsChunkedDecoder, wire: Buffer, pieceBytes: number): Buffer => {
    const pieces: Buffer[] = [];
    for (let i = 0; i < wire.length; i += pieceBytes) {
      pieces.push(...decoder.decode(wire.subarray(i, i + pieceBytes)));
    }
    return Buffer.concat(pieces);
  };

  test('gives back the payload and the trailers, wherever the network cuts the bytes', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 4 });
    const extension = fc.constantFrom('', ';chunk-signature=00ff');
    fc.assert(
      fc.property(chunks, extension, fc.integer({ min: 1, max: 80 }), (parts, ext, pieceBytes) => {
        const end = `0${ext}\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`;
        const wire = Buffer.concat([...parts.map((part) => chunk(part, ext)), Buffer.from(end)]);
        const decoder = new AwsChunkedDecoder();
        expect(decode(decoder, wire, pieceBytes)).toEqual(Buffer.concat(parts));
        decoder.end();
        expect([...decoder.trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
      }),
    );
  });

  test('a body that stops short, anywhere before its last chunk, is refused', () => {
    const wire = Buffer.concat([chunk(Buffer.from('customer'), ''), Buffer.from('0\r\n')]);
    for (let length = 0; length < wire.length; length++) {
      const decoder = new AwsChunkedDecoder();
      decode(decoder, wire.subarray(0, length), 3);
      expect(() => decoder.end()).toThrow('not as long');
    }
  });

  test.each(['zz\r\n', '3\r\nabcd\r\n', '-1\r\n', 'x'.repeat(9000)])(
    'broken framing %# is refused',
    (wire) => {
      expect(() => decode(new AwsChunkedDecoder(), Buffer.from(wire), 100)).toThrow();
    },
  );
});

describe('keys', () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'b', '/', '~', 'é', '日', '\uff5e', '🎉'),
    minLength: 1,
    maxLength: 6,
  });

  test('sort by their UTF-8 bytes', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test('listed page by page, appear once each, as if filtered and grouped by hand', () => {
    const request = fc.record({
      keys: fc.uniqueArray(key, { maxLength: 25 }),
      prefix: fc.constantFrom('', 'a', 'a/', '/', '🎉'),
      delimiter: fc.constantFrom('', '/', '日'),
      maxKeys: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(request, ({ keys, prefix, delimiter, maxKeys }) => {
        const sorted = new SortedKeys([]);
        for (const each of keys) sorted.add(each);
        const entries: string[] = [];
        for (let after: string | null = ''; after !== null; ) {
          const page: Page = listPage(sorted, { prefix, delimiter, after, maxKeys });
          const found = [...page.keys, ...page.commonPrefixes];
          expect(found.length).toBeLessThanOrEqual(maxKeys);
          entries.push(...found.sort(compareKeys));
          after = page.next;
        }
        expect(entries).toEqual(byHand(keys, prefix, delimiter));
      }),
      { numRuns: 500 },
    );
  });

  const byHand = (keys: string[], prefix: string, delimiter: string): string[] => {
    const entries = keys
      .filter((each) => each.startsWith(prefix))
      .map((each) => {
        const end = delimiter === '' ? -1 : each.indexOf(delimiter, prefix.length);
        return end < 0 ? each : each.slice(0, end + delimiter.length);
      });
    return [...new Set(entries)].sort(compareKeys);
  };
});

describe('documents', () => {
  test('any text survives being written and read', () => {
    const any = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    const text = fc.string({ unit: fc.oneof(any, fc.constantFrom(...'<>&"\'\r\n\t ]')) });
    fc.assert(
      fc.property(text, (value) => {
        const document = xmlDocument('Delete', [element('Key', value)]);
        expect(childText(readXml(document), 'Key')).toBe(value);
      }),
    );
  });

  test('namespaces, attributes, comments, CDATA and references are understood', () => {
    const read = readXml(
      '\ufeff<?xml version="1.0"?>\n<!-- a --><s3:Tag xmlns:s3="urn:x" a=\'1\'><Key>&#x1F389;&amp;&#13;</Key><Empty/><Value><![CDATA[<&>]]></Value></s3:Tag>\n',
    );
    expect([read.name, childText(read, 'Key'), childText(read, 'Empty'), childText(read, 'Value')]).toEqual([
      'Tag',
      '🎉&\r',
      '',
      '<&>',
    ]);
  });

  test.each([
    '',
    'text',
    '<a>',
    '</a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a>&nope;</a>',
    '<a>&</a>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a>1 < 2</a>',
  ])('%j is malformed', (text) => {
    expect(() => readXml(text)).toThrow(/well-formed/);
  });
});

test('a range selects what RFC 9110 says, or everything, or nothing that exists', () => {
  expect(parseRange('bytes=0-0', 10)).toEqual({ start: 0, length: 1 });
  expect(parseRange('bytes=7-', 10)).toEqual({ start: 7, length: 3 });
  expect(parseRange('bytes=-3', 10)).toEqual({ start: 7, length: 3 });
  expect(parseRange('bytes=5-2', 10)).toBeNull();
  expect(parseRange('bytes=0-1,4-5', 10)).toBeNull();
  expect(parseRange('rows=0-1', 10)).toBeNull();
  for (const nothing of ['bytes=10-', 'bytes=-0'])
    expect(() => parseRange(nothing, 10)).toThrow(/satisfiable/);
});
