import { header, type S3Call } from './call.ts';
import { type ChecksumAlgorithm, parseAlgorithm, sentChecksums } from './checksums.ts';
import { S3Error } from './errors.ts';

/** What a request says about its body. */
export interface Claims {
  sizeBytes: number | null;
  md5: Buffer | null;
  /** Hexadecimal. */
  sha256: string | null;
  checksums: { algorithm: ChecksumAlgorithm; value: string }[];
  trailing: ChecksumAlgorithm | null;
  announced: ChecksumAlgorithm | null;
  chunked: boolean;
}

export function claimsOf(call: S3Call): Claims {
  const contentSha256 = header(call, 'x-amz-content-sha256') ?? '';
  const announced = header(call, 'x-amz-sdk-checksum-algorithm');
  const encodings = (header(call, 'content-encoding') ?? '').toLowerCase().split(/\s*,\s*/);
  const chunked = contentSha256.startsWith('STREAMING-') || encodings.includes('aws-chunked');
  const size = header(call, chunked ? 'x-amz-decoded-content-length' : 'content-length');
  return {
    sizeBytes: size === undefined ? null : Number(size),
    md5: claimedMd5(header(call, 'content-md5')),
    sha256: /^[\da-f]{64}$/i.test(contentSha256) ? contentSha256.toLowerCase() : null,
    checksums: sentChecksums(call.headers),
    trailing: trailingAlgorithm(header(call, 'x-amz-trailer')),
    announced: announced === undefined ? null : parseAlgorithm(announced),
    chunked,
  };
}

function claimedMd5(value: string | undefined): Buffer | null {
  if (value === undefined) return null;
  const md5 = Buffer.from(value, 'base64');
  if (md5.length !== 16) throw new S3Error('InvalidDigest', { 'Content-MD5': value });
  return md5;
}

function trailingAlgorithm(trailer: string | undefined): ChecksumAlgorithm | null {
  const name = /x-amz-checksum-(\w+)/i.exec(trailer ?? '')?.[1];
  return name === undefined ? null : parseAlgorithm(name);
}
