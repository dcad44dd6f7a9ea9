import { createHash, type Hash } from 'node:crypto';
import { AwsChunkedDecoder } from './aws-chunked.ts';
import type { S3Call } from './call.ts';
import { type ChecksumAlgorithm, checksumHeader, startChecksum, wellFormed } from './checksums.ts';
import { type Claims, claimsOf } from './claims.ts';
import type { RunningChecksum } from './crc.ts';
import { S3Error } from './errors.ts';

/** What arrived, and agrees with everything that its request claimed about it. */
export interface Payload {
  sizeBytes: number;
  md5: Buffer;
  /** Base64, of every algorithm that was asked for by the caller or used by the client. */
  checksums: Map<ChecksumAlgorithm, string>;
  /** The algorithm that the client used. */
  clientAlgorithm: ChecksumAlgorithm | null;
}

/**
 * Streams the payload of a request, without its framing, into `into`, and throws out of that stream where length,
 * Content-MD5, SHA-256 or checksum (in a header or in a trailer) are not what was claimed.
 */
export async function readPayload(
  call: S3Call,
  {
    algorithms = [],
    into,
  }: { algorithms?: ChecksumAlgorithm[]; into: (bytes: AsyncIterable<Buffer>) => Promise<void> },
): Promise<Payload> {
  const claims = claimsOf(call);
  const clientAlgorithm = claims.trailing ?? claims.checksums[0]?.algorithm ?? claims.announced;
  const wanted = [...algorithms, ...claims.checksums.map(({ algorithm }) => algorithm)];
  if (clientAlgorithm) wanted.push(clientAlgorithm);
  const digests = startDigests(wanted, claims.sha256 !== null);
  const decoder = claims.chunked ? new AwsChunkedDecoder() : null;
  await into(checkedBytes(call, { claims, digests, decoder }));
  const checksums = new Map([...digests.finished].map(([name, digest]) => [name, digest.toString('base64')]));
  return { sizeBytes: digests.sizeBytes, md5: digests.finishedMd5, checksums, clientAlgorithm };
}

/** A request document; those that S3 takes are small. */
export async function readText(call: S3Call): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  await readPayload(call, {
    into: async (bytes) => {
      for await (const piece of bytes) {
        sizeBytes += piece.length;
        if (sizeBytes > maxDocumentBytes) throw new S3Error('EntityTooLarge');
        pieces.push(piece);
      }
    },
  });
  return Buffer.concat(pieces).toString('utf8');
}

const maxDocumentBytes = 8 * 2 ** 20;

interface Digests {
  sizeBytes: number;
  md5: Hash;
  sha256: Hash | null;
  running: Map<ChecksumAlgorithm, RunningChecksum>;
  finished: Map<ChecksumAlgorithm, Buffer>;
  finishedMd5: Buffer;
}

const startDigests = (algorithms: ChecksumAlgorithm[], withSha256: boolean): Digests => ({
  sizeBytes: 0,
  md5: createHash('md5'),
  sha256: withSha256 ? createHash('sha256') : null,
  running: new Map([...new Set(algorithms)].map((algorithm) => [algorithm, startChecksum(algorithm)])),
  finished: new Map(),
  finishedMd5: Buffer.alloc(0),
});

interface Checking {
  claims: Claims;
  digests: Digests;
  decoder: AwsChunkedDecoder | null;
}

async function* checkedBytes(call: S3Call, { claims, digests, decoder }: Checking): AsyncGenerator<Buffer> {
  // a refused stream is not destroyed: its socket carries the answer
  for await (const bytes of call.stream.iterator({ destroyOnReturn: false })) {
    for (const piece of decoder ? decoder.decode(bytes) : [bytes]) {
      digests.sizeBytes += piece.length;
      digests.md5.update(piece);
      digests.sha256?.update(piece);
      for (const checksum of digests.running.values()) checksum.update(piece);
      yield piece;
    }
  }
  decoder?.end();
  digests.finishedMd5 = digests.md5.digest();
  for (const [algorithm, checksum] of digests.running) digests.finished.set(algorithm, checksum.digest());
  verify(claims, digests, decoder?.trailers ?? new Map());
}

function verify(claims: Claims, digests: Digests, trailers: ReadonlyMap<string, string>): void {
  if (claims.sizeBytes !== null && claims.sizeBytes !== digests.sizeBytes)
    throw new S3Error('IncompleteBody');
  if (claims.md5 && !claims.md5.equals(digests.finishedMd5)) {
    throw new S3Error('BadDigest', {
      ExpectedDigest: claims.md5.toString('base64'),
      CalculatedDigest: digests.finishedMd5.toString('base64'),
    });
  }
  if (claims.sha256 && claims.sha256 !== digests.sha256?.digest('hex'))
    throw new S3Error('XAmzContentSHA256Mismatch');
  for (const { algorithm, value } of [...claims.checksums, ...trailingChecksum(claims, trailers)]) {
    if (digests.finished.get(algorithm)?.toString('base64') !== value) {
      throw new S3Error(
        'BadDigest',
        {},
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    }
  }
}

function trailingChecksum({ trailing }: Claims, trailers: ReadonlyMap<string, string>): Claims['checksums'] {
  if (trailing === null) return [];
  const value = trailers.get(checksumHeader(trailing));
  if (value === undefined)
    throw new S3Error('InvalidRequest', {}, 'The announced trailing checksum is missing.');
  return [{ algorithm: trailing, value: wellFormed(trailing, value) }];
}
