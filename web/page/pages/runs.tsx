import { useState } from 'preact/hooks';
import type { ModelList, PurchaseModel, RunDetail, RunList, RunSummary } from '../../answers.ts';
import type { Word } from '../../words.ts';
import { addressOf } from '../address.ts';
import type { Trouble } from '../api.ts';
import {
  DataTable,
  Download,
  Figure,
  Figures,
  Loading,
  Name,
  Notes,
  PageTitle,
  Paging,
  Panel,
  Shown,
  TroubleNote,
} from '../parts.tsx';
import { useAnswer, usePages, useShop } from '../shop.ts';
import { Told } from '../Words.tsx';
import { FileReport } from './fileReport.tsx';

/** Every run, newest first, one run in full, and the way back to an earlier model. */
export function Runs({ runId }: { runId: string | null }) {
  const { say } = useShop();
  return (
    <>
      <PageTitle>{say('runs')}</PageTitle>
      {runId === null ? <List /> : <One runId={runId} />}
    </>
  );
}

function List() {
  const { say, formats } = useShop();
  const runs = usePages<RunList>('/runs?limit=30');
  return (
    <>
      <Shown asked={runs} empty="emptyRuns">
        {({ runs: rows }) =>
          rows.length === 0 ? (
            <p class="muted">{say('emptyRuns')}</p>
          ) : (
            <>
              <DataTable<RunSummary>
                caption={say('runs')}
                columns={[
                  {
                    label: say('run'),
                    cell: ({ runId }) => <a href={addressOf('runs', runId)}>{runId.slice(0, 8)}</a>,
                  },
                  {
                    label: say('dataset'),
                    cell: ({ dataset }) => <Name>{dataset}</Name>,
                    sortBy: ({ dataset }) => dataset,
                  },
                  {
                    label: say('status'),
                    cell: (run) => <Status run={run} />,
                    sortBy: ({ status }) => status,
                  },
                  {
                    label: say('started'),
                    cell: ({ startedAt }) => formats.time(startedAt),
                    sortBy: ({ startedAt }) => startedAt,
                  },
                  {
                    label: say('seconds'),
                    numeric: true,
                    cell: (run) => secondsOf(run) ?? '–',
                    sortBy: secondsOf,
                  },
                  {
                    label: say('rows'),
                    numeric: true,
                    cell: ({ counts }) => (counts.rowsIn === undefined ? '–' : formats.count(counts.rowsIn)),
                    sortBy: ({ counts }) => counts.rowsIn ?? null,
                  },
                  {
                    label: say('setAside'),
                    numeric: true,
                    cell: ({ counts }) =>
                      counts.rowsQuarantined === undefined ? '–' : formats.count(counts.rowsQuarantined),
                    sortBy: ({ counts }) => counts.rowsQuarantined ?? null,
                  },
                ]}
                rows={rows}
                keyOf={({ runId }) => runId}
              />
              <Paging pages={runs} label={say('runs')} />
            </>
          )
        }
      </Shown>
      <Models />
    </>
  );
}

export function Status({ run: { status, progress } }: { run: Pick<RunSummary, 'status' | 'progress'> }) {
  const { say, formats } = useShop();
  return (
    <>
      <span class={`tag ${status}`}>{say(status)}</span>
      {status === 'processing' && progress !== undefined && (
        <small class="muted block">
          {progress.step} {formats.percent(progress.done, 0)}
          {progress.engine !== null && ` · ${progress.engine}`}
        </small>
      )}
    </>
  );
}

const secondsOf = ({ startedAt, finishedAt }: RunSummary): number | null =>
  finishedAt === undefined ? null : Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 100) / 10;

