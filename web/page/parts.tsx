import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { inLanguage } from '../apiSentences.ts';
import type { Word } from '../words.ts';
import { addressOf } from './address.ts';
import type { Trouble } from './api.ts';
import { type Asked, type Pages, useShop } from './shop.ts';

/** Pieces that pages are made of. All text goes through Preact, which writes text as text. */

export function PageTitle({ children, aside }: { children: ComponentChildren; aside?: ComponentChildren }) {
  return (
    <header class="page-title">
      <h1 tabIndex={-1} id="page-title">
        {children}
      </h1>
      {aside}
    </header>
  );
}

export function Panel({
  title,
  children,
  wide = false,
  aside,
}: {
  title: string;
  children: ComponentChildren;
  wide?: boolean;
  aside?: ComponentChildren;
}) {
  const id = useId();
  return (
    // no landmark, of which a page has few and each by one name
    <article class={wide ? 'panel wide' : 'panel'} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </article>
  );
}

/** One figure with its name, and what it stands on. */
export function Figure({ label, value, note }: { label: string; value: string; note?: string | null }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <bdi>{value}</bdi>
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}

export const Figures = ({ children }: { children: ComponentChildren }) => <dl class="figures">{children}</dl>;

/** What an answer is shown as: the answer, what to upload, or what went wrong. */
export function Shown<Answer>({
  asked,
  empty,
  children,
}: {
  asked: Asked<Answer>;
  empty: Word;
  children: (answer: Answer) => ComponentChildren;
}) {
  const { answer, trouble } = asked;
  return (
    <>
      {trouble !== null && <TroubleNote trouble={trouble} />}
      {answer === undefined && trouble === null && <Loading />}
      {answer === null && trouble === null && <Empty word={empty} />}
      {answer !== undefined && answer !== null && children(answer)}
    </>
  );
}

/** Says so when an answer takes long. */
export function Loading() {
  const { say } = useShop();
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 4000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="loading" role="status">
      {say(isSlow ? 'slow' : 'loading')}
    </p>
  );
}

export function Empty({ word }: { word: Word }) {
  const { say } = useShop();
  return (
    <div class="empty">
      <p>{say(word)}</p>
      <p>
        <a class="button" href={addressOf('upload')}>
          {say('upload')}
        </a>
      </p>
    </div>
  );
}

/** What went wrong, in the API's words where it has some, with where to look. */
export function TroubleNote({ trouble }: { trouble: Trouble }) {
  const { say, again } = useShop();
  const { status, problem } = trouble;
  return (
    <div class="note bad" role="alert">
      <strong>{problem?.title ?? say('problemTitle')}</strong>
      <p>{reasonOf(trouble, say)}</p>
      {problem?.errors && (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={path}>
              <bdi>{path}</bdi> {message}
            </li>
          ))}
        </ul>
      )}
      <p class="actions">
        <button type="button" onClick={again}>
          {say('again')}
        </button>
        {status !== null && <a href={addressOf('runs')}>{say('seeRuns')}</a>}
      </p>
    </div>
  );
}

function reasonOf(
  { status, problem }: Trouble,
  say: (word: Word, values?: Record<string, string>) => string,
): string {
  if (status === 403) return say('forbidden', { scope: 'valuecast/*' });
  if (problem !== null) return problem.detail;
  return status === null || status >= 500 ? say('offline') : `HTTP ${status}`;
}

export interface Column<Row> {
  label: string;
  numeric?: boolean;
  cell: (row: Row) => ComponentChildren;
  /** With it, a reader can have the rows in its order. */
  sortBy?: (row: Row) => number | string | null;
}

