import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Chart } from '../charts/chart.ts';
import { addressOf } from './address.ts';
import { DataTable } from './parts.tsx';
import { useShop } from './shop.ts';

/** A chart with its units and source, what it says in a sentence, and the same numbers as a table. */
export function ChartView({
  chart,
  wide = false,
  onPick,
}: {
  chart: Chart;
  wide?: boolean;
  /** Told the place on the horizontal axis that the reader drags to. */
  onPick?: (x: number) => void;
}) {
  const { say } = useShop();
  const [isTable, setTable] = useState(false);
  const titleId = useId();
  const { title, units, source, sentence, empty, table } = chart;
  return (
    <article
      class={wide ? 'panel wide chart' : 'panel chart'}
      aria-labelledby={titleId}
      data-chart={chart.id}
    >
      <header class="panel-head">
        <h2 id={titleId}>
          <bdi>{title}</bdi>
        </h2>
        {empty === null && (
          <button type="button" class="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {say(isTable ? 'chart' : 'table')}
          </button>
        )}
      </header>
      {empty !== null ? (
        <div class="empty">
          <p>{empty}</p>
          <p>
            <a class="button" href={addressOf('upload')}>
              {say('upload')}
            </a>
          </p>
        </div>
      ) : (
        <>
          <p class="sentence">{sentence}</p>
          {isTable ? (
            <DataTable
              caption={title}
              columns={table.columns.map(({ label, kind }, at) => ({
                label,
                numeric: kind === 'number',
                cell: (row: string[]) => <bdi class="name">{row[at]}</bdi>,
              }))}
              rows={table.rows}
              keyOf={(_, at) => String(at)}
            />
          ) : (
            <Drawing chart={chart} onPick={onPick} onFailure={() => setTable(true)} />
          )}
          <p class="source">
            {units !== '' && (
              <>
                {say('units')}: {units} ·{' '}
              </>
            )}
            {source}
          </p>
        </>
      )}
    </article>
  );
}

type Drawn = import('echarts/core').ECharts;

/** ECharts comes beside the first answers, and holds up neither the page nor them; until then each chart's place is kept. */
let drawing: Promise<typeof import('../charts/modules.ts')> | null = null;
export function loadDrawing(): Promise<typeof import('../charts/modules.ts')> {
  drawing ??= import('../charts/modules.ts').catch((error: unknown) => {
    // the next chart tries again
    drawing = null;
    throw error;
  });
  return drawing;
}

function Drawing({
  chart,
  onPick,
  onFailure,
}: {
  chart: Chart;
  onPick: ((x: number) => void) | undefined;
  /** What draws did not come: the table has the same numbers. */
  onFailure: () => void;
}) {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const wanted = useRef(chart);
  wanted.current = chart;
  useEffect(() => {
    const place = element.current;
    if (place === null) return;
    let isGone = false;
    const resized = new ResizeObserver(() => drawn.current?.resize());
    void loadDrawing().then(({ initChart }) => {
      if (isGone) return;
      drawn.current = initChart(place, null, { renderer: 'svg' });
      drawn.current.setOption(wanted.current.option ?? {}, { notMerge: true });
      resized.observe(place);
    }, onFailure);
    return () => {
      isGone = true;
      resized.disconnect();
      drawn.current?.dispose();
      drawn.current = null;
    };
  }, []);
  useEffect(() => {
    if (drawn.current === null) return;
    drawn.current.setOption(chart.option ?? {}, { notMerge: true });
    drawn.current.resize();
  }, [chart]);
  // The height is the chart's; a class of the style sheet cannot know it, and a style in the markup is not let in.
  const setHeight = (place: HTMLDivElement | null) => {
    element.current = place;
    if (place !== null) place.style.blockSize = `${chart.height}px`;
  };
  const pick = (event: PointerEvent) => {
    const place = element.current?.getBoundingClientRect();
    if (onPick === undefined || place === undefined || event.buttons !== 1) return;
    const at = drawn.current?.convertFromPixel({ gridIndex: 0 }, [
      event.clientX - place.left,
      event.clientY - place.top,
    ]);
    const x = Array.isArray(at) ? Number(at[0]) : Number.NaN;
    if (Number.isFinite(x)) onPick(x);
  };
  return (
    <div
      class={onPick === undefined ? 'drawing' : 'drawing draggable'}
      ref={setHeight}
      role="img"
      aria-label={`${chart.title}. ${chart.sentence}`}
      onPointerDown={pick}
      onPointerMove={pick}
    />
  );
}
