import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Explanation, Summary } from '../answers.ts';
import { Trouble } from './api.ts';
import { DataTable, Loading, TroubleNote } from './parts.tsx';
import { useShop } from './shop.ts';

/** Texts that are written when a reader asks for them, for a language model may have to be paid for each. */

export interface Wanted<Answer> {
  answer: Answer | null;
  trouble: Trouble | null;
  isAsking: boolean;
  ask: () => void;
}

/** Asks by the reader's hand alone; what came before makes way. */
export function useWanted<Answer>(question: () => Promise<Answer | null>): Wanted<Answer> {
  const [state, setState] = useState<Omit<Wanted<Answer>, 'ask'>>({
    answer: null,
    trouble: null,
    isAsking: false,
  });
  const ask = async () => {
    setState({ answer: null, trouble: null, isAsking: true });
    try {
      setState({ answer: await question(), trouble: null, isAsking: false });
    } catch (error) {
      const trouble = error instanceof Trouble ? error : new Trouble(null, null);
      setState({ answer: null, trouble, isAsking: false });
    }
  };
  return { ...state, ask: () => void ask() };
}

/** A run or a segment in words, behind a button. */
export function Told({ path, children }: { path: string; children: ComponentChildren }) {
  const { api, language } = useShop();
  const separator = path.includes('?') ? '&' : '?';
  const told = useWanted<Summary | Explanation>(() => api.get(`${path}${separator}language=${language}`));
  // in another language it has to be asked for again
  const answer = told.answer?.language === language ? told.answer : null;
  return (
    <div class="told">
      <button type="button" onClick={told.ask} disabled={told.isAsking}>
        {children}
      </button>
      <Outcome of={told} />
      {answer !== null && (
        <div role="status">
          {'headline' in answer && (
            <p>
              <strong>
                <bdi>{answer.headline}</bdi>
              </strong>
            </p>
          )}
          <p class="text">
            <bdi>{answer.text}</bdi>
          </p>
        </div>
      )}
      {answer !== null && <WrittenBy words={answer} />}
    </div>
  );
}

export const Outcome = ({ of: { isAsking, trouble } }: { of: Wanted<unknown> }) => (
  <>
    {isAsking && <Loading />}
    {trouble !== null && <TroubleNote trouble={trouble} />}
  </>
);

/** Who wrote, why it was not the model of the settings, and the facts that there were to write of. */
export function WrittenBy({
  words: { writer, model, reason, facts },
}: {
  words: Pick<Summary, 'writer' | 'model' | 'reason' | 'facts'>;
}) {
  const { say } = useShop();
  return (
    <div class="source">
      <p>
        {writer === 'template' ? say('writtenByRule') : say('writtenByModel', { writer, model: model ?? '' })}
        {reason !== null && ` ${say('whyRule', { reason: reason.message })}`}
      </p>
      {facts.length > 0 && (
        <details>
          <summary>{say('factsUsed', { count: facts.length })}</summary>
          <DataTable
            caption={say('factsUsed', { count: facts.length })}
            columns={[
              { label: say('fact'), cell: ({ meaning }) => <bdi>{meaning}</bdi> },
              { label: say('value'), cell: ({ text }) => <bdi>{text}</bdi> },
            ]}
            rows={facts}
            keyOf={(_, at) => String(at)}
          />
        </details>
      )}
    </div>
  );
}
