import type { Objects } from '../store/objects.ts';
import type { Table } from '../store/table.ts';

/** Everything a run touches outside itself, handed in, so that the steps stay plain functions. */
export interface Platform {
  objects: Objects;
  table: Table;
  uploadsBucket: string;
  resultsBucket: string;
  /** Hash of the sources; part of a run's identity. */
  codeVersion: string;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** A new unique name for whoever takes a lease. */
  newOwner: () => string;
  log: (message: string, facts: Record<string, string | number | boolean>) => void;
}
