/** Words for what a visitor did. Case, blanks, `-` and `_` do not matter; other words stay as they are. */
export const eventWords: Readonly<Record<string, readonly string[]>> = {
  view: [
    ...[
      'view',
      'views',
      'page view',
      'pageview',
      'pv',
      'product view',
      'view item',
      'view content',
      'screen view',
    ],
    ...['browse', 'visit', 'session', 'session start', 'click', '浏览', '点击', '访问'],
  ],
  cart: [
    'cart',
    'add to cart',
    'cart add',
    'basket',
    'add to basket',
    '加购',
    '加入购物车',
    '加购物车',
    '购物车',
  ],
  search: ['search', 'site search', 'view search results', '搜索'],
  favourite: ['favourite', 'favorite', 'fav', 'wishlist', 'add to wishlist', 'like', '收藏', '加收藏'],
  checkout: ['checkout', 'begin checkout', 'initiate checkout', '结算', '提交订单'],
  purchase: ['purchase', 'buy', 'order', 'transaction', '购买', '下单', '支付'],
};

const normalise = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');

const byWord = new Map(
  Object.entries(eventWords).flatMap(([kind, words]) =>
    words.map((word) => [normalise(word), kind] as const),
  ),
);

export const eventKind = (word: string): string => byWord.get(normalise(word)) ?? word.trim().toLowerCase();
