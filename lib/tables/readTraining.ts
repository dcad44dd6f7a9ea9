import { KindEvidence } from './featureCells.ts';
import {
  differentFeatures,
  type FeaturePlace,
  featureLayout,
  isTrainingHeader,
  placeFeatures,
} from './featureLayout.ts';
import { type FeatureSpec, FeatureTaker } from './featureRows.ts';
import type { OpenedTable } from './gate.ts';
import { RowIdentity } from './identity.ts';
import { readRowsWithNumbers } from './numberCells.ts';
import { type RowFault, type RowTaker, readRows, type TakenRows } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import {
  type FeatureColumn,
  type RejectedRow,
  TableRejected,
  type TableReport,
  type TableSource,
  type TrainingTable,
} from './types.ts';

/**
 * The files of the folder as one table. Each is read twice, as the kind of a column is known only when all of them have
 * been seen, and neither reading keeps their text.
 */
export async function readTraining(
  sources: readonly TableSource[],
): Promise<{ table: TrainingTable; files: { rejected: RejectedRow[]; report: TableReport }[] }> {
  const specs = await inferKinds(sources);
  const files: TakenRows<FeatureTaker>[] = [];
  for (const source of sources) {
    const read = await readRowsWithNumbers(
      source,
      (table, numbers) => new FeatureTaker(table, { kind: 'training', specs, numbers }),
      gate,
    );
    files.push(read);
  }
  return {
    table: joinTables(files.map(({ taker }) => taker)),
    files: files.map(({ rejected, report }) => ({ rejected, report })),
  };
}

const gate = { isHeader: isTrainingHeader };

async function inferKinds(sources: readonly TableSource[]): Promise<FeatureSpec[]> {
  const [first, ...others] = sources;
  if (first === undefined) throw new Error('readTraining needs at least one file; got 0');
  const { taker: found } = await readRows(first, (table) => new KindTaker(table), gate);
  const names = found.features.map(({ name }) => name);
  for (const source of others) {
    const { taker } = await readRows(source, (table) => new KindTaker(table), gate);
    const { places, missing, extra } = placeFeatures(names, taker.features);
    if (missing.length + extra.length > 0) throw differentFeatures(source.key, { missing, extra }, first.key);
    for (const [at, place] of places.entries()) {
      const other = taker.features.findIndex(({ index }) => index === place?.index);
      found.evidence[at]?.add(taker.evidence[other] as KindEvidence);
    }
  }
  const specs = names.flatMap((name, at) => {
    const kind = found.evidence[at]?.kind() ?? null;
    return kind === null ? [] : [{ name, kind }];
  });
  if (specs.length > 0) return specs;
  const message =
    'There is no column to learn from besides id and label. Add columns that say something about the customer.';
  throw new TableRejected(first.key, 'noFeatures', message);
}

class KindTaker implements RowTaker {
  readonly readAs: null[] = [];
  readonly features: FeaturePlace[];
  readonly evidence: KindEvidence[];
  readonly #identity: RowIdentity;

  constructor(table: OpenedTable) {
    const { id, features } = featureLayout('training', table);
    this.features = features;
    this.#identity = new RowIdentity(table.key, id);
    this.evidence = this.features.map(() => new KindEvidence());
  }

  /** A row that is none, such as a sum, says nothing of its columns. */
  take(row: GateRow): RowFault | null {
    const id = this.#identity.idOf(row);
    if (typeof id !== 'string') return id;
    for (const [at, { index }] of this.features.entries()) this.evidence[at]?.see(row.cells[index] ?? '');
    return null;
  }

  notes(): [] {
    return [];
  }
}

function joinTables(takers: FeatureTaker[]): TrainingTable {
  const tables = takers.map(({ columns }) => columns);
  const columns = (tables[0] ?? []).map((column, at) => {
    const values = tables.flatMap((table) => [...(table[at]?.values ?? [])]);
    return { ...column, values } as FeatureColumn;
  });
  return {
    ids: takers.flatMap(({ ids }) => ids),
    columns,
    labels: Uint8Array.from(takers.flatMap(({ labels }) => labels)),
  };
}
