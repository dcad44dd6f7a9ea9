import { type Encoder, encodeFeatures } from '../../features/encoder.ts';
import {
  applyEncoder,
  applyEncoderOutOfFold,
  type ColumnPlace,
  columnPlaces,
  type FeatureMatrix,
} from '../../features/matrix.ts';
import { takeRows } from '../../features/rows.ts';
import type { TrainingTable } from '../../tables/types.ts';
import { rowsOf } from '../imbalance/matrixRows.ts';
import type { FoldRows } from '../imbalance/treatRows.ts';
import type { ColumnRoles } from '../purchaseRows.ts';
import { partOf, type Split, type TrainingFold } from '../validation/folds.ts';
import type { EngineRows } from './engines.ts';
import { readRoles, rolesOf } from './roleColumns.ts';

/** A training fold with all that an engine may read. */
export type TrainingRows = FoldRows & EngineRows;

/** Rows to measure on, encoded as the training fold says. */
export type HeldOutRows = EngineRows & { y: Uint8Array };

export interface PreparedSplit {
  /** Learnt from the training rows. */
  encoder: Encoder;
  training: TrainingRows;
  heldOut: HeldOutRows;
}

/** The encoder too is learnt from the training fold alone: held-out rows stand for rows that nobody has seen. */
export function prepareSplit(
  table: TrainingTable,
  { training, heldOut }: Split,
  { roles }: { roles: ColumnRoles },
): PreparedSplit {
  const { encoder } = encodeFeatures(takeRows(table, training));
  const heldOutTable = takeRows(table, heldOut);
  return {
    encoder,
    training: prepareTraining(table, training, { encoder, roles }),
    heldOut: {
      ...prepareRows(heldOutTable, { matrix: applyEncoder(encoder, heldOutTable), encoder, roles }),
      y: heldOutTable.labels,
    },
  };
}

export function prepareTraining(
  table: TrainingTable,
  fold: TrainingFold,
  { encoder, roles }: { encoder: Encoder; roles: ColumnRoles },
): TrainingRows {
  const rows = takeRows(table, fold);
  const prepared = prepareRows(rows, { matrix: applyEncoderOutOfFold(encoder, rows), encoder, roles });
  return { ...prepared, fold, y: rows.labels, nominalGroups: nominalGroupsOf(prepared.places) };
}

function prepareRows(
  table: TrainingTable,
  { matrix, encoder, roles }: { matrix: FeatureMatrix; encoder: Encoder; roles: ColumnRoles },
): EngineRows {
  return {
    matrix,
    places: columnPlaces(encoder),
    roles: readRoles(table, roles),
  };
}

/** These of a training fold's rows, by their places in it. */
export const someTraining = (rows: TrainingRows, places: Uint32Array): TrainingRows => ({
  ...rows,
  ...someHeldOut(rows, places),
  fold: partOf(rows.fold, places),
});

/** These of the rows, by their places. */
export const someHeldOut = (rows: HeldOutRows, places: Uint32Array): HeldOutRows => ({
  matrix: rowsOf(rows.matrix, places),
  places: rows.places,
  roles: rolesOf(rows.roles, places),
  y: Uint8Array.from(places, (row) => rows.y[row] as number),
});

/** Yes or no, a category, missing or not: between two of them there is nothing. */
const nominalGroupsOf = (places: readonly ColumnPlace[]): number[][] =>
  places.flatMap(({ kind, columns, missing, targetShare }) => {
    if (kind === 'categorical') return [columns.filter((column) => column !== targetShare)];
    const value = kind === 'boolean' ? [[columns[0] as number]] : [];
    return missing === null ? value : [...value, [missing]];
  });
