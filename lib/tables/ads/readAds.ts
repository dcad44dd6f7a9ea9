import { isCurrency } from '../cells/currencies.ts';
import { type Rates, rateOf } from '../cells/money.ts';
import { TimeZone } from '../cells/timeZone.ts';
import { readRows } from '../readRows.ts';
import { type FileSurvey, readSurveyed } from '../survey.ts';
import type { RejectedRow, TableReport, TableSource } from '../types.ts';
import type { AdFileRows } from './adRows.ts';
import { AdTaker } from './adTaker.ts';
import { countFields, moneyFields } from './fields.ts';
import { adLayout, isAdsHeader } from './layout.ts';

export interface AdOptions {
  /** ISO 4217 code of the shop's currency, in which all amounts come out. */
  currency: string;
  /** IANA name; it decides which day a time belongs to. */
  timeZone: string;
  /** By currency the shop's units for one of its: amounts in a currency without a rate refuse the file. */
  rates?: Rates;
}

export interface AdFileReading extends AdFileRows {
  /** Name of the profile that the file was recognised as; `plain` where it was read by the names of its columns. */
  layout: string;
  report: TableReport;
  rejected: RejectedRow[];
}

/** Reads a table of ads, or what an ad platform exports, of any layout that is known; money comes out in micros. */
export async function readAds(
  source: TableSource,
  { currency, timeZone, rates = {} }: AdOptions,
): Promise<AdFileReading> {
  if (!isCurrency(currency)) throw new Error(`readAds needs an ISO 4217 code as currency; got ${currency}`);
  const zone = new TimeZone(timeZone);
  const exactRates = new Map(Object.entries(rates).map(([code, rate]) => [code, rateOf(code, rate)]));
  const { taker, rejected, report } = await readSurveyed(
    source,
    surveyedColumns,
    (survey: FileSurvey) =>
      readRows(
        source,
        ({ header, key }) =>
          new AdTaker(adLayout(header, key), { key, timeZone: zone, currency, rates: exactRates, survey }),
        gate,
      ),
    gate,
  );
  const { performance, rates: rateRows, names, layout } = taker;
  return {
    layout: layout.profile?.name ?? 'plain',
    ...{ performance, rates: rateRows, names },
    ...{ report, rejected },
  };
}

const gate = { isHeader: isAdsHeader };

function surveyedColumns(header: string[], key: string): { dates: number; numbers: number[] } {
  const { at } = adLayout(header, key);
  const numbers = [...countFields, ...moneyFields].map((field) => at[field]).filter((index) => index >= 0);
  return { dates: at.date >= 0 ? at.date : at.periodStart, numbers };
}
