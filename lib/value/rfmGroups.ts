import * as z from 'zod/mini';
import type { RfmScores } from './rfm.ts';

/** Names that a marketer can act on, best first. */
export const rfmGroupNames = [
  'champions',
  'loyal',
  'active',
  'new',
  'promising',
  'needsAttention',
  'atRisk',
  'previouslyLoyal',
  'almostLost',
  'dormant',
  'prospects',
] as const;
export const rfmGroupSchema = z.enum(rfmGroupNames);
export type RfmGroup = z.infer<typeof rfmGroupSchema>;

export const rfmGroupLabels: Record<'en' | 'zh', Record<RfmGroup, string>> = {
  en: {
    champions: 'champions',
    loyal: 'loyal',
    active: 'active',
    new: 'new',
    promising: 'promising',
    needsAttention: 'needs attention',
    atRisk: 'at risk',
    previouslyLoyal: 'previously loyal',
    almostLost: 'almost lost',
    dormant: 'dormant',
    prospects: 'prospects',
  },
  zh: {
    champions: '冠军客户',
    loyal: '忠诚客户',
    active: '活跃客户',
    new: '新客户',
    promising: '有潜力客户',
    needsAttention: '需要关注',
    atRisk: '有流失风险',
    previouslyLoyal: '曾经忠诚',
    almostLost: '即将流失',
    dormant: '沉睡客户',
    prospects: '待培养客户',
  },
};

const score = z.int().check(z.gte(1), z.lte(5));
const scoreRange = z._default(
  z.tuple([score, score]).check(z.refine(([from, to]) => from <= to, { error: 'from must not be above to' })),
  [1, 5],
);

/** A box of cells: recency, frequency, monetary scores, and `fm`, the mean of the last two, halves rounded up. */
const cellRangeSchema = z.strictObject({ r: scoreRange, f: scoreRange, m: scoreRange, fm: scoreRange });
export type CellRange = z.infer<typeof cellRangeSchema>;

/** Which cells make up each group; every one of the 125 must be in exactly one. */
export const rfmMapSchema = z.partialRecord(rfmGroupSchema, z.array(cellRangeSchema)).check((context) => {
  for (const message of problemsOfMap(context.value))
    context.issues.push({ code: 'custom', message, input: context.value });
});
export type RfmMap = z.infer<typeof rfmMapSchema>;

const anyScore: [number, number] = [1, 5];
const cells = (range: Partial<CellRange>): CellRange => ({
  r: anyScore,
  f: anyScore,
  m: anyScore,
  fm: anyScore,
  ...range,
});

/** By recency, and by how often and how much together; who came of late for the first time is new whatever they spent. */
export const defaultRfmMap: RfmMap = {
  champions: [cells({ r: [5, 5], fm: [4, 5] }), cells({ r: [4, 4], fm: [5, 5] })],
  loyal: [cells({ r: [4, 4], fm: [4, 4] }), cells({ r: [3, 3], fm: [4, 5] })],
  active: [cells({ r: [5, 5], f: [2, 5], fm: [3, 3] }), cells({ r: [4, 4], fm: [3, 3] })],
  new: [cells({ r: [5, 5], f: [1, 1] })],
  promising: [cells({ r: [5, 5], f: [2, 5], fm: [2, 2] }), cells({ r: [4, 4], fm: [2, 2] })],
  needsAttention: [cells({ r: [3, 3], fm: [2, 3] })],
  atRisk: [cells({ r: [2, 2], fm: [3, 4] })],
  previouslyLoyal: [cells({ r: [2, 2], fm: [5, 5] }), cells({ r: [1, 1], fm: [4, 5] })],
  almostLost: [cells({ r: [2, 2], fm: [1, 2] }), cells({ r: [1, 1], fm: [3, 3] })],
  dormant: [cells({ r: [1, 1], fm: [1, 2] })],
  prospects: [cells({ r: [3, 4], fm: [1, 1] })],
};

/** One group per customer. */
export function assignRfmGroups({ r, f, m }: RfmScores, map: RfmMap = defaultRfmMap): RfmGroup[] {
  const groups = groupOfCells(map);
  return Array.from(r, (recency, index) => {
    const group = groups[cellIndex(recency, f[index] as number, m[index] as number)]?.[0];
    if (group === undefined) throw new RangeError('assignRfmGroups: the map leaves a cell without a group');
    return group;
  });
}

/** What is wrong with a map: cells in no group, cells in several. */
export function problemsOfMap(map: RfmMap): string[] {
  const groups = groupOfCells(map);
  const named = (wrong: (names: RfmGroup[]) => boolean): string[] =>
    groups.flatMap((names, cell) =>
      wrong(names) ? [`${cellName(cell)}${names.length ? ` (${names.join(', ')})` : ''}`] : [],
    );
  const gaps = named((names) => names.length === 0);
  const overlaps = named((names) => names.length > 1);
  return [
    ...(gaps.length > 0 ? [`${gaps.length} of 125 cells are in no group: ${shortened(gaps)}`] : []),
    ...(overlaps.length > 0
      ? [`${overlaps.length} of 125 cells are in several groups: ${shortened(overlaps)}`]
      : []),
  ];
}

/** For each cell the groups that claim it. */
function groupOfCells(map: RfmMap): RfmGroup[][] {
  return Array.from({ length: 125 }, (_, cell) => {
    const [r, f, m] = scoresOfCell(cell);
    const fm = Math.ceil((f + m) / 2);
    return rfmGroupNames.filter((name) =>
      map[name]?.some(
        (range) => within(range.r, r) && within(range.f, f) && within(range.m, m) && within(range.fm, fm),
      ),
    );
  });
}

const within = ([from, to]: readonly [number, number], value: number): boolean =>
  from <= value && value <= to;

const cellIndex = (r: number, f: number, m: number): number => 25 * (r - 1) + 5 * (f - 1) + (m - 1);

const scoresOfCell = (cell: number): [number, number, number] => [
  1 + Math.floor(cell / 25),
  1 + (Math.floor(cell / 5) % 5),
  1 + (cell % 5),
];

const cellName = (cell: number): string => scoresOfCell(cell).join('-');

const shortened = (names: string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`;
