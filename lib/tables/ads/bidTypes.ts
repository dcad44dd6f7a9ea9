/** What a bid is paid for, by the words that exports use; other words are bids on something else, which we do not make. */
export const bidTypeWords: Readonly<Record<'CPC' | 'CPM', readonly string[]>> = {
  CPC: [
    'cpc',
    'ppc',
    'max cpc',
    'manual cpc',
    'enhanced cpc',
    'cost per click',
    'link clicks',
    'clicks',
    '点击',
    '按点击',
    '按点击付费',
  ],
  CPM: [
    'cpm',
    'max cpm',
    'vcpm',
    'viewable cpm',
    'cost per mille',
    'impressions',
    '展示',
    '展现',
    '按展示',
    '按展现',
    '千次展示',
    '千次展现',
  ],
};

const byWord = new Map(
  (['CPC', 'CPM'] as const).flatMap((type) =>
    bidTypeWords[type].map((word) => [plainWord(word), type] as const),
  ),
);

/** Null for a bid per conversion or the like. */
export const bidTypeOf = (word: string): 'CPC' | 'CPM' | null => byWord.get(plainWord(word)) ?? null;

function plainWord(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.-]+/g, '');
}
