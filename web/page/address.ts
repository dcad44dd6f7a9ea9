import { useEffect, useState } from 'preact/hooks';

/** Where in the page the reader is: `#/customers/C00001?tier=high`. Names of a shop's own are percent-encoded. */
export interface Address {
  page: string;
  name: string | null;
  query: URLSearchParams;
}

export function useAddress(): Address {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = () => setHash(location.hash);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return parseAddress(hash);
}

export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [page = '', name] = path.split('/');
  return { page: page === '' ? 'overview' : page, name: decoded(name), query: new URLSearchParams(query) };
}

export function addressOf(page: string, name?: string | null, query: Record<string, string> = {}): string {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const path = name == null ? page : `${page}/${encodeURIComponent(name)}`;
  return `#/${path}${asked.size > 0 ? `?${asked}` : ''}`;
}

function decoded(name: string | undefined): string | null {
  if (name === undefined || name === '') return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