/** Rows under names; columns that can be sorted by have a button for it, and say which way they are. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  caption: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row, index: number) => string;
}) {
  const [sorting, setSorting] = useState<{ by: number; isDown: boolean } | null>(null);
  const sorted = sorting === null ? rows : sortedRows(rows, columns[sorting.by], sorting.isDown);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, numeric, sortBy }, at) => {
              const isBy = sorting?.by === at;
              const direction = isBy ? (sorting.isDown ? 'descending' : 'ascending') : undefined;
              return (
                <th key={label} scope="col" class={numeric ? 'numeric' : ''} aria-sort={direction}>
                  {sortBy === undefined ? (
                    label
                  ) : (
                    <button
                      type="button"
                      class="sort"
                      onClick={() =>
                        setSorting({ by: at, isDown: isBy ? !sorting.isDown : numeric === true })
                      }
                    >
                      {label}
                      <span aria-hidden="true">{isBy ? (sorting.isDown ? ' ↓' : ' ↑') : ' ↕'}</span>
                    </button>
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, index) => (
            <tr key={keyOf(row, index)}>
              {columns.map(({ label, numeric, cell }) => (
                <td key={label} class={numeric ? 'numeric' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What is not known comes last either way. */
function sortedRows<Row>(
  rows: readonly Row[],
  column: Column<Row> | undefined,
  isDown: boolean,
): readonly Row[] {
  const value = column?.sortBy;
  if (value === undefined) return rows;
  const order = (one: number | string, other: number | string): number =>
    typeof one === 'number' && typeof other === 'number'
      ? one - other
      : String(one).localeCompare(String(other));
  return [...rows].sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return isDown ? order(other, one) : order(one, other);
  });
}

/** The way through a list; says where in it the reader is. */
export function Paging({
  pages: { number, toPrevious, toNext },
  label,
}: {
  pages: Pages<unknown>;
  label: string;
}) {
  const { say, formats } = useShop();
  return (
    <nav class="paging" aria-label={label}>
      <button type="button" disabled={toPrevious === null} onClick={() => toPrevious?.()}>
        {say('previous')}
      </button>
      <span>{say('pageNumber', { number: formats.count(number) })}</span>
      <button type="button" disabled={toNext === null} onClick={() => toNext?.()}>
        {say('next')}
      </button>
    </nav>
  );
}

/** A word of the shop's own, however long and whichever way it is written. */
export const Name = ({ children }: { children: string }) => (
  <bdi class="name" title={Array.from(children).length > 40 ? children : undefined}>
    {children}
  </bdi>
);

/** A product as people call it, with its number below. */
export const Article = ({ name, product }: { name: string | null; product: string }) => (
  <>
    <Name>{name ?? product}</Name>
    {name !== null && (
      <small class="muted block">
        <Name>{product}</Name>
      </small>
    )}
  </>
);

/** The column that leads to a customer's own page. */
export const customerColumn = (label: string): Column<{ customerId: string }> => ({
  label,
  cell: ({ customerId }) => (
    <a href={addressOf('customers', customerId)}>
      <Name>{customerId}</Name>
    </a>
  ),
  sortBy: ({ customerId }) => customerId,
});

export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

/** An amount with a handle and a field: whoever cannot drag can type. */
export function Slider({
  label,
  value,
  min,
  max,
  step,
  shown,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  shown: string;
  onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <span class="field slider">
      <label for={id}>
        {label} <output for={id}>{shown}</output>
      </label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </span>
  );
}

/** A file of results: the API says where it is for a moment, and the browser saves it. */
export function Download({ file, children }: { file: string; children: ComponentChildren }) {
  const { api, say } = useShop();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const fetchIt = async () => {
    setTrouble(null);
    try {
      const found = await api.get<{ url: string }>(`/files/${encodeURIComponent(file)}`);
      if (found !== null) location.assign(found.url);
    } catch (error) {
      setTrouble(error as Trouble);
    }
  };
  return (
    <span class="download">
      <button type="button" onClick={() => void fetchIt()} title={file}>
        ⤓ {children}
      </button>
      {trouble !== null && <span role="alert">{trouble.problem?.detail ?? say('offline')}</span>}
    </span>
  );
}

export function Notes({
  notes,
}: {
  notes: readonly { code: string; message: string; count?: number | undefined }[];
}) {
  const { formats, language } = useShop();
  if (notes.length === 0) return null;
  return (
    <ul class="notes">
      {notes.map(({ code, message, count }, at) => (
        <li key={`${code}-${at}`}>
          {inLanguage(language, message)}
          {count !== undefined && ` (${formats.count(count)})`}
        </li>
      ))}
    </ul>
  );
}
