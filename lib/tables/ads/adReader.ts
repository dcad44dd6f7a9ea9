import { isoDay } from '../cells/calendar.ts';
import { type MoneyOptions, MoneyReader } from '../cells/moneyReader.ts';
import { TimeReader } from '../cells/times.ts';
import type { TimeZone } from '../cells/timeZone.ts';
import { NumberCells } from '../numberCells.ts';
import { isMissingNumber } from '../numbers.ts';
import type { RowFault } from '../readRows.ts';
import { UnsurveyedCell } from '../survey.ts';
import type { AdNames, AdPerformanceRow } from './adRows.ts';
import { bidTypeOf } from './bidTypes.ts';
import type { AdField, countFields, moneyFields, rateFields } from './fields.ts';
import type { AdIdentity } from './identity.ts';
import type { AdLayout } from './layout.ts';
import { leastCount } from './leastCount.ts';
import type { AdNotes } from './notes.ts';

export interface AdReaderOptions extends Omit<MoneyOptions, 'digitsOf'> {
  timeZone: TimeZone;
  identity: AdIdentity;
  notes: AdNotes;
}

/** One row: who it is about, and the figures that it has. */
export type AdReading = { names: AdNames } & Figures &
  Pick<
    AdPerformanceRow,
    'segment' | 'device' | 'date' | 'period' | 'currentBidMicros' | 'bidType' | 'servedShare'
  >;

export interface Figures {
  impressions: number | null;
  clicks: number | null;
  conversions: number | null;
  clickRate: number | null;
  conversionRate: number | null;
  spendMicros: number;
  revenueMicros: number | null;
}

type CountField = (typeof countFields)[number];
type MoneyField = (typeof moneyFields)[number];
type RateField = (typeof rateFields)[number];

/** Reads the rows of one file. */
export class AdReader {
  readonly money: MoneyReader;
  readonly #layout: AdLayout;
  readonly #options: AdReaderOptions;
  readonly #rates: NumberCells;
  readonly #times: TimeReader;
  readonly #isoDays = new Map<number, string>();

