import { type ApiClient, latestRuns, type RunSummary } from './api-client.ts';
import { bidLines, modelLines, runLine, segmentLines, valueLines, wordLines } from './run-report.ts';

/** What is published now, and which runs are not. */
export async function resultsText(
  api: ApiClient,
  expected: string[],
): Promise<{ text: string; troubled: RunSummary[]; missing: string[] }> {
  const [runs, segments, model, valueModel, bids] = await Promise.all([
    api.runs(),
    api.segments(),
    api.model(),
    api.valueModel(),
    api.bids(),
  ]);
  const latest = latestRuns(runs);
  const troubled = [...latest.values()].filter((run) => run.status !== 'published');
  const history = latest.get('orders');
  const words = history?.status === 'published' ? await api.inWords(history.runId) : null;
  const missing = expected.filter((dataset) => !latest.has(dataset));
  const blocks = [
    segments && segmentLines(segments),
    segments?.history && valueModel ? valueLines(segments.history, valueModel) : null,
    model && modelLines(model),
    bids && bidLines(bids),
    words && wordLines(words),
    troubled.map(runLine),
    missing.map((dataset) => `${dataset} never ran`),
  ];
  const filled = blocks.filter((block) => block !== null && block.length > 0) as string[][];
  return { text: filled.map((block) => block.join('\n')).join('\n\n'), troubled, missing };
}
