import type { ColumnPlace } from '../../features/matrix.ts';
import type { FeatureTable } from '../../tables/types.ts';
import type { InTwoLanguages, Reason } from '../purchaseReport.ts';
import type { Contributions } from './contributions.ts';
import { orderPhrase } from './orderPhrases.ts';
import { type Cell, shownValue, type Wording } from './shownValue.ts';

/** An effect on the odds of less than a hundredth is no reason. */
const leastEffect = 0.01;

/** The `top` columns that move each row's probability most, either way, in words: "last order 4 days ago: more likely". */
export function reasonsOf(
  { values, columns }: Contributions,
  {
    table,
    places,
    wording,
    top,
  }: { table: FeatureTable; places: readonly ColumnPlace[]; wording: Wording; top: number },
): Reason[][] {
  const cells = new Map(table.columns.map(({ name, values }) => [name, values as Cell[]]));
  return table.ids.map((_, row) => {
    const effects = Array.from({ length: columns }, (_, place) => values[row * columns + place] as number);
    const strongest = [...effects.keys()]
      .filter((place) => Math.abs(effects[place] as number) >= leastEffect)
      .sort((a, b) => Math.abs(effects[b] as number) - Math.abs(effects[a] as number) || a - b);
    return strongest.slice(0, top).map((place): Reason => {
      const column = places[place]?.name as string;
      const effect = effects[place] as number;
      const cellOf = (name: string): Cell => cells.get(name)?.[row] ?? null;
      const value = cellOf(column);
      const direction = effect > 0 ? 'more' : 'less';
      return { column, value, direction, effect, text: sentence(column, { cellOf, direction, wording }) };
    });
  });
}

const directions = {
  more: { en: 'more likely', zh: '更可能购买' },
  less: { en: 'less likely', zh: '更不可能购买' },
};

function sentence(
  column: string,
  {
    cellOf,
    direction,
    wording,
  }: { cellOf: (column: string) => Cell; direction: 'more' | 'less'; wording: Wording },
): InTwoLanguages {
  const fact = factOf(column, cellOf, wording);
  const ends = directions[direction];
  return { en: `${fact.en}: ${ends.en}`, zh: `${fact.zh}：${ends.zh}` };
}

function factOf(column: string, cellOf: (column: string) => Cell, wording: Wording): InTwoLanguages {
  const value = cellOf(column);
  if (value === null) return { en: `${column} is not known`, zh: `${column} 未知` };
  const shown = shownValue(column, value, wording);
  const fact = wording.source === 'orders' ? orderPhrase(column, shown) : null;
  if (fact === null) return { en: `${column} is ${shown.en}`, zh: `${column} 为 ${shown.zh}` };
  const usually = column === 'days_since_last' ? cellOf('gap_mean_days') : null;
  if (usually === null) return fact;
  const pause = shownValue('gap_mean_days', usually, wording);
  return { en: `${fact.en}, usually every ${pause.en}`, zh: `${fact.zh}，通常每 ${pause.zh}一次` };
}