/** Purchase models that can be gone back to, each behind a question. */
function Models() {
  const { api, say, formats, again } = useShop();
  const models = useAnswer<ModelList>('/models?limit=20');
  const training = useAnswer<PurchaseModel>('/models/purchase?from=training');
  const orders = useAnswer<PurchaseModel>('/models/purchase?from=orders');
  const [asking, setAsking] = useState<{ over: string; to: string } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isDone, setDone] = useState(false);
  const backFrom = (to: string): string | null =>
    [training.answer, orders.answer].find((model) => model?.canGoBackTo.includes(to))?.runId ?? null;
  const goBack = async (question: { over: string; to: string }) => {
    setTrouble(null);
    try {
      await api.post('/models/purchase/rollback', question);
      setDone(true);
      again();
    } catch (error) {
      setTrouble(error as Trouble);
    } finally {
      setAsking(null);
    }
  };
  if (models.answer == null || models.answer.models.length === 0) return null;
  return (
    <Panel title={say('models')} wide>
      {trouble !== null && <TroubleNote trouble={trouble} />}
      <p role="status">{isDone ? say('rolledBack') : ''}</p>
      <DataTable
        caption={say('models')}
        columns={[
          {
            label: say('run'),
            cell: ({ runId }) => <a href={addressOf('runs', runId)}>{runId.slice(0, 8)}</a>,
          },
          {
            label: say('fittedTo'),
            cell: ({ from }) => say(from === 'orders' ? 'orderHistory' : 'trainingTable'),
          },
          { label: say('model'), cell: ({ engine }) => engine },
          { label: say('grade'), cell: ({ grade }) => grade },
          {
            label: say('logLoss'),
            numeric: true,
            cell: ({ metrics }) => (metrics === null ? '–' : formats.figure(metrics.logLoss)),
          },
          {
            label: say('status'),
            cell: ({ state }) => <span class={`tag ${state}`}>{say(`model_${state}`)}</span>,
          },
          {
            label: say('rollback'),
            cell: ({ runId }) => {
              const over = backFrom(runId);
              if (over === null) return '–';
              if (asking?.to !== runId)
                return (
                  <button type="button" onClick={() => setAsking({ over, to: runId })}>
                    {say('goBack')}
                  </button>
                );
              return (
                <span class="actions">
                  {say('sure')}
                  <button type="button" class="danger" onClick={() => void goBack(asking)}>
                    {say('yesGoBack')}
                  </button>
                  <button type="button" onClick={() => setAsking(null)}>
                    {say('cancel')}
                  </button>
                </span>
              );
            },
          },
        ]}
        rows={models.answer.models}
        keyOf={({ runId }) => runId}
      />
    </Panel>
  );
}

function One({ runId }: { runId: string }) {
  const { say } = useShop();
  const run = useAnswer<RunDetail>(`/runs/${encodeURIComponent(runId)}`);
  return (
    <>
      <p>
        <a href={addressOf('runs')}>← {say('runs')}</a>
      </p>
      {run.answer === undefined && run.trouble === null ? (
        <Loading />
      ) : (
        <Shown asked={run} empty="noSuchRun">
          {(answer) => <Detail run={answer} />}
        </Shown>
      )}
    </>
  );
}

export function Detail({ run }: { run: RunDetail }) {
  const { say, formats } = useShop();
  return (
    <>
      <Figures>
        <Figure label={say('dataset')} value={run.dataset} note={run.runId} />
        <div class="figure">
          <dt>{say('status')}</dt>
          <dd>
            <Status run={run} />
          </dd>
        </div>
        <Figure label={say('started')} value={formats.time(run.startedAt)} />
        {Object.entries(run.counts).map(([name, value]) => (
          <Figure key={name} label={countLabel(name, say)} value={formats.count(value)} />
        ))}
      </Figures>
      {run.status === 'published' && (
        <p class="actions">
          <Download file={`reports/${run.runId}.html`}>{say('report')}</Download>
        </p>
      )}
      <Told key={run.runId} path={`/runs/${run.runId}/summary`}>
        {say('tellRun')}
      </Told>
      <Problems run={run} />
      <Notes notes={run.notes} />
      <div class="panels">
        {run.files.map((file, at) => (
          // a file stands where it stood
          <FileReport key={at} file={file} />
        ))}
        {run.rejects.length > 0 && (
          <Panel title={say('rejectedRows')}>
            <p class="actions">
              {run.rejects.map((key) => (
                <Download key={key} file={key}>
                  {key}
                </Download>
              ))}
            </p>
          </Panel>
        )}
        <Panel title={say('timings')}>
          <DataTable
            caption={say('timings')}
            columns={[
              { label: say('step'), cell: ([step]) => step },
              {
                label: say('seconds'),
                numeric: true,
                cell: ([, seconds]) => formats.figure(seconds, 2),
                sortBy: ([, seconds]) => seconds,
              },
            ]}
            rows={Object.entries(run.timings)}
            keyOf={([step]) => step}
          />
        </Panel>
      </div>
    </>
  );
}

const countWords: Partial<Record<string, Word>> = {
  rowsIn: 'rows',
  rowsOk: 'read',
  rowsQuarantined: 'setAside',
  attempts: 'attempts',
  customers: 'customersCount',
  scored: 'scoredCustomers',
  ads: 'adsCount',
  products: 'products',
  contacts: 'contactsCount',
  campaigns: 'campaigns',
  calls: 'calls',
};

/** Counts that no page tells of otherwise keep their names. */
const countLabel = (name: string, say: (word: Word) => string): string => {
  const word = countWords[name];
  return word === undefined ? name : say(word);
};

export function Problems({ run: { problems } }: { run: Pick<RunDetail, 'problems'> }) {
  const { say } = useShop();
  if (problems.length === 0) return null;
  return (
    <div class="note bad" role="alert">
      <strong>{say('problems')}</strong>
      <ul>
        {problems.map(({ code, message, file, line }) => (
          <li key={`${code}/${file ?? ''}/${message}`}>
            {file !== undefined && (
              <>
                <Name>{file}</Name>
                {line !== undefined && `:${line}`}:{' '}
              </>
            )}
            <bdi>{message}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
