import type { MoneyOptions } from '../cells/moneyReader.ts';
import type { TimeZone } from '../cells/timeZone.ts';
import { layoutNote } from '../namedColumns.ts';
import type { RowFault, RowTaker } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import type { AdRow, TableNote } from '../types.ts';
import { adRates, deviates } from './adRates.ts';
import { AdReader, type AdReading } from './adReader.ts';
import { type AdFileRows, type AdNames, type AdPerformanceRow, AdPerformanceRows } from './adRows.ts';
import { AdIdentity } from './identity.ts';
import type { AdLayout } from './layout.ts';
import { AdNotes } from './notes.ts';
import { isAsideOf } from './totals.ts';

/** Takes the rows of one file: those with counts as performance, those with rates alone as rates. */
export class AdTaker implements RowTaker, AdFileRows {
  readonly performance = new AdPerformanceRows();
  readonly rates: AdRow[] = [];
  readonly names = new Map<string, AdNames>();
  readonly readAs: (string | null)[];
  readonly layout: AdLayout;
  readonly #identity: AdIdentity;
  readonly #notes = new AdNotes();
  readonly #reader: AdReader;
  readonly #isAside: (cells: readonly string[]) => boolean;

  constructor(
    layout: AdLayout,
    { key, ...options }: Omit<MoneyOptions, 'digitsOf'> & { key: string; timeZone: TimeZone },
  ) {
    this.layout = layout;
    this.readAs = layout.readAs;
    this.#isAside = isAsideOf(layout);
    this.#identity = new AdIdentity(layout, key);
    this.#reader = new AdReader(layout, { ...options, identity: this.#identity, notes: this.#notes }, key);
  }

  take({ cells, line, number }: GateRow): RowFault | 'aside' | null {
    if (this.#isAside(cells)) return 'aside';
    const reading = this.#reader.read(cells, { line, number });
    if ('reason' in reading) return reading;
    const { names } = reading;
    if (!this.names.has(names.id)) this.names.set(names.id, names);
    this.#countRules(reading);
    const { clicks, conversions } = reading;
    if (clicks !== null && conversions !== null)
      this.performance.push(performanceOf(reading, { clicks, conversions }));
    else this.rates.push(ratesOf(reading));
    return null;
  }

  #countRules(reading: AdReading): void {
    const { impressions, clicks, conversions, spendMicros, revenueMicros } = reading;
    const { clickRate, conversionRate } = adRates(reading);
    const meet = (rule: Parameters<AdNotes['meet']>[0], met: boolean) => {
      if (met) this.#notes.meet(rule);
    };
    const knowsClickRate = this.layout.at.impressions >= 0 || this.layout.at.clickRate >= 0;
    meet('noImpressions', impressions === 0);
    meet('noClicks', clicks === 0 && conversionRate === null);
    meet('missingRate', knowsClickRate && impressions !== 0 && clickRate === null);
    meet('missingRate', clicks !== 0 && conversionRate === null);
    meet('moreConversionsThanClicks', (conversions ?? 0) > (clicks ?? Number.POSITIVE_INFINITY));
    meet('spendWithoutClicks', clicks === 0 && spendMicros > 0);
    meet('negativeRevenue', (revenueMicros ?? 0) < 0);
    meet(
      'rateFromCounts',
      deviates(reading.clickRate, clickRate) || deviates(reading.conversionRate, conversionRate),
    );
  }

  notes(): TableNote[] {
    const { numbers, roundedAmounts } = this.#reader.money;
    const notes: TableNote[] = [layoutNote(this.layout.profile), ...numbers.notes()];
    if (this.#identity.synthetic) {
      const message = 'There is no column that names an ad; rows are named by file and row number.';
      notes.push({ code: 'syntheticIds', message });
    }
    if (roundedAmounts > 0) {
      const message = 'Amounts have more than six decimals; they were rounded to millionths.';
      notes.push({ code: 'roundedMoney', message, count: roundedAmounts });
    }
    return [...notes, ...this.#notes.notes()];
  }
}

const performanceOf = (
  { names, impressions, spendMicros, revenueMicros, ...rest }: AdReading,
  { clicks, conversions }: { clicks: number; conversions: number },
): AdPerformanceRow => ({
  ...{ id: names.id, campaign: names.campaign, adGroup: names.adGroup, keyword: names.keyword },
  ...{ segment: rest.segment, device: rest.device, date: rest.date, period: rest.period },
  ...{ impressions, clicks, conversions, spendMicros, revenueMicros },
  ...{ currentBidMicros: rest.currentBidMicros, bidType: rest.bidType, servedShare: rest.servedShare },
});

function ratesOf(reading: AdReading): AdRow {
  const { names, impressions, clicks, conversions, spendMicros } = reading;
  return { adId: names.id, impressions, clicks, conversions, ...adRates(reading), spend: spendMicros / 1e6 };
}
