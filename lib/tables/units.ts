/** What a unit in a header multiplies the column by, to reach the unit of the field. */
const units: Partial<Record<string, { unit: RegExp; factor: number }[]>> = {
  browsingMinutes: [
    { unit: /^(ms|milliseconds?|毫秒)$/, factor: 1 / 60_000 },
    { unit: /^(s|secs?|seconds?|秒)$/, factor: 1 / 60 },
    { unit: /^(h|hrs?|hours?|小时|时)$/, factor: 60 },
  ],
  spend: [
    { unit: /^(cents?|分)$/, factor: 1 / 100 },
    { unit: /^(thousands?|k|千元|千)$/, factor: 1_000 },
    { unit: /^(万元|万)$/, factor: 10_000 },
  ],
  leadTimeDays: [
    { unit: /^(w|weeks?|周|星期)$/, factor: 7 },
    { unit: /^(h|hrs?|hours?|小时|时)$/, factor: 1 / 24 },
  ],
  clickRate: [
    { unit: /^(%|percent|百分比)$/, factor: 1 / 100 },
    { unit: /^‰$/, factor: 1 / 1000 },
  ],
  conversionRate: [
    { unit: /^(%|percent|百分比)$/, factor: 1 / 100 },
    { unit: /^‰$/, factor: 1 / 1000 },
  ],
};

/** 1 for a field without units and for words in brackets that are none: `spend (CNY)`, `clicks (all)`. */
export function unitFactor(field: string, unit: string | null): number {
  if (unit === null) return 1;
  return units[field]?.find(({ unit: known }) => known.test(unit))?.factor ?? 1;
}
