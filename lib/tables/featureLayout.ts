import { aliases } from './aliases.ts';
import { type FoundColumn, findColumns, normaliseHeader, requireColumns } from './columns.ts';
import type { OpenedTable } from './gate.ts';
import { shown } from './header.ts';
import { headerTest } from './headerTest.ts';
import type { HeaderTest } from './preamble.ts';
import { type TableNote, TableRejected } from './types.ts';

export interface FeaturePlace {
  name: string;
  index: number;
}

/** What the columns of a training or scoring file are: id, label, features, and those that are none of these. */
export interface FeatureLayout {
  id: FoundColumn | undefined;
  label: FoundColumn | undefined;
  features: FeaturePlace[];
  notes: TableNote[];
}

/** Every named column is a feature, but for id and label. */
export function featureLayout(
  kind: 'training' | 'scoring',
  { key, header, trailingDelimiters }: OpenedTable,
): FeatureLayout {
  const { fields, passedOver } = findColumns(kind, header, key);
  const id = fields.get('customerId');
  const label = fields.get('bought');
  if (kind === 'training' && label === undefined) requireColumns({ kind, header, key }, ['bought']);
  const named = header.map((name, index) => ({ name, index }));
  const rowNumbers = named.filter(({ name }) => name === '' || /^unnamed: ?\d+$/i.test(name));
  const others = new Set([id?.index, label?.index, ...passedOver, ...rowNumbers.map(({ index }) => index)]);
  const notes: TableNote[] = [];
  const unnamed = rowNumbers.length - (trailingDelimiters ? 1 : 0);
  if (unnamed > 0) {
    const message = 'Columns without a name were not used; give them one if they matter.';
    notes.push({ code: 'unnamedColumns', message, count: unnamed });
  }
  if (passedOver.size > 0) {
    const names = quoted([...passedOver].map((index) => header[index] ?? ''));
    const message = `${names} were not used: their names can mean id or label, which other columns hold already.`;
    notes.push({ code: 'passedOverColumns', message, count: passedOver.size });
  }
  return { id, label, features: named.filter(({ index }) => !others.has(index)), notes };
}

/** Whether cells name a label, and something to learn from. */
export const isTrainingHeader: HeaderTest = (cells) => cells.length > 1 && namesLabel(cells);

const namesLabel = headerTest(aliases.training, (fields) => fields.has('bought'));

/** Whether cells name all the columns of a model. */
export const scoringHeaderTest =
  (names: readonly string[]): HeaderTest =>
  (cells) => {
    const features = cells.map((cell, index) => ({ name: cell.trim(), index }));
    const exact = new Set(features.map(({ name }) => name));
    return (
      names.length > 0 && names.every((name) => exact.has(name) || onlyAlike(name, features) !== undefined)
    );
  };

/**
 * The places of the features in the order of `names`: by the name as it is, else by the one column whose name differs
 * in case, spaces or underscores only. `extra` are the columns that nobody asked for.
 */
export function placeFeatures(
  names: readonly string[],
  features: readonly FeaturePlace[],
): { places: (FeaturePlace | undefined)[]; missing: string[]; extra: string[] } {
  const exact = new Map(features.map((feature) => [feature.name, feature]));
  const places = names.map((name) => exact.get(name) ?? onlyAlike(name, features));
  const used = new Set(places.map((place) => place?.index));
  return {
    places,
    missing: names.filter((_, at) => places[at] === undefined),
    extra: features.filter(({ index }) => !used.has(index)).map(({ name }) => name),
  };
}

function onlyAlike(name: string, features: readonly FeaturePlace[]): FeaturePlace | undefined {
  const wanted = normaliseHeader(name);
  const alike = features.filter((feature) => {
    const found = normaliseHeader(feature.name);
    return found.name === wanted.name && found.unit === wanted.unit;
  });
  return alike.length === 1 ? alike[0] : undefined;
}

/** A scoring file must have every column that the model was trained on. */
export function missingFeatures(key: string, missing: readonly string[]): TableRejected {
  const message = `The model was trained on ${quoted(missing)}, which the file does not have. Add the missing columns under these names, or train anew without them.`;
  return new TableRejected(key, 'missingColumn', message);
}

/** The files of `training/` are one table. */
export function differentFeatures(
  key: string,
  { missing, extra }: { missing: readonly string[]; extra: readonly string[] },
  firstKey: string,
): TableRejected {
  const lacks = missing.length > 0 ? ` It lacks ${quoted(missing)}.` : '';
  const has = extra.length > 0 ? ` It has ${quoted(extra)} besides.` : '';
  const message = `The columns are not those of ${firstKey}, and the files of training/ are one table.${lacks}${has} Give all files the same columns.`;
  return new TableRejected(key, 'columnsDiffer', message);
}

export const quoted = (names: readonly string[]): string => {
  const list = names.slice(0, 20).map((name) => `"${shown(name)}"`);
  return names.length > 20 ? `${list.join(', ')} and ${names.length - 20} more` : list.join(', ');
};
