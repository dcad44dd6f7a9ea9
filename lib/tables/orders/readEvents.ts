import { DecimalReader } from '../cells/decimals.ts';
import { idFault, isNothing, textOf } from '../cells/texts.ts';
import { TimeReader } from '../cells/times.ts';
import { TimeZone } from '../cells/timeZone.ts';
import { normaliseHeader } from '../columns.ts';
import type { OpenedTable } from '../gate.ts';
import { columnsByAlias, hasColumn, missingColumn } from '../namedColumns.ts';
import { type RowFault, type RowTaker, readRows } from '../readRows.ts';
import type { GateRow } from '../recordReader.ts';
import { type FileSurvey, readSurveyed, type SurveyedColumns } from '../survey.ts';
import type { RejectedRow, TableNote, TableReport, TableSource } from '../types.ts';
import { unitFactor } from '../units.ts';
import { CommonEvents, type EventColumns } from './commonEvents.ts';
import { cutEvents, type EventBatch, type EventStrings, emptyEvents } from './eventBatch.ts';
import { eventKind } from './eventKinds.ts';
import { eventAliases } from './fields.ts';
import { batchLength } from './orderLines.ts';

/** Takes the events of a file as they are read, in no fixed order. */
export interface EventSink {
  /** Before the first event, and again where the file has to be read anew: what was added before no longer counts. */
  begin(): Promise<void>;
  add(batch: EventBatch): Promise<void>;
}

export interface EventReading {
  report: TableReport;
  rejected: RejectedRow[];
  events: number;
}

/** Reads a browsing export by the names of its columns, and hands its events on as they come. */
export async function readEvents(
  source: TableSource,
  { timeZone }: { timeZone: string },
  sink: EventSink,
): Promise<EventReading> {
  const shop = new TimeZone(timeZone);
  const bind = (survey: FileSurvey) => (table: OpenedTable) => new EventTaker(table, { shop, survey, sink });
  const { taker, rejected, report } = await readSurveyed(
    source,
    surveyedColumns,
    (survey) => readRows(source, bind(survey), gate),
    gate,
  );
  return { report, rejected, events: taker.events + taker.common.events };
}

export interface EventLayout {
  at: (field: string) => number;
  readAs: (string | null)[];
  /** The column of the duration, and the minutes that 1 in it stands for. */
  duration: { index: number; factor: number } | null;
}

/** Which column holds what. */
export function eventLayout(header: readonly string[], key: string): EventLayout {
  const found = columnsByAlias(eventAliases, header, key);
  for (const aliases of needed) {
    if (!aliases.some(({ field }) => found.has(field))) throw missingColumn(key, header, aliases);
  }
  const fieldAt = new Map([...found].map(([field, index]) => [index, field]));
  return {
    at: (field) => found.get(field) ?? -1,
    readAs: header.map((_, index) => fieldAt.get(index) ?? null),
    duration: durationOf(found, header),
  };
}

function durationOf(found: ReadonlyMap<string, number>, header: readonly string[]): EventLayout['duration'] {
  for (const [field, factor] of [
    ['minutes', 1],
    ['seconds', 1 / 60],
    ['milliseconds', 1 / 60_000],
  ] as const) {
    const index = found.get(field);
    if (index === undefined) continue;
    const { unit } = normaliseHeader(header[index] ?? '');
    return { index, factor: field === 'minutes' ? unitFactor('browsingMinutes', unit) : factor };
  }
  return null;
}

const needed = ['customerId', 'occurredAt'].map((name) => eventAliases.filter(({ field }) => field === name));

/** Whether cells name a customer and a time. */
export const isEventHeader = (cells: readonly string[]): boolean =>
  needed.every((field) => hasColumn(field, cells));

const gate = { isHeader: isEventHeader };

const surveyedColumns: SurveyedColumns = (header, key) => {
  const { at, duration } = eventLayout(header, key);
  return { dates: at('occurredAt'), numbers: duration === null ? [] : [duration.index] };
};

class EventTaker implements RowTaker {
  readonly readAs: (string | null)[];
  readonly common: CommonEvents;
  events = 0;
  readonly #header: readonly string[];
  readonly #layout: EventLayout;
  readonly #at: EventColumns;
  readonly #times: TimeReader;
  readonly #numbers: DecimalReader;
  readonly #kinds = new Map<string, string>();
  readonly #sink: EventSink;
  #begun = false;
  #full: EventBatch[] = [];
  #batch: EventStrings = emptyEvents();
  #withoutCustomer = 0;

