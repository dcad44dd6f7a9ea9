import { closeSync, openSync, writeSync } from 'node:fs';
import { stagedEventColumns, stagedOrderColumns } from '../canonicalColumns.ts';
import type { GatheredRows } from './rowSlot.ts';
import { deskLayout, type SlotLayout, slotLayout } from './slotLayout.ts';
import { newStageKernel } from './stageKernel.ts';
import { setUpDesk, writeSlot } from './writeSlot.ts';

/** Writes gathered rows to files, from memory of its own. */
export interface SlotWriter {
  /** Copies the rows, so that their buffer is free; gives what then writes them to a file, whole. */
  take(rows: GatheredRows): (file: string) => void;
}

/** Of a slot that any stage gathers in. */
export const slotBytes = /* @__PURE__ */ Math.max(
  ...[stagedOrderColumns, stagedEventColumns].map((columns) => slotLayout(columns, 0).end),
);

/** Position 0 is nobody's. */
const slotAt = 64;

export function newSlotWriter(): SlotWriter {
  const desk = deskLayout(slotAt + slotBytes);
  const { kernel, buffer } = newStageKernel(desk.end);
  setUpDesk({ kernel, buffer }, desk);
  return {
    take(gathered) {
      const slot = slotLayout(gathered.columns, slotAt);
      copy(gathered, { buffer, slot });
      const { rows } = gathered;
      return (file) =>
        writing(file, (write) => {
          writeSlot({ kernel, buffer }, { slot, desk, rows }, write);
        });
    },
  };
}

function copy(
  { columns, rows, arenaUsed, buffer: from }: GatheredRows,
  { buffer: to, slot }: { buffer: SharedArrayBuffer; slot: SlotLayout },
): void {
  const part = (at: number, bytes: number): void => {
    new Uint8Array(to, at, bytes).set(new Uint8Array(from, at - slotAt, bytes));
  };
  if (slotLayout(columns, 0).end > from.byteLength) throw new Error('a slot of rows is too short');
  for (const column of slot.columns) {
    if (column.kind === 'text') {
      part(column.startsAt, 4 * rows);
      part(column.lengthsAt, 4 * rows);
    } else part(column.valuesAt, (column.kind === 'integer' ? 4 : 8) * rows);
  }
  part(slot.bucketsAt, rows);
  part(slot.arenaAt, arenaUsed);
}

function writing(file: string, work: (write: (part: Uint8Array) => void) => void): void {
  const descriptor = openSync(file, 'w');
  try {
    work((part) => {
      for (let at = 0; at < part.length; ) at += writeSync(descriptor, part, at);
    });
  } finally {
    closeSync(descriptor);
  }
}
