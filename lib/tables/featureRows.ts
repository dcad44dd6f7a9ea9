import { readBoolean, readFeature } from './featureCells.ts';
import {
  type FeatureLayout,
  featureLayout,
  missingFeatures,
  placeFeatures,
  quoted,
} from './featureLayout.ts';
import type { OpenedTable } from './gate.ts';
import { RowIdentity } from './identity.ts';
import type { NumberCells } from './numberCells.ts';
import type { RowFault, RowTaker } from './readRows.ts';
import type { GateRow } from './recordReader.ts';
import type { FeatureColumn, FeatureKind, TableNote } from './types.ts';

export interface FeatureSpec {
  name: string;
  kind: FeatureKind;
}

type Value = number | string | null;

/** Takes rows whose feature columns and kinds are known, and their labels where the table is for training. */
export class FeatureTaker implements RowTaker {
  readonly ids: string[] = [];
  readonly labels: number[] = [];
  readonly readAs: (string | null)[];
  readonly #values: Value[][];
  readonly #specs: readonly FeatureSpec[];
  readonly #places: { index: number; name: string }[];
  readonly #interned: Map<string, string>[];
  readonly #layout: FeatureLayout;
  readonly #identity: RowIdentity;
  readonly #numbers: NumberCells;
  readonly #kind: 'training' | 'scoring';
  readonly #extra: string[];

  constructor(
    table: OpenedTable,
    given: { kind: 'training' | 'scoring'; specs: readonly FeatureSpec[]; numbers: NumberCells },
  ) {
    const { key, header } = table;
    this.#layout = featureLayout(given.kind, table);
    const names = given.specs.map(({ name }) => name);
    const { places, missing, extra } = placeFeatures(names, this.#layout.features);
    if (missing.length > 0) throw missingFeatures(key, missing);
    this.#places = places.filter((place) => place !== undefined);
    this.#extra = extra;
    this.#specs = given.specs;
    this.#kind = given.kind;
    this.#numbers = given.numbers;
    this.#identity = new RowIdentity(key, this.#layout.id);
    this.#values = given.specs.map(() => []);
    this.#interned = given.specs.map(() => new Map());
    this.readAs = header.map((_, index) => this.#roleOf(index));
  }

  take(row: GateRow): RowFault | null {
    const id = this.#identity.idOf(row);
    if (typeof id !== 'string') return id;
    const label = this.#labelOf(row);
    if (typeof label !== 'number') return label;
    const read: Value[] = [];
    for (const [at, { index, name }] of this.#places.entries()) {
      const cell = row.cells[index] ?? '';
      const feature = readFeature(cell, (this.#specs[at] as FeatureSpec).kind, this.#numbers);
      if ('reason' in feature) return { column: name, reason: feature.reason };
      read.push(feature.value);
    }
    this.ids.push(id);
    if (this.#kind === 'training') this.labels.push(label);
    for (const [at, value] of read.entries()) this.#values[at]?.push(this.#intern(at, value));
    return null;
  }

  /** The columns that were asked for, in that order. */
  get columns(): FeatureColumn[] {
    return this.#specs.map(
      ({ name, kind }, at) => ({ name, kind, values: this.#values[at] }) as FeatureColumn,
    );
  }

  notes(): TableNote[] {
    const notes = [...this.#identity.notes(), ...this.#layout.notes];
    if (this.#kind === 'scoring' && this.#layout.label !== undefined) {
      const message = `"${this.#layout.label.header}" says who bought and was not used for scoring.`;
      notes.push({ code: 'labelIgnored', message });
    }
    if (this.#extra.length > 0) {
      const why = this.#kind === 'scoring' ? 'the model does not know them' : 'they hold no value in any row';
      const message = `${quoted(this.#extra)} were not used: ${why}.`;
      notes.push({ code: 'unusedColumns', message, count: this.#extra.length });
    }
    return notes;
  }

  #roleOf(index: number): string | null {
    const { id, label } = this.#layout;
    if (index === id?.index) return 'customerId';
    if (index === label?.index && this.#kind === 'training') return 'bought';
    const at = this.#places.findIndex((place) => place.index === index);
    return this.#specs[at]?.kind ?? null;
  }

  #labelOf({ cells }: GateRow): number | RowFault {
    const { label } = this.#layout;
    if (this.#kind === 'scoring' || label === undefined) return 0;
    const cell = cells[label.index] ?? '';
    const bought = readBoolean(cell.trim().replace(/^([01])\.0+$/, '$1'));
    if (bought !== null) return bought;
    const reason =
      cell.trim() === '' ? 'the cell is empty' : 'the cell is not one of 1, 0, true, false, yes, no, 是, 否';
    return { column: label.header, reason };
  }

  /** One string per category, and none that keeps the text of its chunk in memory. */
  #intern(at: number, value: Value): Value {
    if (typeof value !== 'string') return value;
    const known = this.#interned[at]?.get(value);
    if (known !== undefined) return known;
    this.#interned[at]?.set(value, value);
    return value;
  }
}
