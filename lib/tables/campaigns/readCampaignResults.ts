import { textOf } from '../cells/texts.ts';
import { TimeReader } from '../cells/times.ts';
import { TimeZone } from '../cells/timeZone.ts';
import { readConsent } from '../contacts/consent.ts';
import type { OpenedTable } from '../gate.ts';
import { headerTest } from '../headerTest.ts';
import { RowIdentity } from '../identity.ts';
import { columnsByAlias, missingColumn } from '../namedColumns.ts';
import { type NumberCells, readRowsWithNumbers } from '../numberCells.ts';
import { isMissingNumber } from '../numbers.ts';
import type { RowFault, RowTaker } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import { type FileSurvey, readSurveyed } from '../survey.ts';
import type { ReadTable, TableNote, TableSource } from '../types.ts';
import {
  type CampaignResultField,
  type CovariateField,
  campaignResultAliases,
  covariateFields,
} from './fields.ts';

/** One customer of a campaign that has run. Money in units of the shop's currency. */
export interface CampaignOutcome {
  customerId: string;
  /** What the draw decided, or whether they were contacted where the file does not tell the draw. */
  treated: boolean;
  converted: boolean;
  revenue: number;
  cost: number | null;
  /** Days since 1970-01-01 in the shop's calendar. */
  day: number | null;
  segment: string | null;
  tier: string | null;
  channel: string | null;
  offer: string | null;
  /** In the order of `covariateFields`; NaN where the file does not tell. */
  covariates: number[];
}

/** Who was contacted and what came of it; docs/uploads.md has the columns. */
export async function readCampaignResults(
  source: TableSource,
  { timeZone }: { timeZone: string },
): Promise<ReadTable<CampaignOutcome>> {
  const zone = new TimeZone(timeZone);
  const columnsOf = (header: string[], key: string) => ({
    dates: columnsByAlias(campaignResultAliases, header, key).get('date') ?? -1,
    numbers: [],
  });
  const gate = { isHeader: isCampaignHeader };
  const bind = (survey: FileSurvey) => (table: OpenedTable, numbers: NumberCells) =>
    new OutcomeTaker(table, { numbers, survey, zone });
  const { taker, rejected, report } = await readSurveyed(
    source,
    columnsOf,
    (survey) => readRowsWithNumbers(source, bind(survey), gate),
    gate,
  );
  return { rows: taker.rows, rejected, report };
}

/** Whether cells name a customer, the group and what came of it. */
export const isCampaignHeader = headerTest(
  campaignResultAliases,
  (fields) =>
    fields.has('customerId') && (fields.has('group') || fields.has('treated')) && fields.has('converted'),
);

export const armWords: Readonly<Record<'treatment' | 'control', readonly string[]>> = {
  treatment: [
    'treatment',
    'treated',
    'test',
    'exposed',
    'contacted',
    'yes',
    '1',
    'true',
    '实验组',
    '触达组',
    '是',
  ],
  control: ['control', 'hold-out', 'holdout', 'not contacted', 'no', '0', 'false', '对照组', '否'],
};

class OutcomeTaker implements RowTaker {
  readonly rows: CampaignOutcome[] = [];
  readonly readAs: (string | null)[];
  readonly #header: readonly string[];
  readonly #identity: RowIdentity;
  readonly #columns: Map<string, number>;
  readonly #numbers: NumberCells;
  readonly #times: TimeReader;
  readonly #arm: 'group' | 'treated';
  #blankOutcomes = 0;

