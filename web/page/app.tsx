import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Health } from '../answers.ts';
import { chartContext } from '../charts/context.ts';
import type { Word } from '../words.ts';
import { addressOf, useAddress } from './address.ts';
import { connect } from './api.ts';
import { Bids } from './pages/bids.tsx';
import { Calls } from './pages/calls.tsx';
import { Campaigns } from './pages/campaigns.tsx';
import { Customer } from './pages/customer.tsx';
import { Customers } from './pages/customers.tsx';
import { Model } from './pages/model.tsx';
import { Overview } from './pages/overview.tsx';
import { Products } from './pages/products.tsx';
import { Quality } from './pages/quality.tsx';
import { Runs } from './pages/runs.tsx';
import { Segments } from './pages/segments.tsx';
import { Upload } from './pages/upload.tsx';
import { Select } from './parts.tsx';
import { type Preferences, usePreferences, useTheme } from './preferences.ts';
import { type Shop, ShopContext } from './shop.ts';
import type { Session } from './signIn.ts';

const pages = [
  'overview',
  'upload',
  'customers',
  'segments',
  'model',
  'campaigns',
  'calls',
  'bids',
  'products',
  'quality',
  'runs',
] as const satisfies Word[];

export function App({
  apiUrl,
  session,
  signInTrouble,
}: {
  apiUrl: string;
  session: Session | null;
  signInTrouble: string | null;
}) {
  const [preferences, change] = usePreferences();
  const theme = useTheme(preferences.theme);
  const [revision, setRevision] = useState(0);
  const [isOut, setOut] = useState(session !== null && session.token() === null);
  const address = useAddress();
  const [dropped, setDropped] = useState<File[]>([]);
  const api = useMemo(() => {
    const token = () => session?.token() ?? null;
    return connect(apiUrl, { token, onUnauthorized: () => setOut(session !== null) });
  }, [apiUrl, session]);
  const again = useCallback(() => setRevision((before) => before + 1), []);
  const shop: Shop = useMemo(
    () => ({ ...chartContext(preferences.language, theme), api, revision, again }),
    [preferences.language, theme, api, revision, again],
  );
  useDocument({ preferences, theme, title: `${shop.say(titleOf(address.page))} · Valuecast` });
  const announcement = usePublished(shop, !isOut);
  const onDrop = (files: File[]) => {
    setDropped(files);
    location.hash = addressOf('upload');
  };
  return (
    <ShopContext.Provider value={shop}>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {shop.say('skipToContent')}
      </button>
      <DropTarget onDrop={onDrop}>
        <Head
          shop={shop}
          page={address.page}
          session={session}
          isOut={isOut}
          preferences={preferences}
          change={change}
        />
        <main id="content" tabIndex={-1}>
          {isOut ? (
            <SignIn shop={shop} session={session} trouble={signInTrouble} />
          ) : (
            <Page page={address.page} name={address.name} dropped={dropped} onTaken={() => setDropped([])} />
          )}
        </main>
        <p class="announcement" role="status">
          {announcement}
        </p>
      </DropTarget>
    </ShopContext.Provider>
  );
}

const titleOf = (page: string): Word => pages.find((one) => one === page) ?? 'product';

function Page({
  page,
  name,
  dropped,
  onTaken,
}: {
  page: string;
  name: string | null;
  dropped: File[];
  onTaken: () => void;
}) {
  switch (page) {
    case 'overview':
      return <Overview />;
    case 'upload':
      return <Upload dropped={dropped} onTaken={onTaken} />;
    case 'customers':
      return name === null ? <Customers /> : <Customer key={name} id={name} />;
    case 'segments':
      return <Segments />;
    case 'model':
      return <Model />;
    case 'campaigns':
      return <Campaigns />;
    case 'calls':
      return <Calls />;
    case 'bids':
      return <Bids />;
    case 'products':
      return <Products />;
    case 'quality':
      return <Quality />;
    case 'runs':
      return <Runs runId={name} />;
    default:
      return <NotFound />;
  }
}

