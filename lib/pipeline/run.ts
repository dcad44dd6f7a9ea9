import type { RunProgress, RunRecord } from '../store/runs.ts';
import type { Erased } from './erased.ts';
import type { ModelDataset } from './modelDatasets.ts';
import type { ModelInUse } from './modelInUse.ts';
import type { Plan, RunInput } from './plan.ts';
import type { Platform } from './platform.ts';
import type { Settings } from './settings.ts';

/** A run under way: what its steps may use, and where they say what they saw. */
export interface Run {
  platform: Platform;
  plan: Plan;
  settings: Settings;
  /** The model that was current when the run was planned; scoring alone has one. */
  model: ModelInUse | null;
  /** Customers whom this run leaves out wherever it reads. */
  erased: Erased;
  /** A file of the uploads still holds rows of one of them. */
  foundErased: (found: { file: string; idHash: string; rows: number }) => void;
  /** Of the lease under which this run works; pages carry it. */
  fence: number;
  /** The run that is published now. */
  previousRunId: string | null;
  /** What that run published of itself. */
  previousManifest: Record<string, unknown> | null;
  /** Does a unit of work, unless an earlier invocation of this run has kept its result; throws `HandOver` when time is short. */
  unit: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  /** The same of work that is made of units: once it is done, none of them is looked at again. */
  kept: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  /** Merged into the run record, which is stored when the run ends. */
  amend: (facts: Partial<RunRecord>) => void;
  /** Times a step; the seconds stand in the run record under its name. */
  timed: <Result>(step: string, work: () => Promise<Result>) => Promise<Result>;
  /** How far a long step has come; it stands in the run record while the run is processed. */
  progress: (progress: RunProgress) => void;
}

/** What a dataset's steps leave for publication. */
export interface RunResult {
  /** Stored beside the pointer: all that a reader needs to find its way in this run. */
  manifest: Record<string, unknown>;
  /** The published run that did better: this one is kept beside it and not published. */
  championRunId?: string | null;
  /** Names of the dataset's that this run has no file for. */
  absentFiles?: string[];
  /** Names below its prefixes that this run has a file for. */
  files?: string[];
}

/** A dataset: a folder or a file of the uploads, and the steps from its inputs to what is published. */
export interface Dataset {
  name: string;
  /** What its inputs' keys begin with; one that does not end in a slash is a key itself. */
  prefixes: string[];
  /**
   * Beside uploads: objects that other datasets' published runs left in the results bucket; null while its uploads wait for them. Without
   * any input there is nothing to do.
   */
  inputs?: (platform: Platform) => Promise<RunInput[] | null>;
  /** The dataset whose published model its steps use. */
  modelFrom: ModelDataset | null;
  /** Nothing that it reads is about customers, so that no erasure concerns it. */
  isWithoutCustomers?: boolean;
  /** Names in the results bucket under which its steps' objects of the same name can be found once a run is published. */
  lastingFiles: string[];
  /** Prefixes below which every object in the results bucket is such a file: what no published run has there is removed. */
  lastingPrefixes?: string[];
  /** Objects of this name in runs that were superseded are removed: customers who are erased could not be found in them. */
  forgottenPrefix?: string;
  work: (run: Run) => Promise<RunResult>;
  /** Its work goes in units of its own, between which it can be handed over; else all of it is one. */
  isInUnits?: boolean;
}

/** Key of an object of this run in the results bucket; objects below it are never changed. */
export const runObjectKey = (plan: Plan, name: string): string => `runs/${plan.runId}/${name}`;
