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

/** The months from that of one day to that of another, each with its first and last day since 1970-01-01. */
export function calendarMonths(
  fromDay: number,
  toDay: number,
): { month: number; firstDay: number; lastDay: number }[] {
  const from = monthOfDay(fromDay);
  return Array.from({ length: monthOfDay(toDay) - from + 1 }, (_, index) => {
    const month = from + index;
    return { month, firstDay: firstDayOf(month), lastDay: firstDayOf(month + 1) - 1 };
  });
}

const firstDayOf = (month: number): number => Date.UTC(1970, month, 1) / 86_400_000;

/**
 * Retention and revenue by month of first purchase, up to `lastMonth`, which should be over: of a month that is not, the
 * figures are low. Customers who bought before the history begins count as new in its first month.
 */
export function cohortTable(
  { customer, month, amount }: PurchaseColumns,
  { lastMonth }: { lastMonth: number },
): Cohort[] {
  const firstMonth = new Map<number, number>();
  for (let row = 0; row < customer.length; row++) {
    const id = customer[row] as number;
    const at = month[row] as number;
    firstMonth.set(id, Math.min(firstMonth.get(id) ?? at, at));
  }
  const cells = new Map<string, CohortCell & { buyers: Set<number> }>();
  for (let row = 0; row < customer.length; row++) {
    const id = customer[row] as number;
    const at = month[row] as number;
    const cohort = firstMonth.get(id) as number;
    const key = `${cohort} ${at}`;
    const cell = cells.get(key) ?? { cohort, month: at, customers: 0, revenue: 0, buyers: new Set() };
    cells.set(key, cell);
    cell.customers = cell.buyers.add(id).size;
    cell.revenue += amount[row] as number;
  }
  return cohortsOfCells([...cells.values()], { lastMonth });
}

/** How many customers who first bought in `cohort` bought in `month`, both since January 1970, and for how much. */
export interface CohortCell {
  cohort: number;
  month: number;
  customers: number;
  revenue: number;
}

/** The same from sums; cells of the same months, of different customers, are added up. */
export function cohortsOfCells(cells: readonly CohortCell[], { lastMonth }: { lastMonth: number }): Cohort[] {
  const seen = cells.filter(({ month }) => month <= lastMonth);
  const sizes = new Map<number, number>();
  for (const { cohort, month, customers } of seen)
    if (cohort === month) sizes.set(cohort, (sizes.get(cohort) ?? 0) + customers);
  const cohorts = emptyCohorts(sizes, lastMonth);
  for (const { cohort, month, customers, revenue } of seen) {
    const cell = cellOf(cohorts, cohort, month);
    cell.customers += customers;
    cell.revenue += revenue;
  }
  return [...cohorts.values()].map(finished);
}

function emptyCohorts(sizes: ReadonlyMap<number, number>, lastMonth: number): Map<number, Cohort> {
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