function NotFound() {
  return (
    <ShopContext.Consumer>
      {(shop) => (
        <p>
          {shop?.say('pageNotFound')} <a href={addressOf('overview')}>{shop?.say('overview')}</a>
        </p>
      )}
    </ShopContext.Consumer>
  );
}

function Head({
  shop: { say },
  page,
  session,
  isOut,
  preferences,
  change,
}: {
  shop: Shop;
  page: string;
  session: Session | null;
  isOut: boolean;
  preferences: Preferences;
  change: (changed: Partial<Preferences>) => void;
}) {
  return (
    <header class="head">
      <a class="brand" href={addressOf('overview')}>
        <img src="/icon.svg" alt="" width="28" height="28" /> {say('product')}
      </a>
      <nav aria-label={say('menu')}>
        <ul>
          {pages.map((one) => (
            <li key={one}>
              <a href={addressOf(one)} aria-current={one === page ? 'page' : undefined}>
                {say(one)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="preferences">
        <Select
          label={say('language')}
          value={preferences.language}
          options={[
            ['en', 'English'],
            ['zh', '中文'],
          ]}
          onChange={(language) => change({ language })}
        />
        <Select
          label={say('theme')}
          value={preferences.theme}
          options={[
            ['auto', say('themeAuto')],
            ['light', say('themeLight')],
            ['dark', say('themeDark')],
          ]}
          onChange={(theme) => change({ theme })}
        />
        {session !== null && !isOut && (
          <button type="button" onClick={session.signOut}>
            {say('signOut')}
          </button>
        )}
      </div>
    </header>
  );
}

function SignIn({
  shop: { say },
  session,
  trouble,
}: {
  shop: Shop;
  session: Session | null;
  trouble: string | null;
}) {
  const [failed, setFailed] = useState<string | null>(trouble);
  return (
    <section class="empty">
      <h1>{say('signIn')}</h1>
      <p>{say('signInNeeded')}</p>
      {failed !== null && (
        <p class="note bad" role="alert">
          {say('signInFailed', { reason: failed })}
        </p>
      )}
      <button
        type="button"
        class="primary"
        onClick={() => session?.signIn().catch((error: unknown) => setFailed(String(error)))}
      >
        {say('signIn')}
      </button>
    </section>
  );
}

/** A file dropped anywhere is taken to the upload. */
function DropTarget({ onDrop, children }: { onDrop: (files: File[]) => void; children: ComponentChildren }) {
  const [isOver, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the upload page has a button for whoever does not drag
    <div
      class={isOver ? 'shop over' : 'shop'}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        onDrop([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {children}
    </div>
  );
}

function useDocument({
  preferences,
  theme,
  title,
}: {
  preferences: Preferences;
  theme: string;
  title: string;
}): void {
  useEffect(() => {
    document.documentElement.lang = preferences.language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = theme;
    document.title = title;
  }, [preferences.language, theme, title]);
}

const lookEveryMs = 4000;

/** Asks now and then what is published, while somebody looks; when that has changed, the page asks for everything anew. */
function usePublished({ api, say, again }: Shop, isAllowed: boolean): string {
  const [announcement, setAnnouncement] = useState('');
  const seen = useRef<string | null>(null);
  useEffect(() => {
    if (!isAllowed) return;
    const ending = new AbortController();
    const look = async () => {
      if (document.hidden) return;
      const health = await api.get<Health>('/health', ending.signal).catch(() => null);
      if (health === null || ending.signal.aborted) return;
      const published = JSON.stringify(
        Object.entries(health.datasets).map(([name, { runId }]) => [name, runId]),
      );
      const isNews = seen.current !== null && seen.current !== published;
      seen.current = published;
      if (!isNews) return;
      setAnnouncement(say('updated'));
      again();
    };
    const timer = setInterval(() => void look(), lookEveryMs);
    void look();
    return () => {
      clearInterval(timer);
      ending.abort();
    };
  }, [api, say, again, isAllowed]);
  return announcement;
}
