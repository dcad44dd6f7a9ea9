import { useEffect, useState } from 'preact/hooks';
import type { Theme } from '../charts/theme.ts';
import type { Language } from '../words.ts';

/** What a reader has chosen, kept on their machine and shared by their tabs. */
export interface Preferences {
  language: Language;
  theme: 'auto' | Theme['name'];
}

const key = 'valuecast.preferences';

export function usePreferences(): [Preferences, (changed: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useState(read);
  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === key) setPreferences(read());
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }, []);
  const change = (changed: Partial<Preferences>) => {
    const next = { ...preferences, ...changed };
    setPreferences(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing shows it all the same.
    }
  };
  return [preferences, change];
}

function read(): Preferences {
  const usual: Preferences = { language: navigator.language.startsWith('zh') ? 'zh' : 'en', theme: 'auto' };
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>;
    return {
      language: stored.language === 'en' || stored.language === 'zh' ? stored.language : usual.language,
      theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'auto',
    };
  } catch {
    return usual;
  }
}

/** The theme to draw in: the chosen one, or the system's as it changes. */
export function useTheme(chosen: Preferences['theme']): Theme['name'] {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  if (chosen !== 'auto') return chosen;
  return isDark ? 'dark' : 'light';
}
