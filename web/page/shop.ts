import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { ChartContext } from '../charts/chart.ts';
import { type Api, Trouble } from './api.ts';

/** What every part of the page needs: the API, the words and formats of the reader, and which results are being looked at. */
export interface Shop extends ChartContext {
  api: Api;
  /** Grows whenever something newer is published, or the reader asks again. */
  revision: number;
  again(): void;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (shop === null) throw new Error('useShop: there is no shop around this part of the page');
  return shop;
}

export interface Asked<Answer> {
  /** The last one that came, however old the question; undefined before the first. */
  answer: Answer | null | undefined;
  trouble: Trouble | null;
  isLoading: boolean;
}

/** What the API answers to a path; asked anew when the path changes, or something newer is published. Null asks nothing. */
export function useAnswer<Answer>(path: string | null): Asked<Answer> {
  const { api, revision } = useShop();
  const [state, setState] = useState<Asked<Answer>>({ answer: undefined, trouble: null, isLoading: true });
  const asked = useRef<string | null>(null);
  // a new revision asks again
  useEffect(() => {
    if (path === null) {
      setState({ answer: null, trouble: null, isLoading: false });
      return;
    }
    const ending = new AbortController();
    const isSame = asked.current === path;
    asked.current = path;
    setState((before) => ({ answer: isSame ? before.answer : undefined, trouble: null, isLoading: true }));
    api.get<Answer>(path, ending.signal).then(
      (answer) => setState({ answer, trouble: null, isLoading: false }),
      (error: unknown) => {
        if (ending.signal.aborted) return;
        const trouble = error instanceof Trouble ? error : new Trouble(null, null);
        setState((before) => ({ ...before, trouble, isLoading: false }));
      },
    );
    return () => ending.abort();
  }, [api, path, revision]);
  return state;
}
