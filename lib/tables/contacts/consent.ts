/** What a consent cell says. Only a clear yes is one: an empty cell, and a word that is not known, are none. */
export type ConsentWord = 'yes' | 'no' | 'unknown';

export const consentWords: Readonly<Record<'yes' | 'no', readonly string[]>> = {
  yes: [
    ...['yes', 'y', 'true', 't', '1', 'on', 'granted', 'subscribed', 'opted in', 'opt-in'],
    ...['accepted', 'allowed', '是', '同意', '已同意', '已订阅', '允许', '接受'],
  ],
  no: [
    ...['no', 'n', 'false', 'f', '0', 'off', 'denied', 'unsubscribed', 'not subscribed', 'opted out'],
    ...['opt-out', 'never subscribed', 'pending', 'null', 'none', 'n/a'],
    ...['否', '不同意', '拒绝', '未订阅', '已退订', '未同意'],
  ],
};

const normalise = (word: string): string =>
  word
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, ' ');

const byWord = new Map<string, ConsentWord>(
  (['yes', 'no'] as const).flatMap((meaning) =>
    consentWords[meaning].map((word) => [normalise(word), meaning] as const),
  ),
);

export const readConsent = (cell: string): ConsentWord =>
  cell.trim() === '' ? 'no' : (byWord.get(normalise(cell)) ?? 'unknown');
