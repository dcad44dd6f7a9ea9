import { daysInMonth } from './calendar.ts';

/** How a column writes dates such as `1/12/2010`. */
export type DateOrder = 'day/month/year' | 'month/day/year' | 'year/month/day';

export const dateOrders: readonly DateOrder[] = ['day/month/year', 'month/day/year', 'year/month/day'];

/** Three numbers that are a date in an order which the cell alone does not always tell. */
export interface PartedDate {
  parts: [number, number, number];
  /** The last number has four digits, so that it is the year. */
  fullYear: boolean;
}

const pattern = /^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)/;

/** The date at the beginning of a cell, as three numbers; null where the cell is written in another way. */
export function partedDate(cell: string): PartedDate | null {
  const match = pattern.exec(cell);
  if (match === null) return null;
  const [, one, two, three = ''] = match;
  return { parts: [Number(one), Number(two), Number(three)], fullYear: three.length === 4 };
}

/** Year, month and day in an order; null where that is no date. Years of two digits are of 1970 to 2069. */
export function inOrder(order: DateOrder, { parts, fullYear }: PartedDate): [number, number, number] | null {
  const [one, two, three] = parts;
  if (order === 'year/month/day' && fullYear) return null;
  const [year, month, day] =
    order === 'day/month/year'
      ? [three, two, one]
      : order === 'month/day/year'
        ? [three, one, two]
        : [one, two, three];
  const written = fullYear ? year : year + (year < 70 ? 2000 : 1900);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(written, month)) return null;
  return [written, month, day];
}

/** The same as text: `2010-12-01`. */
export function readingIn(order: DateOrder, date: PartedDate): string | null {
  return (
    inOrder(order, date)
      ?.map((part) => String(part).padStart(2, '0'))
      .join('-') ?? null
  );
}
