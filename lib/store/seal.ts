import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Key } from './keys.ts';

/**
 * Bodies of pages that only who has the key can read: AES-256-GCM, bound to the page's own key in the table, so that one body cannot stand
 * in for another. The nonce is an HMAC of place and content, as in SIV (RFC 5297): the same content gives the same bytes, as a run that is
 * made again must, and another content another nonce.
 */

const nonceBytes = 12;
const tagBytes = 16;
/** What a sealed body takes beside its content. */
export const sealBytes = nonceBytes + tagBytes;

export function seal(idKey: string, place: Key, body: Uint8Array): Uint8Array {
  const { ofContent, ofNonces } = keysOf(idKey);
  const context = contextOf(place);
  const nonce = createHmac('sha256', ofNonces).update(context).update(body).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', ofContent, nonce).setAAD(context);
  return Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
}

/** Throws where the body was sealed under another key, or for another place. */
export function unseal(idKey: string, place: Key, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', keysOf(idKey).ofContent, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(contextOf(place)).setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch (error) {
    throw new Error(`page ${place.sk} of ${place.pk} was sealed under another key`, { cause: error });
  }
}

const contextOf = ({ pk, sk }: Key): Buffer => Buffer.from(JSON.stringify([pk, sk]));

interface Keys {
  ofContent: Buffer;
  ofNonces: Buffer;
}

const known = new Map<string, Keys>();

function keysOf(idKey: string): Keys {
  const keys = known.get(idKey) ?? deriveKeys(idKey);
  known.set(idKey, keys);
  return keys;
}

function deriveKeys(idKey: string): Keys {
  const bytes = Buffer.from(hkdfSync('sha256', idKey, '', 'valuecast pages', 64));
  return { ofContent: bytes.subarray(0, 32), ofNonces: bytes.subarray(32) };
}
