/** What a line is to the ledger. */
export type LineStatus = 'sale' | 'return' | 'cancelled' | 'unpaid' | 'test';

/** `soldAndReturned` is the state of a sale that was given back as a whole: it makes a sale and a return. */
export type StatusMeaning = LineStatus | 'soldAndReturned';

/** Words for the state of an order or a line. Case, blanks, `-`, `_` and commas do not matter. */
export const statusWords: Readonly<Record<StatusMeaning, readonly string[]>> = {
  sale: [
    ...[
      'paid',
      'partially paid',
      'partially refunded',
      'fulfilled',
      'partially fulfilled',
      'unfulfilled',
      'shipped',
    ],
    ...[
      'partially shipped',
      'delivered',
      'complete',
      'completed',
      'processing',
      'sale',
      'sold',
      'ok',
      'success',
    ],
    ...[
      'succeeded',
      'successful',
      'done',
      'captured',
      'settled',
      'dispatched',
      'received',
      'confirmed',
      'payment',
    ],
    ...['invoiced', 'active', 'new', 'ready', 'in transit', 'picked up'],
    ...[
      '交易成功',
      '交易完成',
      '已完成',
      '完成',
      '成功',
      '已付款',
      '已支付',
      '付款成功',
      '支付成功',
      '待发货',
      '已发货',
      '待收货',
    ],
    ...[
      '已收货',
      '确认收货',
      '已签收',
      '待评价',
      '买家已付款,等待卖家发货',
      '买家已付款',
      '卖家部分发货',
      '部分发货',
      '部分退款',
    ],
    ...['卖家已发货,等待买家确认', '卖家已发货'],
  ],
  soldAndReturned: [
    'refunded',
    'fully refunded',
    'returned',
    'chargeback',
    '已退款',
    '退款成功',
    '已退货',
    '全额退款',
  ],
  return: ['return', 'refund', 'credit', 'credit note', 'credit memo', '退货', '退款'],
  cancelled: [
    ...[
      'cancelled',
      'canceled',
      'void',
      'voided',
      'rejected',
      'fraud',
      'suspected fraud',
      'trash',
      'deleted',
    ],
    ...['交易关闭', '已取消', '取消', '已关闭', '关闭', '已作废', '作废'],
  ],
  unpaid: [
    ...[
      'unpaid',
      'pending',
      'pending payment',
      'payment pending',
      'awaiting payment',
      'authorized',
      'authorised',
    ],
    ...[
      'on hold',
      'hold',
      'holded',
      'payment review',
      'failed',
      'expired',
      'declined',
      'incomplete',
      'draft',
    ],
    ...['checkout draft', 'requires payment method', 'requires confirmation', 'requires action', 'blocked'],
    ...['requires capture', 'uncaptured'],
    ...['等待买家付款', '待付款', '未付款', '待支付', '未支付', '支付失败', '付款失败'],
  ],
  test: ['test', 'test order', '测试', '测试订单'],
};

const byWord = new Map(
  (Object.entries(statusWords) as [StatusMeaning, readonly string[]][]).flatMap(([meaning, words]) =>
    words.map((word) => [normaliseStatus(word), meaning] as const),
  ),
);

/** Reads the status cells of one file; what a word means is looked up once. */
export class StatusReader {
  readonly #known = new Map<string, StatusMeaning | null>();
  readonly #own: ReadonlyMap<string, StatusMeaning>;

  constructor(own: Readonly<Record<string, StatusMeaning>> = {}) {
    this.#own = new Map(Object.entries(own).map(([word, meaning]) => [normaliseStatus(word), meaning]));
  }

  /** Null for a word that is not known. A cell without a word is a sale. */
  read(cell: string): StatusMeaning | null {
    const known = this.#known.get(cell);
    if (known !== undefined) return known;
    const word = normaliseStatus(cell);
    const meaning = word === '' ? 'sale' : (this.#own.get(word) ?? byWord.get(word) ?? null);
    // a copy of the text, as the cell may hold on to the whole piece of the file that it was cut from
    if (this.#known.size < 1_000) this.#known.set(Buffer.from(cell).toString(), meaning);
    return meaning;
  }
}

function normaliseStatus(word: string): string {
  const text = word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-,，]+/g, '');
  // `wc-completed`, as WooCommerce stores it
  return text.startsWith('wc') ? text.slice(2) : text;
}
