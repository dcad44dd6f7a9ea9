import { useEffect, useRef, useState } from 'preact/hooks';
import type { RunDetail, RunList, UploadAnswer } from '../../answers.ts';
import { addressOf } from '../address.ts';
import { Trouble } from '../api.ts';
import { DataTable, Download, Name, Notes, PageTitle, Panel, Select, TroubleNote } from '../parts.tsx';
import { useAnswer, useShop } from '../shop.ts';
import { findRun, followersOf, headOf, putFile, UploadFailed } from '../uploading.ts';
import { FileReport, UnderstoodColumns } from './fileReport.tsx';
import { Problems, Status } from './runs.tsx';

/** Drop a CSV; see what it was taken for; upload it; watch the run; see what came of it. */
export function Upload({ dropped, onTaken }: { dropped: File[]; onTaken: () => void }) {
  const { say } = useShop();
  const [files, setFiles] = useState<{ id: number; file: File }[]>([]);
  const counter = useRef(0);
  const take = (list: Iterable<File>) => {
    const added = [...list].map((file) => ({ id: counter.current++, file }));
    if (added.length > 0) setFiles((before) => [...added, ...before]);
  };
  // what was dropped is taken once
  useEffect(() => {
    if (dropped.length === 0) return;
    take(dropped);
    onTaken();
  }, [dropped]);
  return (
    <>
      <PageTitle>{say('upload')}</PageTitle>
      <div class="drop">
        <p>{say('dropHere')}</p>
        <label class="button" for="choose-file">
          {say('chooseFile')}
        </label>
        <input
          id="choose-file"
          type="file"
          multiple
          accept=".csv,.csv.gz,.gz,text/csv"
          onChange={(event) => {
            take(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
          }}
        />
        <p class="muted">{say('dropHint')}</p>
      </div>
      {files.map(({ id, file }) => (
        <Taken
          key={id}
          file={file}
          onLeave={() => setFiles((before) => before.filter((one) => one.id !== id))}
        />
      ))}
      <Results />
    </>
  );
}

type Stage =
  | { at: 'reading' | 'choosing' }
  | { at: 'uploading'; share: number }
  | { at: 'waiting' | 'running'; key: string; etag: string; run: RunDetail | null };

function Taken({ file, onLeave }: { file: File; onLeave: () => void }) {
  const { api, say, formats } = useShop();
  const [stage, setStage] = useState<Stage>({ at: 'reading' });
  const [recognised, setRecognised] = useState<UploadAnswer | null>(null);
  const [trouble, setTrouble] = useState<Trouble | string | null>(null);
  const ask = async (folder?: string) => {
    setTrouble(null);
    try {
      const head = await headOf(file);
      const question = {
        fileName: file.name,
        sizeBytes: file.size,
        head,
        ...(folder !== undefined && { folder }),
      };
      setRecognised(await api.post<UploadAnswer>('/uploads', question));
      setStage({ at: 'choosing' });
    } catch (error) {
      setTrouble(error instanceof Trouble ? error : say('unreadable'));
    }
  };
  // asked once, when the file is taken
  useEffect(() => {
    if (file.size === 0) setTrouble(say('emptyFile'));
    else void ask();
  }, []);
  const upload = async () => {
    if (recognised?.upload == null) return;
    const { key } = recognised.upload;
    setTrouble(null);
    setStage({ at: 'uploading', share: 0 });
    try {
      const etag = await putFile(file, recognised.upload, (share) => setStage({ at: 'uploading', share }));
      setStage({ at: 'waiting', key, etag, run: null });
    } catch (error) {
      setStage({ at: 'choosing' });
      setTrouble(say('uploadFailed', { status: error instanceof UploadFailed ? error.status : 0 }));
    }
  };
  return (
    <Panel
      title={file.name}
      wide
      aside={
        <button type="button" class="quiet" onClick={onLeave}>
          {say('close')}
        </button>
      }
    >
      <p class="muted">{formats.bytes(file.size)}</p>
      <div role="status" class="stages">
        <StageLine stage={stage} trouble={trouble !== null} />
      </div>
      {typeof trouble === 'string' && (
        <p class="note bad" role="alert">
          {trouble}
        </p>
      )}
      {trouble instanceof Trouble && <TroubleNote trouble={trouble} />}
      {stage.at === 'choosing' && recognised !== null && (
        <Choosing
          recognised={recognised}
          onFolder={(folder) => void ask(folder)}
          onUpload={() => void upload()}
        />
      )}
      {stage.at === 'uploading' && <progress value={stage.share} max={1} aria-label={say('uploading')} />}
      {(stage.at === 'waiting' || stage.at === 'running') && (
        <Watching
          input={{ key: stage.key, etag: stage.etag }}
          onRun={(run) => setStage({ at: 'running', key: stage.key, etag: stage.etag, run })}
        />
      )}
    </Panel>
  );
}

function StageLine({ stage, trouble }: { stage: Stage; trouble: boolean }) {
  const { say, formats } = useShop();
  if (stage.at === 'reading') return <p>{trouble ? '' : say('recognising')}</p>;
  if (stage.at === 'uploading')
    return <p>{say('uploadingShare', { share: formats.percent(stage.share, 0) })}</p>;
  if (stage.at === 'waiting') return <p>{say('waitingForRun')}</p>;
  if (stage.at === 'running' && stage.run !== null)
    return (
      <p>
        <Status run={stage.run} />{' '}
        {stage.run.counts.rowsIn !== undefined &&
          say('rowsOfFile', {
            rows: formats.count(stage.run.counts.rowsIn),
            ok: formats.count(stage.run.counts.rowsOk ?? 0),
            bad: formats.count(stage.run.counts.rowsQuarantined ?? 0),
          })}
      </p>
    );
  return null;
}

function Choosing({
  recognised,
  onFolder,
  onUpload,
}: {
  recognised: UploadAnswer;
  onFolder: (folder: string) => void;
  onUpload: () => void;
}) {
  const { say } = useShop();
  const { folder, readings, upload } = recognised;
  const reading = readings.find((one) => one.folder === folder);
  const options = readings.map((one) => [one.folder, say(`folder_${one.folder}`)] as const);
  return (
    <>
      <p class="sentence">
        {folder === null ? say('notRecognised') : say('recognisedAs', { kind: say(`folder_${folder}`) })}
        {reading?.layout != null && ` ${say('layoutOf', { layout: reading.layout })}`}
      </p>
      <div class="controls">
        <Select
          label={say('kind')}
          value={folder ?? ''}
          options={folder === null ? [['', say('choose')] as const, ...options] : options}
          onChange={(value) => value !== '' && onFolder(value)}
        />
        {upload !== null && (
          <button type="button" class="primary" onClick={onUpload}>
            {say('uploadAs', { key: upload.key })}
          </button>
        )}
      </div>
      {upload?.replaces && <p class="note">{say('replaces', { key: upload.key })}</p>}
      {reading?.needs === 'orderReport' && <p class="note">{say('needsOrderReport')}</p>}
      {reading?.problem != null && (
        <p class="note bad" role="alert">
          <bdi>{reading.problem}</bdi>
        </p>
      )}
      {reading !== undefined && <UnderstoodColumns columns={reading.columns} />}
    </>
  );
}

const watchEveryMs = 1500;
/** A run that has not begun by then comes with the sweep, or never: the runs tell. */
const waitAtMostMs = 120_000;

/** The run of an upload, until it and what builds on it have ended. */
function Watching({
  input,
  onRun,
}: {
  input: { key: string; etag: string };
  onRun: (run: RunDetail) => void;
}) {
  const { api, say, again } = useShop();
  const [run, setRun] = useState<RunDetail | null>(null);
  const [followers, setFollowers] = useState<RunList['runs']>([]);
  const [isLate, setLate] = useState(false);
  // one watch for one upload
  useEffect(() => {
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const since = Date.now();
    let shownAs = '';
    const look = async () => {
      const found = await findRun(api, input, ending.signal).catch(() => null);
      if (ending.signal.aborted) return;
      if (found !== null) {
        setRun(found);
        onRun(found);
      }
      const after = found?.status === 'published' ? await readFollowers(found) : [];
      if (ending.signal.aborted) return;
      setFollowers(after);
      const shown = [found, ...after].map((one) => `${one?.runId}${one?.status}`).join();
      if (shown !== shownAs) again();
      shownAs = shown;
      setLate(found === null && Date.now() - since > waitAtMostMs);
      const isOver = found !== null && found.status !== 'processing' && isSettled(found, after);
      if (!isOver) timer = setTimeout(() => void look(), watchEveryMs);
    };
    const readFollowers = async ({ dataset, startedAt }: RunDetail) => {
      const newest = await Promise.all(
        followersOf(dataset).map((one) =>
          api
            .get<RunList>(`/runs?dataset=${encodeURIComponent(one)}&limit=1`, ending.signal)
            .catch(() => null),
        ),
      );
      return newest.flatMap((list) => list?.runs ?? []).filter((one) => one.startedAt >= startedAt);
    };
    // What builds on a run may have nothing to do; it is waited for as long as a run takes to begin.
    const isSettled = ({ dataset, finishedAt }: RunDetail, after: RunList['runs']) => {
      if (followersOf(dataset).length === 0) return true;
      if (after.some(({ status }) => status === 'processing')) return false;
      return (
        after.length === followersOf(dataset).length ||
        Date.now() - Date.parse(finishedAt ?? '') > waitAtMostMs
      );
    };
    void look();
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [input.key, input.etag]);
  if (run === null)
    return isLate ? (
      <p class="note">
        {say('lateRun')} <a href={addressOf('runs')}>{say('seeRuns')}</a>
      </p>
    ) : (
      <progress aria-label={say('waitingForRun')} />
    );
  return (
    <>
      {run.status === 'processing' && <progress aria-label={say('processing')} />}
      {followers.map((one) => (
        <p key={one.runId}>
          <Name>{one.dataset}</Name> <Status run={one} />
        </p>
      ))}
      <Outcome run={run} file={input.key} />
    </>
  );
}

function Outcome({ run, file }: { run: RunDetail; file: string }) {
  const { say } = useShop();
  if (run.status === 'processing') return null;
  const report = run.files.find((one) => (one as { key?: string }).key === file);
  return (
    <>
      <Problems run={run} />
      <Notes notes={run.notes} />
      {run.status === 'published' && (
        <p class="actions">
          {resultsOf(run.dataset).map((page) => (
            <a key={page} class="button" href={addressOf(page)}>
              {say(page)}
            </a>
          ))}
        </p>
      )}
      <p class="actions">
        <a href={addressOf('runs', run.runId)}>{say('seeRun')}</a>
        {run.rejects
          .filter((key) => key.startsWith(`rejects/${file.replace(/\.csv$/i, '')}`))
          .map((key) => (
            <Download key={key} file={key}>
              {say('rejectedRows')}
            </Download>
          ))}
      </p>
      {report !== undefined && <FileReport file={report} />}
    </>
  );
}

type ResultPage =
  | 'overview'
  | 'customers'
  | 'segments'
  | 'model'
  | 'campaigns'
  | 'calls'
  | 'bids'
  | 'products'
  | 'quality';

const resultPages: Partial<Record<string, ResultPage[]>> = {
  orders: ['overview', 'customers', 'segments', 'model', 'campaigns', 'calls', 'products', 'quality'],
  customers: ['customers', 'segments'],
  campaigns: ['campaigns', 'calls'],
  products: ['products'],
  ads: ['bids'],
  training: ['model'],
};

/** Scores of a file are shown with each customer. */
const resultsOf = (dataset: string): ResultPage[] => resultPages[dataset] ?? ['customers'];

/** Files that published runs have left, to be had. */
function Results() {
  const { say, formats } = useShop();
  const files = useAnswer<{ files: { key: string; dataset: string; asOf: string }[] }>('/files');
  if (files.answer == null || files.answer.files.length === 0) return null;
  return (
    <Panel title={say('resultFiles')} wide>
      <details>
        <summary>{say('showFiles', { count: files.answer.files.length })}</summary>
        <DataTable
          caption={say('resultFiles')}
          columns={[
            {
              label: say('file'),
              cell: ({ key }) => (
                <Download file={key}>
                  <Name>{key}</Name>
                </Download>
              ),
            },
            { label: say('dataset'), cell: ({ dataset }) => <Name>{dataset}</Name> },
            { label: say('date'), cell: ({ asOf }) => formats.time(asOf) },
          ]}
          rows={files.answer.files}
          keyOf={({ key }) => key}
        />
      </details>
    </Panel>
  );
}
