import type { SortedKeys } from './sorted-keys.ts';

export interface PageRequest {
  prefix: string;
  /** Empty for none. */
  delimiter: string;
  /** The key or common prefix behind which the page begins; empty for the start. */
  after: string;
  maxKeys: number;
}

export interface Page {
  keys: string[];
  /** Prefixes up to the first delimiter behind `prefix`; each stands for all keys that begin with it. */
  commonPrefixes: string[];
  /** The last entry, when more follow; to be given as `after`. */
  next: string | null;
}

/** One page of a listing. Keys behind a common prefix are skipped by search, not by walking over them. */
export function listPage(keys: SortedKeys, { prefix, delimiter, after, maxKeys }: PageRequest): Page {
  const page: Page = { keys: [], commonPrefixes: [], next: null };
  if (maxKeys === 0) return page;
  let index = Math.max(keys.indexFrom(prefix), startIndex(keys, { prefix, delimiter, after }));
  let last = '';
  for (let key = keys.at(index); key?.startsWith(prefix); key = keys.at(index)) {
    if (page.keys.length + page.commonPrefixes.length === maxKeys) return { ...page, next: last };
    const group = commonPrefix(key, { prefix, delimiter });
    if (group === null) page.keys.push(key);
    else page.commonPrefixes.push(group);
    last = group ?? key;
    index = group === null ? index + 1 : keys.indexPast(group);
  }
  return page;
}

type Grouping = Pick<PageRequest, 'prefix' | 'delimiter'>;

function startIndex(keys: SortedKeys, { after, ...grouping }: Grouping & { after: string }): number {
  if (after === '') return 0;
  return commonPrefix(after, grouping) === after ? keys.indexPast(after) : keys.indexAfter(after);
}

function commonPrefix(key: string, { prefix, delimiter }: Grouping): string | null {
  if (delimiter === '' || !key.startsWith(prefix)) return null;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? null : key.slice(0, end + delimiter.length);
}
