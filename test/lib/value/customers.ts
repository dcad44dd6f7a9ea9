import type { CustomerRow } from '../../../lib/tables/types.ts';

/** Customers from spend, frequency and browsing minutes. */
export const tableOf = (rows: readonly (readonly [number, number, number])[]): CustomerRow[] =>
  rows.map(([spend, frequency, browsingMinutes], index) => ({
    customerId: `C${index + 1}`,
    spend,
    frequency,
    browsingMinutes,
  }));

/** The table of examples/customers. */
export const firstTable = tableOf([
  [100, 5, 10],
  [200, 10, 20],
  [300, 15, 30],
  [400, 20, 40],
  [500, 25, 50],
]);
