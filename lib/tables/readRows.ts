import { type OpenedTable, throughGate } from './gate.ts';
import type { GateRow } from './recordReader.ts';
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
  take(row: GateRow): RowFault | null;
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

/** Reads a file row by row into the taker that `bind` makes of its header; `bind` may be called several times. */
export const readRows = <Taker extends RowTaker>(
  source: TableSource,
  bind: (table: OpenedTable) => Taker,
): Promise<TakenRows<Taker>> =>
  throughGate(source, async (table) => {
    const taker = bind(table);
    const quarantine = new Quarantine();
    for await (const { rows, rejected } of table.batches) {
      for (const row of rejected) quarantine.add(row);
      for (const row of rows) {
        const fault = taker.take(row);
        if (fault !== null) quarantine.add({ line: row.line, ...fault, raw: row.raw });
      }
      await taker.flush?.(false);
    }
    await taker.flush?.(true);
    const report = reportOf(table, { taker, quarantine });
    return { taker, rejected: quarantine.rows.sort((a, b) => a.line - b.line), report };
  });

class Quarantine {
  readonly rows: RejectedRow[] = [];
  count = 0;
  #characters = 0;

  add(row: RejectedRow): void {
    this.count++;
    this.#characters += row.raw.length + row.reason.length;
    if (this.#characters <= keptRawCharacters) this.rows.push(row);
  }
}

function reportOf(
  { key, header, delimiter, decoding, language, tally }: OpenedTable,
  { taker, quarantine }: { taker: RowTaker; quarantine: Quarantine },
): TableReport {
  return {
    key,
    bytes: tally.bytes,
    encoding: decoding.encoding,
    delimiter,
    language,
    rowsIn: tally.rowsIn,
    rowsOk: tally.rowsIn - quarantine.count,
    rowsQuarantined: quarantine.count,
    columns: header.map((name, index) => ({ header: name, readAs: taker.readAs[index] ?? null })),
    notes: [...gateNotes(tally, decoding, quarantine), ...taker.notes()],
  };
}

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
