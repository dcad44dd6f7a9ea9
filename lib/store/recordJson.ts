import type { RunNote, RunRecord } from './runs.ts';

const lists = ['files', 'inputs', 'problems', 'rejects', 'notes'] as const;
const wholes = ['metrics', 'settings'] as const;

/**
 * The record's JSON in at most `maxBytes`, so that it fits an item: the longest list is halved, over and over, then what cannot be
 * halved is left out, and a note says what is missing.
 */
export function recordJson(record: RunRecord, maxBytes: number): string {
  const json = JSON.stringify(record);
  if (Buffer.byteLength(json) <= maxBytes) return json;
  // The notes on what was cut, at most one for each list and each whole.
  const roomForNotes = 150 * (lists.length + wholes.length);
  const cut = cutToFit(record, maxBytes - roomForNotes);
  const notes = [
    ...cut.notes,
    ...lists
      .filter((list) => cut[list].length < record[list].length)
      .map((list) => cutNote(`${list}: the first ${cut[list].length} of ${record[list].length} are kept`)),
    ...wholes.filter((part) => cut[part] !== record[part]).map((part) => cutNote(`${part} is left out`)),
  ];
  return JSON.stringify({ ...cut, notes });
}

function cutToFit(record: RunRecord, maxBytes: number): RunRecord {
  const size = (part: unknown): number => Buffer.byteLength(JSON.stringify(part) ?? '');
  let cut = record;
  while (size(cut) > maxBytes) {
    const current = cut;
    const longest = lists.reduce((one, other) => (size(current[other]) > size(current[one]) ? other : one));
    const whole = wholes.find(
      (part) => current[part] !== null && size(current[part]) > size(current[longest]),
    );
    if (whole !== undefined) cut = { ...cut, [whole]: null };
    else if (cut[longest].length > 0)
      cut = { ...cut, [longest]: cut[longest].slice(0, cut[longest].length >> 1) };
    else
      throw new Error(
        `the record of run ${record.runId} does not fit ${maxBytes} bytes even without its lists`,
      );
  }
  return cut;
}

const cutNote = (message: string): RunNote => ({ code: 'recordCut', message });
