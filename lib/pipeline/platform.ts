import type { Objects } from '../store/objects.ts';
import type { Table } from '../store/table.ts';
import type { Pace } from './pace.ts';

/** Everything a run touches outside itself, handed in, so that the steps stay plain functions. */
export interface Platform {
  objects: Objects;
  table: Table;
  uploadsBucket: string;
  resultsBucket: string;
  /** An existing directory for files that are gone when the run ends. */
  scratchDirectory: string;
  /** What this function may use, in MB. */
  memoryMb: number;
  /** Hash of the sources; part of a run's identity. */
  codeVersion: string;
  /** Of the keyed hashes of customers' ids; it is in no setting, no log and no answer. */
  idKey: string;
  /** Milliseconds since 1970. */
  clock: () => number;
  /** A new unique name for whoever takes a lease. */
  newOwner: () => string;
  /** Calls `work` again and again while a run is under way, until the function it returns is called. */
  every: (milliseconds: number, work: () => void) => () => void;
  /** Of a dataset, by the name of the metric; for whoever watches the service. */
  measure: (dataset: string, metrics: Record<string, Measure>, of?: { stage: string }) => void;
  /** What was asked of the services since this was last called. */
  calls: () => { writes: number; retries: number };
  /** Of this invocation. */
  pace: Pace;
  log: (message: string, facts: Record<string, string | number | boolean>) => void;
}

export interface Measure {
  value: number;
  unit: 'Count' | 'Seconds' | 'Bytes' | 'None';
}
