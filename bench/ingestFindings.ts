/** What a measured process is told. */
export interface IngestTask {
  orders: string;
  events: string;
  lastDay: number;
  scratch: string;
  memoryLimitMb: number;
}

/** What it prints when it is done. */
export interface IngestFindings {
  seconds: number;
  parts?: Record<string, number>;
  cpuSeconds: number;
  peakMb: number;
  customers: number;
  /** Sums over all customers, by feature; for text, how many have one. */
  totals: Record<string, number>;
  /** Features of the customers whose id ends in 00. */
  sample: Record<string, Record<string, number | string | null>>;
}

/** Features that both computed, and those of them in which a total or a sampled customer's value differs by more than a millionth. */
export function compare(
  one: IngestFindings,
  other: IngestFindings,
): { compared: string[]; different: string[] } {
  const compared = Object.keys(one.totals).filter((name) => name in other.totals);
  const ids = [...new Set([...Object.keys(one.sample), ...Object.keys(other.sample)])];
  const different = compared.filter(
    (name) =>
      differ(one.totals[name], other.totals[name]) ||
      ids.some((id) => differ(one.sample[id]?.[name], other.sample[id]?.[name])),
  );
  return { compared, different };
}

function differ(one: number | string | null | undefined, other: number | string | null | undefined): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one !== other;
  return !(Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one)));
}
