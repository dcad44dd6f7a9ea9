import type { CommonTaker } from './commonRows.ts';
import { footerOf } from './footer.ts';
import { type GateOptions, type OpenedTable, throughGate } from './gate.ts';
import type { GateRow } from './recordReader.ts';
import { StrayHeaders } from './strays.ts';
import type { RejectedRow, TableNote, TableReport, TableSource } from './types.ts';

/** Why a row cannot be used, and the column at fault. */
export interface RowFault {
  column: string | null;
  reason: string;
}

/** Takes the rows of one file into itself, whole or not at all. */
export interface RowTaker {
  /** What each column is read as, in file order; null for one that is not used. */
  readAs: (string | null)[];
  /** Null where the row was taken; `aside` where it is none, but a sum of others or the like. */
  take(row: GateRow): RowFault | 'aside' | null;
  /** For takers that know a faster way for rows in the common form; it and `take` are used by turns, as rows come. */
  common?: CommonTaker | null;
  /** For takers that hand rows on as they come: called when some were taken, and once more when all were. */
  flush?(last: boolean): Promise<void>;
  notes(): TableNote[];
}

export interface TakenRows<Taker> {
  taker: Taker;
  rejected: RejectedRow[];
  report: TableReport;
}

/** Rejected rows are kept up to this much text; beyond it they are only counted. */
const keptRawCharacters = 1 << 25;

/**
 * Reads a file row by row into the taker that `bind` makes of its header; `bind` may be called several times. With `isHeader`,
 * what stands above and below the table is told apart from its rows, and a second table refuses the file.
 */
export const readRows = <Taker extends RowTaker>(
  source: TableSource,
  bind: (table: OpenedTable) => Taker,
  options: GateOptions = {},
): Promise<TakenRows<Taker>> =>
  throughGate(
    source,
    async (table) => {
      const taker = bind(table);
      const quarantine = new Quarantine();
      const strays = new StrayHeaders(table, options.isHeader ?? isNever);
      const setAside = (row: RejectedRow) => {
        if (options.isHeader === undefined || !strays.isHeader(row)) quarantine.add(row);
      };
      const namesAgain = (row: GateRow) => options.isHeader !== undefined && strays.isNamesInRow(row);
      let lastTaken = 0;
      let asideRows = 0;
      let sumsFrom = 0;
      for await (const { rows, rejected } of table.batches(taker.common ?? null)) {
        for (const row of rejected) setAside(row);
        for (const row of rows) {
          if (namesAgain(row)) continue;
          const fault = taker.take(row);
          if (fault === null) lastTaken = row.line;
          else if (fault === 'aside') {
            if (asideRows++ === 0 || sumsFrom < lastTaken) sumsFrom = row.line;
          } else setAside({ line: row.line, ...fault, raw: row.raw });
        }
        await taker.flush?.(false);
      }
      await taker.flush?.(true);
      const footer =
        options.isHeader === undefined
          ? []
          : quarantine.takeFooter(table, {
              sumsFrom,
              lastTaken: Math.max(lastTaken, table.tally.commonLine),
            });
      const report = reportOf(table, { taker, quarantine, strays, footer, asideRows });
      return { taker, rejected: quarantine.inOrder(), report };
    },
    options,
  );

const isNever = (): boolean => false;

class Quarantine {
  rows: RejectedRow[] = [];
  count = 0;
  #characters = 0;

