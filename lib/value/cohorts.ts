/** Purchases by column; `customer` is any number that stands for one. */
export interface PurchaseColumns {
  customer: Uint32Array;
  /** Months since January 1970, in the shop's calendar. */
  month: Int32Array;
  /** In the shop's currency. */
  amount: Float64Array;
}

export interface CohortMonth {
  /** Months since the first purchase; 0 is the month of it. */
  month: number;
  /** How many of the cohort bought. */
  customers: number;
  /** Of the whole cohort. */
  retention: number;
  revenue: number;
  /** Per customer of the cohort, from the first month up to this one. */
  cumulativePerCustomer: number;
}

/** Those who first bought in the same month. */
export interface Cohort {
  /** Such as 2011-03. */
  cohort: string;
  customers: number;
  /** Every month up to the last one, also those in which nobody bought. */
  months: CohortMonth[];
}

/** Months since January 1970 of a day since 1970-01-01. */
export function monthOfDay(day: number): number {
  const date = new Date(day * 86_400_000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export const monthName = (month: number): string =>
  `${1970 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

/**
 * Retention and revenue by month of first purchase, up to `lastMonth`, which should be over: of a month that is not, the
 * figures are low. Customers who bought before the history begins count as new in its first month.
 */
export function cohortTable(
  { customer, month, amount }: PurchaseColumns,
  { lastMonth }: { lastMonth: number },
): Cohort[] {
  const firstMonth = new Map<number, number>();
  const active = new Map<number, Set<number>>();
  for (let row = 0; row < customer.length; row++) {
    const at = month[row] as number;
    if (at > lastMonth) continue;
    const id = customer[row] as number;
    firstMonth.set(id, Math.min(firstMonth.get(id) ?? at, at));
    const buyers = active.get(at) ?? new Set();
    active.set(at, buyers.add(id));
  }
  const cohorts = emptyCohorts(firstMonth, lastMonth);
  for (const [at, buyers] of active)
    for (const id of buyers) cellOf(cohorts, firstMonth.get(id) as number, at).customers += 1;
  for (let row = 0; row < customer.length; row++) {
    const at = month[row] as number;
    if (at > lastMonth) continue;
    cellOf(cohorts, firstMonth.get(customer[row] as number) as number, at).revenue += amount[row] as number;
  }
  return [...cohorts.values()].map(finished);
}

function emptyCohorts(firstMonth: Map<number, number>, lastMonth: number): Map<number, Cohort> {
  const sizes = new Map<number, number>();
  for (const month of firstMonth.values()) sizes.set(month, (sizes.get(month) ?? 0) + 1);
  const sorted = [...sizes].sort(([one], [other]) => one - other);
  return new Map(
    sorted.map(([first, customers]) => [
      first,
      {
        cohort: monthName(first),
        customers,
        months: Array.from({ length: lastMonth - first + 1 }, (_, month) => ({
          month,
          customers: 0,
          retention: 0,
          revenue: 0,
          cumulativePerCustomer: 0,
        })),
      },
    ]),
  );
}

function cellOf(cohorts: Map<number, Cohort>, first: number, month: number): CohortMonth {
  const cell = cohorts.get(first)?.months[month - first];
  if (cell === undefined) throw new RangeError(`cohortTable: no month ${month} in cohort ${first}`);
  return cell;
}

function finished(cohort: Cohort): Cohort {
  let revenue = 0;
  const months = cohort.months.map((cell) => {
    revenue += cell.revenue;
    return {
      ...cell,
      retention: cell.customers / cohort.customers,
      cumulativePerCustomer: revenue / cohort.customers,
    };
  });
  return { ...cohort, months };
}
