import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FeatureColumn, TrainingTable } from '../../../lib/tables/types.ts';

const file = fileURLToPath(
  new URL('../../../../shared/data/online-shoppers/online_shoppers_intention.csv', import.meta.url),
);

export const onlineShoppersAreThere = existsSync(file);

const categorical = new Set(['Month', 'VisitorType']);

/** UCI Online Shoppers Purchasing Intention (Sakar & Kastro 2018, doi 10.24432/C5F88Q, CC BY 4.0): 12,330 sessions. */
export function readOnlineShoppers(): TrainingTable {
  const [header = [], ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const column = (name: string): string[] => rows.map((cells) => cells[header.indexOf(name)] as string);
  return {
    ids: rows.map((_, row) => `session ${row + 1}`),
    columns: header.slice(0, -1).map((name) => featureColumn(name, column(name))),
    labels: Uint8Array.from(column('Revenue'), (cell) => (cell === 'TRUE' ? 1 : 0)),
  };
}

function featureColumn(name: string, cells: string[]): FeatureColumn {
  if (categorical.has(name)) return { name, kind: 'categorical', values: cells };
  if (name === 'Weekend')
    return { name, kind: 'boolean', values: cells.map((cell) => (cell === 'TRUE' ? 1 : 0)) };
  return { name, kind: 'numeric', values: cells.map(Number) };
}
