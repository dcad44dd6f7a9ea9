import type { ColumnPlace } from '../../features/matrix.ts';
import type { DecisionTree } from '../candidates/decisionTree.ts';
import type { InTwoLanguages } from '../purchaseReport.ts';
import { orderPhrase } from './orderPhrases.ts';
import { shortNumber, shownValue, type Wording } from './shownValue.ts';

/** A leaf as the conditions that lead to it. */
interface Leaf {
  bounds: Map<number, Bounds>;
  probability: number;
  share: number;
}

/** At least `low`, and below `high`. */
interface Bounds {
  low: number | null;
  high: number | null;
}

/** One sentence per leaf, those most likely to buy first; a customer fits exactly one of them. */
export function treeRules(
  tree: DecisionTree,
  {
    places,
    columnNames,
    wording,
  }: { places: readonly ColumnPlace[]; columnNames: readonly string[]; wording: Wording },
): InTwoLanguages[] {
  return leavesOf(tree)
    .sort((a, b) => b.probability - a.probability)
    .map(({ bounds, probability, share }) => {
      const conditions = [...bounds].map(([column, bound]) =>
        conditionOf(column, bound, { places, columnNames, wording }),
      );
      const [buy, are] = [percent(probability), percent(share)];
      const [en, zh] = [
        conditions.map((each) => each.en).join(' and '),
        conditions.map((each) => each.zh).join('，且 '),
      ];
      return {
        en: `${en || 'everybody'}: ${buy.en} buy (${are.en} of customers)`,
        zh: `${zh || '所有客户'}：${buy.zh}会购买（占客户的${are.zh}）`,
      };
    });
}

function percent(share: number): InTwoLanguages {
  if (share < 0.001) return { en: 'under 0.1 %', zh: '不到 0.1 % ' };
  const shown = `${shortNumber(100 * Number(share.toPrecision(2)))} %`;
  return { en: shown, zh: ` ${shown} ` };
}

function leavesOf({ nodes }: DecisionTree, at = 0, bounds: Map<number, Bounds> = new Map()): Leaf[] {
  const node = nodes[at];
  if (node === undefined) throw new Error(`treeRules found no node ${at} of ${nodes.length}`);
  if (node.column < 0) return [{ bounds, probability: node.probability, share: node.share }];
  const { low, high } = bounds.get(node.column) ?? { low: null, high: null };
  const with_ = (bound: Bounds): Map<number, Bounds> => new Map(bounds).set(node.column, bound);
  return [
    ...leavesOf({ nodes }, at + 1, with_({ low, high: node.threshold })),
    ...leavesOf({ nodes }, node.right, with_({ low: node.threshold, high })),
  ];
}

interface Naming {
  places: readonly ColumnPlace[];
  columnNames: readonly string[];
  wording: Wording;
}

function conditionOf(
  column: number,
  { low, high }: Bounds,
  { places, columnNames, wording }: Naming,
): InTwoLanguages {
  const place = places.find(({ columns }) => columns.includes(column));
  if (place === undefined) throw new Error(`treeRules found no column ${column} among ${columnNames.length}`);
  const isYes = low !== null;
  if (place.missing === column) {
    const { name } = place;
    return isYes
      ? { en: `${name} is not known`, zh: `${name} 未知` }
      : { en: `${name} is known`, zh: `${name} 已知` };
  }
  if (place.targetShare === column) {
    const values = rangeWords({ low, high }, percent);
    return {
      en: `${place.name} is one of those where ${values.en} bought`,
      zh: `${place.name} 属于购买者占${values.zh}的一类`,
    };
  }
  if (place.kind === 'categorical') {
    const category = columnNames[column]?.slice(place.name.length + 3) ?? '';
    return isYes
      ? { en: `${place.name} is ${category}`, zh: `${place.name} 为 ${category}` }
      : { en: `${place.name} is not ${category}`, zh: `${place.name} 不是 ${category}` };
  }
  if (place.kind === 'boolean')
    return isYes
      ? { en: `${place.name} is yes`, zh: `${place.name} 为是` }
      : { en: `${place.name} is no`, zh: `${place.name} 为否` };
  return rangeOf(place.name, { low, high }, wording);
}

/** In words, each number as `shown` has it. */
function rangeWords({ low, high }: Bounds, shown: (value: number) => InTwoLanguages): InTwoLanguages {
  const [from, to] = [low === null ? null : shown(low), high === null ? null : shown(high)];
  const words = (language: 'en' | 'zh'): string => {
    if (from === null) return language === 'en' ? `less than ${to?.en}` : `不到 ${to?.zh}`;
    if (to === null) return language === 'en' ? `at least ${from.en}` : `至少 ${from.zh}`;
    return language === 'en' ? `${from.en} to less than ${to.en}` : `${from.zh} 至不到 ${to.zh}`;
  };
  return { en: words('en'), zh: words('zh') };
}

function rangeOf(name: string, bounds: Bounds, wording: Wording): InTwoLanguages {
  const values = rangeWords(bounds, (value) => shownValue(name, value, wording));
  return (
    (wording.source === 'orders' ? orderPhrase(name, values) : null) ?? {
      en: `${name} ${values.en}`,
      zh: `${name} ${values.zh}`,
    }
  );
}
