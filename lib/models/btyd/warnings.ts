import type { GroupedHistories } from './purchaseHistory.ts';

/** Something about the data that the reader of the results must know. */
export interface ModelWarning {
  code: string;
  message: string;
  count?: number;
}

/** What to say beside forecasts of this model over this horizon, in the unit of the histories. */
export function warningsOfForecast(
  { kind, atEdge }: { kind: string; atEdge: readonly string[] },
  { age, frequency, counts }: GroupedHistories,
  { horizon }: { horizon: number },
): ModelWarning[] {
  const warnings: ModelWarning[] = [];
  const longest = age.reduce((most, value) => Math.max(most, value), 0);
  if (longest < horizon)
    warnings.push({
      code: 'historyShorterThanHorizon',
      message: `the history reaches back ${round(longest)}, less than the ${round(horizon)} that it is asked to see ahead`,
    });
  const repeaters = frequency.reduce((sum, x, group) => (x > 0 ? sum + (counts[group] as number) : sum), 0);
  if (repeaters < fewRepeaters)
    warnings.push({
      code: 'fewRepeatBuyers',
      message: `only ${repeaters} customers came back: intervals are wide`,
      count: repeaters,
    });
  if (atEdge.length > 0)
    warnings.push({
      code: 'parametersAtEdge',
      message: `${kind}: ${atEdge.join(', ')} ran to an edge, a simpler model says the same`,
    });
  return warnings;
}

const fewRepeaters = 100;

const round = (time: number): string => String(Number(time.toPrecision(3)));