  constructor(
    { header, key, delimiter }: OpenedTable,
    { shop, survey, sink }: { shop: TimeZone; survey: FileSurvey; sink: EventSink },
  ) {
    const layout = eventLayout(header, key);
    const { dateOrder: order, decimalMark: mark, surveyed } = survey;
    this.#header = header;
    this.#layout = layout;
    this.#at = {
      customerId: layout.at('customerId'),
      sessionId: layout.at('sessionId'),
      occurredAt: layout.at('occurredAt'),
      kind: layout.at('kind'),
      channel: layout.at('channel'),
    };
    this.#times = new TimeReader({ shop, written: shop, order, surveyed });
    this.#numbers = new DecimalReader({ mark, surveyed });
    this.#sink = sink;
    this.readAs = layout.readAs;
    this.common = new CommonEvents({
      ...{ delimiter, width: header.length, at: this.#at, duration: layout.duration, shop },
      numbers: this.#numbers,
      kindOf: (word) => this.#kind(word),
    });
  }

  take({ cells }: GateRow): RowFault | null {
    const at = this.#at;
    const timeFault = this.#times.read(cells[at.occurredAt] ?? '');
    if (timeFault !== null) return this.#fault(at.occurredAt, timeFault);
    const customer = textOf(cells[at.customerId] ?? '');
    const customerId = customer === null || isNothing(customer) ? null : asId(customer);
    const customerFault = customerId === null ? null : idFault(customerId);
    if (customerFault !== null) return this.#fault(at.customerId, customerFault);
    const minutes = this.#minutes(cells);
    if (typeof minutes === 'string') return this.#fault(this.#layout.duration?.index ?? -1, minutes);
    if (customerId === null) this.#withoutCustomer++;
    this.#add({
      customerId,
      sessionId: at.sessionId < 0 ? null : textOf(cells[at.sessionId] ?? ''),
      minutes,
      kind: at.kind < 0 ? 'view' : this.#kind(cells[at.kind] ?? ''),
      channel: at.channel < 0 ? null : textOf(cells[at.channel] ?? ''),
    });
    return null;
  }

  async flush(last: boolean): Promise<void> {
    if (!this.#begun) await this.#sink.begin();
    this.#begun = true;
    if (last && this.#batch.length > 0) this.#close();
    await this.common.batches.handTo(this.#sink);
    for (const batch of this.#full.splice(0)) await this.#sink.add(batch);
  }

  notes(): TableNote[] {
    const count = this.#withoutCustomer + this.common.withoutCustomer;
    if (count === 0) return [];
    const message = 'Events have no customer; they count in no customer’s history.';
    return [{ code: 'withoutCustomer', message, count }];
  }

  #minutes(cells: readonly string[]): number | string {
    const { duration } = this.#layout;
    if (duration === null || textOf(cells[duration.index] ?? '') === null) return Number.NaN;
    const reason = this.#numbers.read(cells[duration.index] ?? '');
    if (reason !== null) return reason;
    const { digits, scale } = this.#numbers;
    return digits < 0 ? 'the number is negative' : (digits / 10 ** scale) * duration.factor;
  }

  #kind(word: string): string {
    const known = this.#kinds.get(word);
    if (known !== undefined) return known;
    const kind = word.trim() === '' ? 'view' : eventKind(word);
    // a copy of the text, as the cell may hold on to the whole piece of the file that it was cut from
    if (this.#kinds.size < 1_000) this.#kinds.set(Buffer.from(word).toString(), kind);
    return kind;
  }

  #add(
    event: Pick<Record<keyof EventBatch, string | null>, 'customerId' | 'sessionId' | 'channel'> & {
      minutes: number;
      kind: string;
    },
  ): void {
    const batch = this.#batch;
    const index = batch.length++;
    batch.customerId.push(event.customerId);
    batch.sessionId.push(event.sessionId);
    batch.occurredAt[index] = this.#times.epochSeconds;
    batch.occurredDay[index] = this.#times.day;
    batch.minutes[index] = event.minutes;
    batch.kind.push(event.kind);
    batch.channel.push(event.channel);
    this.events++;
    if (batch.length === batchLength) this.#close();
  }

  #close(): void {
    this.#full.push(cutEvents(this.#batch));
    this.#batch = emptyEvents();
  }

  #fault(index: number, reason: string): RowFault {
    return { column: this.#header[index] ?? null, reason };
  }
}

const asId = (text: string): string => (text.includes('@') ? text.toLowerCase() : text);