  constructor(layout: AdLayout, options: AdReaderOptions, key: string) {
    const { survey, timeZone: zone } = options;
    this.#layout = layout;
    this.#options = options;
    this.money = new MoneyReader(layout, { ...options, digitsOf: () => microDigits }, key);
    this.#rates = new NumberCells(survey.decimalMark);
    this.#times = new TimeReader({
      ...{ shop: zone, written: zone },
      ...{ order: survey.dateOrder, surveyed: survey.surveyed },
    });
  }

  read(cells: readonly string[], { line, number }: { line: number; number: number }): AdReading | RowFault {
    const { identity } = this.#options;
    const names = identity.namesOf(cells, number);
    if ('reason' in names) return this.#fault(names.field, names.reason);
    this.money.beginRow(line);
    const currency =
      this.#layout.at.currency < 0 ? null : this.money.readCurrency(this.#cell(cells, 'currency'));
    if (currency !== null) return this.#fault('currency', currency);
    const days = this.#readDays(cells);
    if ('reason' in days) return days;
    const figures = this.#readFigures(cells, days.date !== null);
    if ('reason' in figures) return figures;
    const bid = this.#readBid(cells);
    if ('reason' in bid) return bid;
    const servedShare = this.#rate(cells, 'servedShare', 1);
    if (typeof servedShare === 'string') return this.#fault('servedShare', servedShare);
    return {
      ...{ names, segment: identity.textOf(cells, 'segment'), device: identity.textOf(cells, 'device') },
      ...{ ...days, ...figures, ...bid, servedShare },
    };
  }

  #readDays(cells: readonly string[]): Pick<AdPerformanceRow, 'date' | 'period'> | RowFault {
    const { at } = this.#layout;
    if (at.date >= 0) {
      const date = this.#day(cells, 'date');
      return typeof date === 'string' ? { date, period: null } : date;
    }
    if (at.periodStart < 0 || at.periodEnd < 0) return { date: null, period: null };
    const from = this.#day(cells, 'periodStart');
    if (typeof from !== 'string') return from;
    const to = this.#day(cells, 'periodEnd');
    if (typeof to !== 'string') return to;
    if (to < from) return this.#fault('periodEnd', `the period ends before it starts, on ${from}`);
    return from === to ? { date: from, period: null } : { date: null, period: `${from}/${to}` };
  }

  #day(cells: readonly string[], field: AdField): string | RowFault {
    const reason = this.#times.read(this.#cell(cells, field));
    if (reason !== null) return this.#fault(field, reason);
    const { day } = this.#times;
    const known = this.#isoDays.get(day);
    if (known !== undefined) return known;
    const iso = isoDay(day);
    this.#isoDays.set(day, iso);
    return iso;
  }

  #readFigures(cells: readonly string[], ofOneDay: boolean): Figures | RowFault {
    const impressions = this.#count(cells, 'impressions');
    if (typeof impressions === 'string') return this.#fault('impressions', impressions);
    const clicks = this.#count(cells, 'clicks');
    if (typeof clicks === 'string') return this.#fault('clicks', clicks);
    let conversions = this.#count(cells, 'conversions');
    if (typeof conversions === 'string') return this.#fault('conversions', conversions);
    if (conversions !== null && conversions > 0 && isNoSale(this.#cell(cells, 'resultType'))) {
      this.#options.notes.meet('resultsNoSales');
      conversions = 0;
    }
    const clickRate = this.#rate(cells, 'clickRate', this.#layout.rateFactors.clickRate);
    if (typeof clickRate === 'string') return this.#fault('clickRate', clickRate);
    if (clickRate !== null && clickRate > 1)
      return this.#fault('clickRate', 'a click rate cannot be above 100 %');
    const conversionRate = this.#rate(cells, 'conversionRate', this.#layout.rateFactors.conversionRate);
    if (typeof conversionRate === 'string') return this.#fault('conversionRate', conversionRate);
    if (impressions !== null && clicks !== null && clicks > impressions) {
      if (!ofOneDay)
        return this.#fault('clicks', `${clicks} clicks are more than ${impressions} impressions`);
      this.#options.notes.meet('moreClicksThanImpressions');
    }
    const money = this.#readMoney(cells, conversions);
    return 'reason' in money
      ? money
      : { impressions, clicks, conversions, clickRate, conversionRate, ...money };
  }

  #readMoney(
    cells: readonly string[],
    conversions: number | null,
  ): Pick<Figures, 'spendMicros' | 'revenueMicros'> | RowFault {
    const spendMicros = this.#micros(cells, 'spend');
    if (typeof spendMicros === 'string') return this.#fault('spend', spendMicros);
    if (spendMicros === null && this.#layout.profile?.emptyIsZero !== true)
      return this.#fault('spend', 'the cell is empty');
    if ((spendMicros ?? 0) < 0) return this.#fault('spend', 'the number is negative');
    let revenueMicros = this.#layout.at.revenue < 0 ? null : this.#micros(cells, 'revenue');
    if (typeof revenueMicros === 'string') return this.#fault('revenue', revenueMicros);
    if (revenueMicros === null && this.#layout.at.revenue >= 0) {
      if (this.#layout.profile?.emptyIsZero === true || conversions === 0) revenueMicros = 0;
      else this.#options.notes.meet('missingRevenue');
    }
    return { spendMicros: spendMicros ?? 0, revenueMicros };
  }

  /** A bid per thousand impressions counts where there is none per click. */
  #readBid(cells: readonly string[]): Pick<AdPerformanceRow, 'currentBidMicros' | 'bidType'> | RowFault {
    const perClick = this.#bidMicros(cells, 'bid');
    if (typeof perClick === 'string') return this.#fault('bid', perClick);
    const perThousand = this.#bidMicros(cells, 'cpmBid');
    if (typeof perThousand === 'string') return this.#fault('cpmBid', perThousand);
    if (perClick === null && perThousand !== null) return { currentBidMicros: perThousand, bidType: 'CPM' };
    const word = this.#cell(cells, 'bidType').trim();
    const untyped = word === '' || isMissingNumber(word);
    const needsType = this.#layout.profile?.bidNeedsType === true;
    const bidType = untyped ? (needsType ? null : 'CPC') : bidTypeOf(word);
    if (bidType !== null) return { currentBidMicros: perClick, bidType };
    if (perClick !== null) this.#options.notes.meet('otherBidTypes');
    return { currentBidMicros: null, bidType: 'CPC' };
  }

  #bidMicros(cells: readonly string[], field: 'bid' | 'cpmBid'): number | null | string {
    if (this.#layout.at[field] < 0) return null;
    const cell = this.#cell(cells, field).replace(/\(enhanced\)\s*$/i, '');
    if (isMissingNumber(cell) || /^\s*(auto(matic)?|自动|系统自动)\b/i.test(cell)) return null;
    const micros = this.money.amount(cell, this.#layout.shifts[field]);
    if (typeof micros === 'number' && micros < 0) return 'the number is negative';
    // platforms write 0 where there is no bid
    return micros === 0 ? null : micros;
  }

  #micros(cells: readonly string[], field: MoneyField): number | null | string {
    const cell = this.#cell(cells, field);
    return isMissingNumber(cell) ? null : this.money.amount(cell, this.#layout.shifts[field]);
  }

  #count(cells: readonly string[], field: CountField): number | null | string {
    if (this.#layout.at[field] < 0) return null;
    const cell = this.#cell(cells, field);
    if (isMissingNumber(cell)) {
      if (this.#layout.profile?.emptyIsZero === true) return 0;
      return this.#hasRateBeside(field) ? null : 'the cell is empty';
    }
    const value = this.#number(cell, field !== 'conversions');
    if (typeof value === 'number' && value < 0) return 'the number is negative';
    if (typeof value === 'number' && value > 0 && value < leastCount)
      return 'the number is too small to count';
    return value;
  }

  #number(cell: string, whole: boolean): number | string {
    const { numbers } = this.money;
    const reason = numbers.read(cell, whole);
    if (reason !== null) return reason;
    if (numbers.sign !== null) return 'the cell is an amount of money, and the column counts';
    const { digits, scale } = numbers;
    const value = scale <= 0 ? digits * 10 ** -scale : digits / 10 ** scale;
    if (!whole || Number.isInteger(value)) return value;
    const { surveyed, decimalMark } = this.#options.survey;
    const notWhole = 'the count is not a whole number';
    if (!/^\s*[1-9]\d{0,2}\.\d{3}\s*$/.test(cell) || decimalMark === '.') return notWhole;
    // 1.204 of something that is counted is 1204, unless the file writes decimals with a point
    if (!surveyed) throw new UnsurveyedCell();
    return Math.round(value * 1000);
  }

  /** An empty count does no harm where the file gives the rate itself. */
  #hasRateBeside(field: CountField): boolean {
    const { clickRate, conversionRate } = this.#layout.at;
    if (field === 'impressions') return clickRate >= 0;
    if (field === 'conversions') return conversionRate >= 0;
    return clickRate >= 0 && conversionRate >= 0;
  }

  #rate(cells: readonly string[], field: RateField | 'servedShare', factor: number): number | null | string {
    const cell = this.#cell(cells, field);
    if (this.#layout.at[field] < 0 || isMissingNumber(cell)) return null;
    const value = this.#rates.read(cell, { rate: true, factor });
    if (typeof value === 'number' && value < 0) return 'the number is negative';
    if (field === 'servedShare' && !(Number(value) > 0 && Number(value) <= 1) && typeof value === 'number')
      return 'the share is not above 0 and up to 100 %';
    return value;
  }

  #cell(cells: readonly string[], field: AdField): string {
    return cells[this.#layout.at[field]] ?? '';
  }

  #fault(field: AdField, reason: string): RowFault {
    return { column: this.#layout.header[this.#layout.at[field]] ?? null, reason };
  }
}

const microDigits = 6;

/** `actions:link_click`, `Landing page views`, `Clics sur un lien`: results that are no sales and no enquiries. */
const isNoSale = (resultType: string): boolean =>
  /click|clic|view|vues?\b|visualiza|visita|reach|portée|alcance|impression|impresion|engagement|interac|thruplay|like/i.test(
    resultType,
  );
