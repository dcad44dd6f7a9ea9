import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
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
  const [state, setState] = useState<Asked<Answer> & { path: string | null }>({ ...unanswered, path });
  // a new revision asks again
  useEffect(() => {
    if (path === null) return;
    const ending = new AbortController();
    setState((before) => ({
      ...(before.path === path ? before : unanswered),
      path,
      trouble: null,
      isLoading: true,
    }));
    api.get<Answer>(path, ending.signal).then(
      (answer) => setState({ path, answer, trouble: null, isLoading: false }),
      (error: unknown) => {
        if (ending.signal.aborted) return;
        const trouble = error instanceof Trouble ? error : new Trouble(null, null);
        setState((before) => ({ ...before, trouble, isLoading: false }));
      },
    );
    return () => ending.abort();
  }, [api, path, revision]);
  if (path === null) return { answer: null, trouble: null, isLoading: false };
  // the answer to another question is none to this one
  return state.path === path ? state : unanswered;
}

const unanswered = { answer: undefined, trouble: null, isLoading: true };

export interface Pages<Answer> extends Asked<Answer> {
  /** From 1. */
  number: number;
  toNext: (() => void) | null;
  toPrevious: (() => void) | null;
}

/** A list page by page, as the API gives it: of a million entries no more than a page is ever here. It goes on in the run where it began. */
export function usePages<Answer extends { cursor?: string | undefined }>(path: string): Pages<Answer> {
  const [cursors, setCursors] = useState<{ path: string; passed: string[] }>({ path, passed: [] });
  const passed = cursors.path === path ? cursors.passed : [];
  const cursor = passed.at(-1);
  const query =
    cursor === undefined ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
  const asked = useAnswer<Answer>(`${path}${query}`);
  const isGone = asked.trouble?.status === 410;
  // a run that is no longer kept has no next page: back to the first of the newest
  useEffect(() => {
    if (isGone) setCursors({ path, passed: [] });
  }, [isGone, path]);
  const next = asked.answer?.cursor;
  const go = (to: string[]) => () => setCursors({ path, passed: to });
  return {
    ...asked,
    number: passed.length + 1,
    toNext: next === undefined ? null : go([...passed, next]),
    toPrevious: passed.length === 0 ? null : go(passed.slice(0, -1)),
  };
}
