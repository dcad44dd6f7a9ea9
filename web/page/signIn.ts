/** Sign-in by OpenID Connect: the authorization code flow with PKCE (RFC 7636), for a page that can keep no secret. */

export interface SignInConfig {
  issuer: string;
  clientId: string;
  /** Asked for beside `openid`: `valuecast/read` and its like. */
  scopes: string[];
}

/** The token of this tab; gone when the tab is. */
export interface Session {
  token(): string | null;
  signIn(): Promise<void>;
  signOut(): void;
}

const storage = { flow: 'valuecast.signIn', token: 'valuecast.token' };

interface Flow {
  state: string;
  verifier: string;
  /** Where the reader was. */
  hash: string;
}

/** Comes back from the sign-in where the address says so. Rejects with the reason where that did not work. */
export async function openSession(config: SignInConfig): Promise<Session> {
  const asked = new URL(location.href).searchParams;
  if (asked.has('state') && (asked.has('code') || asked.has('error'))) await comeBack(config, asked);
  return {
    token: () => readToken(),
    signIn: () => leaveFor(config),
    signOut: () => {
      sessionStorage.removeItem(storage.token);
      location.reload();
    },
  };
}

/** A token whose time is over is none. */
function readToken(): string | null {
  const stored = sessionStorage.getItem(storage.token);
  if (stored === null) return null;
  const { token, untilMs } = JSON.parse(stored) as { token: string; untilMs: number };
  return Date.now() < untilMs ? token : null;
}

async function leaveFor(config: SignInConfig): Promise<void> {
  const { authorization_endpoint: endpoint } = await discover(config);
  const flow: Flow = { state: random(), verifier: random(), hash: location.hash };
  sessionStorage.setItem(storage.flow, JSON.stringify(flow));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(flow.verifier));
  const url = new URL(endpoint);
  const query = {
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: redirectUri(),
    scope: ['openid', ...config.scopes].join(' '),
    state: flow.state,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
}

async function comeBack(config: SignInConfig, asked: URLSearchParams): Promise<void> {
  const stored = sessionStorage.getItem(storage.flow);
  sessionStorage.removeItem(storage.flow);
  const flow = stored === null ? null : (JSON.parse(stored) as Flow);
  // The code is good for once, and nobody's history needs it.
  history.replaceState(null, '', `${location.pathname}${flow?.hash ?? ''}`);
  if (flow === null || flow.state !== asked.get('state')) throw new Error('state');
  if (asked.has('error')) throw new Error(asked.get('error_description') ?? asked.get('error') ?? '');
  const { token_endpoint: endpoint } = await discover(config);
  const response = await fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: asked.get('code') ?? '',
      redirect_uri: redirectUri(),
      client_id: config.clientId,
      code_verifier: flow.verifier,
    }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok || typeof answer.access_token !== 'string')
    throw new Error(String(answer.error_description ?? answer.error ?? response.status));
  const untilMs = Date.now() + Number(answer.expires_in ?? 3600) * 1000;
  sessionStorage.setItem(storage.token, JSON.stringify({ token: answer.access_token, untilMs }));
}

async function discover({ issuer }: SignInConfig) {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!response.ok) throw new Error(`${issuer}: ${response.status}`);
  return (await response.json()) as { authorization_endpoint: string; token_endpoint: string };
}

const redirectUri = (): string => `${location.origin}/`;

const random = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