  constructor(
    { key, header }: OpenedTable,
    { numbers, survey, zone }: { numbers: NumberCells; survey: FileSurvey; zone: TimeZone },
  ) {
    this.#header = header;
    this.#columns = columnsByAlias(campaignResultAliases, header, key);
    this.#arm = this.#columns.has('group') ? 'group' : 'treated';
    const missing = (['customerId', this.#arm, 'converted'] as const).filter(
      (name) => !this.#columns.has(name),
    );
    if (missing.length > 0)
      throw missingColumn(
        key,
        header,
        campaignResultAliases.filter(({ field }) => missing.includes(field as (typeof missing)[number])),
      );
    const index = this.#columns.get('customerId') as number;
    this.#identity = new RowIdentity(key, { index, header: header[index] ?? '', factor: 1 });
    this.#numbers = numbers;
    const { dateOrder: order, surveyed } = survey;
    this.#times = new TimeReader({ shop: zone, written: zone, order, surveyed });
    this.readAs = header.map((_, at) => [...this.#columns].find(([, place]) => place === at)?.[0] ?? null);
  }

  take(row: GateRow): RowFault | null {
    const customerId = this.#identity.idOf(row);
    if (typeof customerId !== 'string') return customerId;
    const arm = armOf(this.#cell(row, this.#arm) ?? '');
    if (arm === null) return this.#fault(this.#arm, 'the cell is none of treatment, control, yes and no');
    const converted = this.#converted(row);
    if (typeof converted === 'string') return this.#fault('converted', converted);
    const revenue = this.#number(row, 'revenue') ?? 0;
    if (typeof revenue === 'string') return this.#fault('revenue', revenue);
    const cost = this.#number(row, 'cost');
    if (typeof cost === 'string') return this.#fault('cost', cost);
    if (cost !== null && cost < 0) return this.#fault('cost', 'the number is negative');
    const date = this.#cell(row, 'date');
    const reason = date === null ? null : this.#times.read(date);
    if (reason !== null) return this.#fault('date', reason);
    const covariates = covariateFields.map((field) => this.#covariate(row, field));
    this.rows.push({
      customerId,
      treated: arm === 'treatment',
      converted,
      revenue,
      cost,
      day: date === null ? null : this.#times.day,
      segment: this.#cell(row, 'segment'),
      tier: this.#cell(row, 'tier'),
      channel: this.#cell(row, 'channel'),
      offer: this.#cell(row, 'offer'),
      covariates,
    });
    return null;
  }

  #cell(row: GateRow, field: CampaignResultField): string | null {
    const index = this.#columns.get(field);
    return index === undefined ? null : textOf(row.cells[index] ?? '');
  }

  /** Null where the cell says nothing, text where it is no number. */
  #number(row: GateRow, field: CampaignResultField): number | string | null {
    const cell = this.#cell(row, field);
    return cell === null || isMissingNumber(cell) ? null : this.#numbers.read(cell);
  }

  #converted(row: GateRow): boolean | string {
    const cell = this.#cell(row, 'converted') ?? '';
    if (isMissingNumber(cell)) {
      this.#blankOutcomes++;
      return false;
    }
    const word = readConsent(cell);
    if (word !== 'unknown') return word === 'yes';
    const orders = this.#numbers.read(cell, { whole: true });
    if (typeof orders === 'string') return 'the cell is neither yes nor no nor a number of orders';
    return orders < 0 ? 'the number is negative' : orders > 0;
  }

  #covariate(row: GateRow, field: CovariateField): number {
    const value = this.#number(row, field);
    return typeof value === 'number' ? value : Number.NaN;
  }

  #fault(field: CampaignResultField, reason: string): RowFault {
    return { column: this.#header[this.#columns.get(field) ?? -1] ?? null, reason };
  }

  notes(): TableNote[] {
    const notes = this.#identity.notes();
    if (this.#blankOutcomes === 0) return notes;
    const message = 'Customers whose outcome is empty are counted as not having ordered.';
    return [...notes, { code: 'emptyOutcomes', message, count: this.#blankOutcomes }];
  }
}

function armOf(cell: string): 'treatment' | 'control' | null {
  const word = cell.trim().toLowerCase();
  if (armWords.treatment.includes(word)) return 'treatment';
  return armWords.control.includes(word) ? 'control' : null;
}
