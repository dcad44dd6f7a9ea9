import * as z from 'zod/mini';
import type { RunRecord } from '../store/runs.ts';
import type { Measure, Platform } from './platform.ts';

/** What steps say of a model and of drift, as it stands in the run's record. */
const metricsSchema = z.object({
  heldOut: z.optional(z.nullable(z.object({ rocAuc: z.nullable(z.number()), logLoss: z.number() }))),
  purchaseDrift: z.optional(z.nullable(z.object({ standardErrors: z.number() }))),
  quality: z.optional(z.object({ drift: z.array(z.object({ largestPsi: z.number() })) })),
});

/** Of a published run, for whoever watches the service: how much it read and wrote, how long each stage took, how good it is. */
export function measureRun(platform: Platform, record: RunRecord): void {
  const { dataset, counts, inputs, startedAt, finishedAt, timings } = record;
  const seconds = (Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)) / 1000;
  const { writes, retries } = platform.calls();
  platform.measure(dataset, {
    RowsIn: { value: counts.rowsIn ?? 0, unit: 'Count' },
    RowsQuarantined: { value: counts.rowsQuarantined ?? 0, unit: 'Count' },
    InputBytes: { value: inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), unit: 'Bytes' },
    RunSeconds: { value: seconds, unit: 'Seconds' },
    ItemsWritten: { value: writes, unit: 'Count' },
    Retries: { value: retries, unit: 'Count' },
    ...qualityOf(record.metrics),
  });
  // A stage within another, as `value.lists`, is in that one's seconds.
  for (const [stage, value] of Object.entries(timings).filter(([name]) => !name.includes('.')))
    platform.measure(dataset, { StageSeconds: { value, unit: 'Seconds' } }, { stage });
}

function qualityOf(metrics: unknown): Record<string, Measure> {
  const { heldOut, purchaseDrift, quality } = metricsSchema.safeParse(metrics).data ?? {};
  const psi = quality?.drift.map(({ largestPsi }) => largestPsi) ?? [];
  const measures: Record<string, number | null | undefined> = {
    ModelRocAuc: heldOut?.rocAuc,
    ModelLogLoss: heldOut?.logLoss,
    LargestPsi: psi.length > 0 ? Math.max(...psi) : null,
    PredictionDrift: purchaseDrift?.standardErrors,
  };
  return Object.fromEntries(
    Object.entries(measures).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, { value, unit: 'None' as const }]],
    ),
  );
}
