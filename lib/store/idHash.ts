import { createHmac } from 'node:crypto';

/**
 * HMAC-SHA256 of an id in UTF-8, its first 128 bits in hexadecimal: two ids of a billion share one with odds of 1 to 10^21, and without
 * the key nobody can try ids to see which one it is of. Stored items depend on it: it never changes.
 */
export const idHashOf = (key: string, id: string): string =>
  createHmac('sha256', key).update(id, 'utf8').digest('hex').slice(0, 32);