  add(row: RejectedRow): void {
    this.count++;
    this.#characters += row.raw.length + row.reason.length;
    if (this.#characters <= keptRawCharacters) this.rows.push(row);
  }

  inOrder(): RejectedRow[] {
    return this.rows.sort((a, b) => a.line - b.line);
  }

  /** Takes the lines below the table out of the bad rows; `sumsFrom` is where sums were met that are no bad rows. */
  takeFooter(
    { delimiter, header }: Pick<OpenedTable, 'delimiter' | 'header'>,
    { sumsFrom, lastTaken }: { sumsFrom: number; lastTaken: number },
  ): readonly RejectedRow[] {
    // Rows that were not kept may be among those below.
    if (this.count > this.rows.length) return [];
    const trailing = this.inOrder().filter(({ line }) => line > lastTaken);
    const opensAt = sumsFrom > lastTaken ? sumsFrom : Number.POSITIVE_INFINITY;
    const footer = footerOf(trailing, { delimiter, width: header.length, opensAt });
    this.rows = this.rows.slice(0, this.rows.length - footer.length);
    this.count -= footer.length;
    return footer;
  }
}

interface Reading {
  taker: RowTaker;
  quarantine: Quarantine;
  strays: StrayHeaders;
  footer: readonly RejectedRow[];
  asideRows: number;
}

function reportOf(
  table: OpenedTable,
  { taker, quarantine, strays, footer, asideRows }: Reading,
): TableReport {
  const { key, header, delimiter, decoding, language, tally } = table;
  const rowsIn = tally.rowsIn - strays.repeated - footer.length - asideRows;
  return {
    key,
    bytes: tally.bytes,
    encoding: decoding.encoding,
    delimiter,
    language,
    rowsIn,
    rowsOk: rowsIn - quarantine.count,
    rowsQuarantined: quarantine.count,
    columns: header.map((name, index) => ({ header: name, readAs: taker.readAs[index] ?? null })),
    notes: [
      ...gateNotes(tally, decoding, quarantine),
      ...surroundingNotes(table, footer),
      ...asideNotes(asideRows),
      ...strays.notes(),
      ...taker.notes(),
    ],
  };
}

function surroundingNotes(
  { preamble, trailingDelimiters }: OpenedTable,
  footer: readonly RejectedRow[],
): TableNote[] {
  const notes: TableNote[] = [];
  if (trailingDelimiters) {
    const message = 'Every row ends with a delimiter more than the column names; nothing stands behind it.';
    notes.push({ code: 'trailingDelimiters', message });
  }
  if (preamble !== null) {
    const message = `${lines(preamble.firstLine, preamble.lastLine)} above the column names; no rows were read from there.`;
    notes.push({ code: 'preamble', message, count: preamble.lastLine - preamble.firstLine + 1 });
  }
  const [first, ...others] = footer;
  if (first !== undefined) {
    const message = `${lines(first.line, others.at(-1)?.line ?? first.line)} below the table: sums or notes on the export, no rows.`;
    notes.push({ code: 'footer', message, count: footer.length });
  }
  return notes;
}

const asideNotes = (count: number): TableNote[] =>
  count === 0
    ? []
    : [
        {
          code: 'asideRows',
          message: 'Lines that add up or repeat others are no rows; they were passed over.',
          count,
        },
      ];

const lines = (first: number, last: number): string =>
  first === last ? `Line ${first} stands` : `Lines ${first} to ${last} stand`;

const encodingNotes: Partial<Record<string, string>> = {
  gb18030: 'The file is not UTF-8; it was read as GB18030 (GBK), which fits it.',
  'windows-1252':
    'The file is neither UTF-8 nor GB18030; it was read as windows-1252, a guess. Save it as UTF-8 if letters look wrong.',
};

function gateNotes(
  { blankRows, cutRaws, suspectRows, suspectLine }: OpenedTable['tally'],
  { encoding, damaged }: OpenedTable['decoding'],
  { count, rows }: Quarantine,
): TableNote[] {
  const notes: TableNote[] = [];
  const encodingNote = encodingNotes[encoding];
  if (encodingNote !== undefined) notes.push({ code: 'encoding', message: encodingNote });
  if (damaged) {
    const message = `Some bytes are not text in ${encoding}; the rows that hold them are set aside.`;
    notes.push({ code: 'brokenCharacters', message });
  }
  const say = (code: string, said: number, message: string) => {
    if (said > 0) notes.push({ code, message, count: said });
  };
  say('emptyRows', blankRows, 'Rows in which every cell is empty were skipped and are not counted as rows.');
  say('cutRawText', cutRaws, 'Bad rows longer than 64 KB are kept with their first 64 KB.');
  say(
    'linesInsideQuotes',
    suspectRows,
    `Quoted cells hold line breaks where a quote may be missing, first near line ${suspectLine}; rows may be lost in them.`,
  );
  say('rejectsNotKept', count - rows.length, 'So many rows are bad that the last of them are counted only.');
  return notes;
}
