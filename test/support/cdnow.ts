import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../shared/data/cdnow');

/** Where the CDNOW files are not there, tests that need them say so in their names. */
export const cdnowMissing = !existsSync(folder);

/** One customer's days with an order, oldest first, and what each day came to. */
export interface CdnowCustomer {
  days: number[];
  dollars: number[];
}

/** Fader and Hardie's 1/10 sample: 2,357 customers of 1997's first quarter, to the end of June 1998. */
export const readCdnowSample = (): CdnowCustomer[] =>
  byCustomer(
    linesOf('sample.csv').map((line) => {
      const [id = '', , date = '', , sales = ''] = line.split(',');
      return { id, date, sales };
    }),
  );

/** All 23,570 customers. */
export const readCdnowMaster = (): CdnowCustomer[] =>
  byCustomer(
    linesOf('master.txt').map((line) => {
      const [id = '', date = '', , sales = ''] = line.trim().split(/\s+/);
      return { id, date, sales };
    }),
  );

/** Days since 1970-01-01 of a date such as 19970930. */
export const cdnowDay = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 86_400_000;

export const calibrationEnds = cdnowDay('19970930');
export const holdoutEnds = cdnowDay('19980630');

const linesOf = (file: string): string[] =>
  readFileSync(join(folder, file), 'utf8').trim().split('\n').slice(1);

function byCustomer(rows: { id: string; date: string; sales: string }[]): CdnowCustomer[] {
  const customers = new Map<string, Map<number, number>>();
  for (const { id, date, sales } of rows) {
    const days = customers.get(id) ?? new Map<number, number>();
    const day = cdnowDay(date);
    days.set(day, (days.get(day) ?? 0) + Number(sales));
    customers.set(id, days);
  }
  return [...customers.values()].map((days) => {
    const sorted = [...days].sort(([one], [other]) => one - other);
    return { days: sorted.map(([day]) => day), dollars: sorted.map(([, dollars]) => dollars) };
  });
}
