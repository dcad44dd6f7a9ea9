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
  const inWords = async (dataset: string) => {
    const run = latest.get(dataset);
    return run?.status === 'published' ? api.inWords(run.runId) : null;
  };
  const [words, campaigns, products] = await Promise.all(['orders', 'campaigns', 'products'].map(inWords));
  const missing = expected.filter((dataset) => !latest.has(dataset));
  const blocks = [
    segments && segmentLines(segments),
    segments?.history && valueModel ? valueLines(segments.history, valueModel) : null,
    model && modelLines(model),
    bids && bidLines(bids),
    campaigns && wordLines('Campaigns', campaigns),
    products && wordLines('Products', products),
    words && wordLines('In words', words),
    troubled.map(runLine),
    missing.map((dataset) => `${dataset} never ran`),
  ];
  const filled = blocks.filter((block) => block && block.length > 0) as string[][];
  return { text: filled.map((block) => block.join('\n')).join('\n\n'), troubled, missing };
}
