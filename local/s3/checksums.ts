import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { combineCrc, type RunningChecksum, runningCrc32, runningCrc32c, runningCrc64Nvme } from './crc.ts';
import { S3Error } from './errors.ts';
import type { Checksum, ChecksumType } from './model.ts';

export type ChecksumAlgorithm = keyof typeof algorithms;

/** zlib makes CRC32 nearly free, so it is what an object gets when its uploader asks for nothing. */
export const defaultAlgorithm: ChecksumAlgorithm = 'CRC32';

export const startChecksum = (algorithm: ChecksumAlgorithm): RunningChecksum => algorithms[algorithm].start();

/** How many bytes a digest has. */
export const digestBytes = (algorithm: ChecksumAlgorithm): number => algorithms[algorithm].bytes;

export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The element of a response document that carries this checksum. */
export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`;

export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = algorithmNames.find((known) => known === name.toUpperCase());
  if (algorithm) return algorithm;
  throw new S3Error(
    'InvalidRequest',
    {},
    `Checksum algorithm ${name} is not known here: ${algorithmNames.join(', ')}`,
  );
}

export function parseChecksumType(type: string): ChecksumType {
  if (type === 'FULL_OBJECT' || type === 'COMPOSITE') return type;
  throw new S3Error('InvalidRequest', {}, 'Value for x-amz-checksum-type header is invalid.');
}

/** Every checksum value that the client sent in a header; a value that cannot be a digest is refused. */
export function sentChecksums(
  headers: IncomingHttpHeaders,
): { algorithm: ChecksumAlgorithm; value: string }[] {
  return algorithmNames.flatMap((algorithm) => {
    const value = headers[checksumHeader(algorithm)];
    if (typeof value !== 'string') return [];
    return [{ algorithm, value: wellFormed(algorithm, value) }];
  });
}

export function wellFormed(algorithm: ChecksumAlgorithm, value: string): string {
  const digest = Buffer.from(value, 'base64');
  if (digest.length === digestBytes(algorithm) && digest.toString('base64') === value) return value;
  throw new S3Error('InvalidRequest', {}, `Value for ${checksumHeader(algorithm)} header is invalid.`);
}

export const checksumHeaders = (checksum: Checksum): Record<string, string> => ({
  [checksumHeader(checksum.algorithm)]: checksum.value,
  'x-amz-checksum-type': checksum.type,
});

/** The checksum of a finished multipart upload, from those of its parts alone. */
export function checksumOfParts(
  parts: { sizeBytes: number; checksum: Checksum }[],
  { algorithm, type }: { algorithm: ChecksumAlgorithm; type: ChecksumType },
): Checksum {
  const digests = parts.map((part) => Buffer.from(part.checksum.value, 'base64'));
  if (type === 'COMPOSITE') {
    const whole = startChecksum(algorithm);
    for (const digest of digests) whole.update(digest);
    return { algorithm, type, value: `${whole.digest().toString('base64')}-${parts.length}` };
  }
  if (algorithm !== 'CRC32' && algorithm !== 'CRC32C' && algorithm !== 'CRC64NVME') {
    throw new S3Error(
      'InvalidRequest',
      {},
      `The FULL_OBJECT checksum type cannot be used with ${algorithm}.`,
    );
  }
  const whole = digests.reduce<Buffer>(
    (first, second, index) =>
      combineCrc(algorithm, { first, second, secondBytes: parts[index]?.sizeBytes ?? 0 }),
    Buffer.alloc(digestBytes(algorithm)),
  );
  return { algorithm, type, value: whole.toString('base64') };
}

const algorithms = {
  CRC32: { bytes: 4, start: runningCrc32 },
  CRC32C: { bytes: 4, start: runningCrc32c },
  CRC64NVME: { bytes: 8, start: runningCrc64Nvme },
  MD5: { bytes: 16, start: (): RunningChecksum => createHash('md5') },
  SHA1: { bytes: 20, start: (): RunningChecksum => createHash('sha1') },
  SHA256: { bytes: 32, start: (): RunningChecksum => createHash('sha256') },
  SHA512: { bytes: 64, start: (): RunningChecksum => createHash('sha512') },
};

const algorithmNames = Object.keys(algorithms) as ChecksumAlgorithm[];
