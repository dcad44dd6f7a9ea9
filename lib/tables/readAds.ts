import { type AdRates, adRates, deviates } from './adRates.ts';
import { type FoundColumn, findColumns, requireColumns } from './columns.ts';
import type { OpenedTable } from './gate.ts';
import { RowIdentity } from './identity.ts';
import { type NumberCells, readRowsWithNumbers } from './numberCells.ts';
import { isMissingNumber } from './numbers.ts';
import type { RowFault, RowTaker } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import type { AdRow, ReadTable, TableNote, TableSource } from './types.ts';

/** One row per advertisement with its spend and its rates, or the counts from which the rates follow. */
export async function readAds(source: TableSource): Promise<ReadTable<AdRow>> {
  const { taker, rejected, report } = await readRowsWithNumbers(
    source,
    (table, numbers) => new AdTaker(table, numbers),
  );
  return { rows: taker.rows, rejected, report };
}

const counts = ['impressions', 'clicks', 'conversions'] as const;
const rates = ['clickRate', 'conversionRate'] as const;
type AdField = (typeof counts)[number] | (typeof rates)[number] | 'spend';
type AdCells = Record<AdField, number | null>;

const messages = {
  noImpressions: 'Ads without impressions have no click rate.',
  noClicks: 'Ads without clicks have no conversion rate.',
  missingRate: 'Ads with an empty rate have none.',
  moreConversionsThanClicks: 'Ads have more conversions than clicks, as when a view counts; they were kept.',
  rateFromCounts: 'Ads have a rate that differs from their counts; the counts were taken.',
};

class AdTaker implements RowTaker {
  readonly rows: AdRow[] = [];
  readonly readAs: (string | null)[];
  readonly #identity: RowIdentity;
  readonly #columns: Map<string, FoundColumn>;
  readonly #numbers: NumberCells;
  readonly #met = new Map<keyof typeof messages, number>();

  constructor({ key, header }: OpenedTable, numbers: NumberCells) {
    const { fields } = findColumns('ads', header, key);
    requireColumns({ kind: 'ads', header, key }, missingFields(fields));
    this.#columns = fields;
    this.#numbers = numbers;
    this.#identity = new RowIdentity(key, fields.get('adId'));
    this.readAs = header.map((_, at) => [...fields].find(([, { index }]) => index === at)?.[0] ?? null);
  }

  take(row: GateRow): RowFault | null {
    const adId = this.#identity.idOf(row);
    if (typeof adId !== 'string') return adId;
    const read = this.#readCells(row);
    if ('reason' in read) return read;
    const { impressions, clicks, conversions, spend } = read;
    if (impressions !== null && clicks !== null && clicks > impressions) {
      const column = this.#columns.get('clicks')?.header ?? null;
      return { column, reason: `${clicks} clicks are more than ${impressions} impressions` };
    }
    const given = adRates(read);
    this.#count(read, given);
    this.rows.push({ adId, impressions, clicks, conversions, ...given, spend: spend ?? 0 });
    return null;
  }

  #readCells({ cells }: GateRow): AdCells | RowFault {
    const read: AdCells = {
      impressions: null,
      clicks: null,
      conversions: null,
      clickRate: null,
      conversionRate: null,
      spend: null,
    };
    for (const field of Object.keys(read) as AdField[]) {
      const column = this.#columns.get(field);
      if (column === undefined) continue;
      const value = this.#readCell(cells[column.index] ?? '', field, column);
      if (typeof value === 'string') return { column: column.header, reason: value };
      read[field] = value;
    }
    return read;
  }

  #readCell(cell: string, field: AdField, { factor }: FoundColumn): number | null | string {
    const rate = field === 'clickRate' || field === 'conversionRate';
    if (isMissingNumber(cell) && (rate || this.#hasRateBeside(field))) return null;
    const whole = field === 'impressions' || field === 'clicks';
    const value = this.#numbers.read(cell, { whole, factor, rate });
    if (typeof value === 'string') return value;
    if (value < 0) return 'the number is negative';
    if (whole && !Number.isInteger(value)) return 'the count is not a whole number';
    return field === 'clickRate' && value > 1 ? 'a click rate cannot be above 100 %' : value;
  }

  /** An empty count does no harm where the file gives the rate itself. */
  #hasRateBeside(field: AdField): boolean {
    if (field === 'impressions') return this.#columns.has('clickRate');
    if (field === 'conversions') return this.#columns.has('conversionRate');
    return field === 'clicks' && this.#columns.has('clickRate') && this.#columns.has('conversionRate');
  }

  #count(read: AdCells, { clickRate, conversionRate }: AdRates): void {
    const { impressions, clicks, conversions } = read;
    if (impressions === 0) this.#meet('noImpressions');
    else if (clickRate === null) this.#meet('missingRate');
    if (clicks === 0 && conversionRate === null) this.#meet('noClicks');
    else if (conversionRate === null) this.#meet('missingRate');
    if (clicks !== null && conversions !== null && conversions > clicks)
      this.#meet('moreConversionsThanClicks');
    if (deviates(read.clickRate, clickRate) || deviates(read.conversionRate, conversionRate)) {
      this.#meet('rateFromCounts');
    }
  }

  #meet(code: keyof typeof messages): void {
    this.#met.set(code, (this.#met.get(code) ?? 0) + 1);
  }

  notes(): TableNote[] {
    const met = [...this.#met].map(([code, count]) => ({ code, message: messages[code], count }));
    return [...this.#identity.notes(), ...met];
  }
}

function missingFields(fields: Map<string, FoundColumn>): string[] {
  const lacks = (...names: AdField[]) => names.filter((name) => !fields.has(name));
  return [
    ...lacks('spend'),
    ...(lacks('impressions', 'clicks').length > 0 ? lacks('clickRate') : []),
    ...(lacks('clicks', 'conversions').length > 0 ? lacks('conversionRate') : []),
  ];
}
