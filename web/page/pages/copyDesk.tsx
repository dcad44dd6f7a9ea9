import { useId, useState } from 'preact/hooks';
import type { Copy } from '../../answers.ts';
import { Panel, Select } from '../parts.tsx';
import { useShop } from '../shop.ts';
import { Outcome, useWanted, WrittenBy } from '../Words.tsx';

const channels = ['email', 'sms', 'push', 'wechat'] as const;

/** Copy for a campaign to a segment, in two variants, with who wrote it. */
export function CopyDesk({ segment, name }: { segment: string; name: string }) {
  const { api, say, language } = useShop();
  const percentId = useId();
  const [channel, setChannel] = useState<Copy['channel']>('email');
  const [percentOff, setPercentOff] = useState('');
  const copy = useWanted<Copy>(() =>
    api.post(`/campaigns/${encodeURIComponent(segment)}/copy`, {
      channel,
      language,
      ...(Number(percentOff) > 0 && { offer: { percentOff: Number(percentOff) } }),
    }),
  );
  const answer = copy.answer?.language === language ? copy.answer : null;
  return (
    <Panel title={say('copyFor', { name })}>
      <form
        class="controls"
        onSubmit={(event) => {
          event.preventDefault();
          copy.ask();
        }}
      >
        <Select
          label={say('channel')}
          value={channel}
          options={channels.map((one) => [one, say(`channel_${one}`)] as const)}
          onChange={setChannel}
        />
        <span class="field">
          <label for={percentId}>{say('percentOff')}</label>
          <input
            id={percentId}
            type="number"
            min="0"
            max="100"
            step="any"
            value={percentOff}
            onInput={(event) => setPercentOff(event.currentTarget.value)}
          />
        </span>
        <button type="submit" class="primary" disabled={copy.isAsking}>
          {say('writeCopy')}
        </button>
      </form>
      <Outcome of={copy} />
      <div role="status">
        {answer?.variants.map(({ subject, body, callToAction }, at) => (
          <blockquote key={`${at}-${body}`} class="variant">
            <p class="muted">{say('variant', { number: at + 1 })}</p>
            {subject !== null && (
              <p>
                <strong>
                  <bdi>{subject}</bdi>
                </strong>
              </p>
            )}
            <p class="text">
              <bdi>{body}</bdi>
            </p>
            <p>
              <em>
                <bdi>{callToAction}</bdi>
              </em>
            </p>
          </blockquote>
        ))}
      </div>
      {answer !== null && <WrittenBy words={answer} />}
    </Panel>
  );
}
