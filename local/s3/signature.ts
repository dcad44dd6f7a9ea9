import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { decodePath } from './address.ts';
import { header, type S3Call } from './call.ts';
import { S3Error } from './errors.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Whoever is meant to be let in by a presigned address is, until it expires; with any credentials. */
export function checkExpiry(call: S3Call, nowMs: number): void {
  const seconds = call.query.get('X-Amz-Expires');
  const signedMs = parseAmzDate(call.query.get('X-Amz-Date') ?? '');
  const unixSeconds = call.query.has('Signature') ? call.query.get('Expires') : null;
  const untilMs =
    seconds === null ? Number(unixSeconds ?? Infinity) * 1000 : signedMs + Number(seconds) * 1000;
  if (!(nowMs <= untilMs)) throw new S3Error('AccessDenied', {}, 'Request has expired');
}

/**
 * Signature version 4, in the header or in a presigned address.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function checkSignature(
  call: S3Call,
  { accessKeyId, secretAccessKey }: Credentials,
  nowMs: number,
): void {
  const signed = headerSignature(call) ?? querySignature(call);
  if (!signed)
    throw new S3Error('AccessDenied', {}, 'Only requests signed by signature version 4 are let in.');
  const [id, date = '', region = '', service = '', end] = signed.credential.split('/');
  if (id !== accessKeyId) throw new S3Error('InvalidAccessKeyId', { AWSAccessKeyId: id ?? '' });
  if (Math.abs(parseAmzDate(signed.amzDate) - nowMs) > maxSkewMs && !signed.presigned) {
    throw new S3Error('RequestTimeTooSkewed');
  }
  const scope = `${date}/${region}/${service}/${end}`;
  const request = createHash('sha256').update(canonicalRequest(call, signed)).digest('hex');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (parent, text) => hmac(parent, text),
    `AWS4${secretAccessKey}`,
  );
  const expected = hmac(key, `${scheme}\n${signed.amzDate}\n${scope}\n${request}`);
  const given = Buffer.from(signed.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new S3Error('SignatureDoesNotMatch', { AWSAccessKeyId: id });
  }
}

const scheme = 'AWS4-HMAC-SHA256';
const maxSkewMs = 15 * 60 * 1000;

interface Signed {
  credential: string;
  signedHeaders: string;
  signature: string;
  amzDate: string;
  payloadHash: string;
  presigned: boolean;
}

function headerSignature(call: S3Call): Signed | null {
  const authorization = header(call, 'authorization') ?? '';
  if (!authorization.startsWith(`${scheme} `)) return null;
  const field = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
  return {
    credential: field('Credential'),
    signedHeaders: field('SignedHeaders'),
    signature: field('Signature'),
    amzDate: header(call, 'x-amz-date') ?? '',
    payloadHash: header(call, 'x-amz-content-sha256') ?? '',
    presigned: false,
  };
}

function querySignature({ query }: S3Call): Signed | null {
  if (query.get('X-Amz-Algorithm') !== scheme) return null;
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    amzDate: query.get('X-Amz-Date') ?? '',
    payloadHash: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    presigned: true,
  };
}

function canonicalRequest(call: S3Call, { signedHeaders, payloadHash }: Signed): string {
  const path = call.rawPath
    .split('/')
    .map((step) => strictlyEncoded(decodePath(step)))
    .join('/');
  const query = [...call.query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${strictlyEncoded(name)}=${strictlyEncoded(value)}`)
    .sort()
    .join('&');
  const names = signedHeaders.split(';');
  const headers = names.map((name) => `${name}:${(header(call, name) ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [call.method, path, query, headers.join(''), signedHeaders, payloadHash].join('\n');
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const strictlyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** `20260102T030405Z`; NaN for anything else. */
function parseAmzDate(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  return match
    ? Date.parse(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
    : Number.NaN;
}
