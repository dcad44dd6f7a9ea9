import type { TableKind } from './types.ts';

/** A field of a table and the column names it is known by. */
export interface FieldAliases {
  field: string;
  meaning: string;
  names: readonly string[];
  /** Names so general that they count only where none of `names` is there; beside one of them they are not used. */
  fallbacks: readonly string[];
}

export const customerId: FieldAliases = {
  field: 'customerId',
  meaning: 'who the row is about',
  names: [
    ...['customer_id', 'customer_no', 'customer_number', 'customer_code', 'client_id', 'user_id', 'uid'],
    ...['member_id', 'buyer_id', 'shopper_id', 'account_id'],
    ...['用户ID', '用户编号', '客户ID', '客户编号', '客户号', '会员ID', '会员编号', '会员号', '会员卡号'],
    ...['买家ID', '买家会员名', '顾客ID', '顾客编号'],
  ],
  fallbacks: ['id', 'customer', 'user', 'email', '编号', '用户', '客户', '顾客', '邮箱'],
};

const label: FieldAliases = {
  field: 'bought',
  meaning: 'whether the customer bought: 1/0, true/false, yes/no, 是/否',
  names: [
    ...['purchased', 'has_purchased', 'is_purchased', 'bought', 'will_buy', 'buyer', 'is_buyer', 'converted'],
    ...['label', 'target', '是否购买', '是否下单', '是否成交', '是否转化', '是否复购', '是否付费', '已购买'],
  ],
  fallbacks: [
    'revenue',
    'purchase',
    'buy',
    'conversion',
    'outcome',
    'response',
    'class',
    'y',
    '购买',
    '标签',
    '转化',
  ],
};

const field = (
  name: string,
  meaning: string,
  names: readonly string[],
  fallbacks: readonly string[] = [],
): FieldAliases => ({ field: name, meaning, names, fallbacks });

/** Every column name that is understood, by table. Case, spaces, `_`, `-` and a unit in brackets do not matter. */
export const aliases: Record<TableKind, readonly FieldAliases[]> = {
  customers: [
    customerId,
    field(
      'spend',
      'money spent, in the shop’s currency',
      [
        ...['spend', 'spent', 'spending', 'total_spend', 'total_spent', 'total_spending', 'amount_spent'],
        ...['purchase_amount', 'order_amount', 'total_amount', 'total_sales', 'net_sales', 'gmv'],
        ...['消费金额', '消费总额', '总消费', '总消费金额', '累计消费', '累计消费金额', '消费额', '购买金额'],
        ...['成交金额', '交易金额', '订单金额', '订单总额', '支付金额', '实付金额', '总金额'],
      ],
      ['amount', 'revenue', 'sales', 'total', 'monetary', 'value', '金额'],
    ),
    field(
      'frequency',
      'number of orders, or orders per period',
      [
        ...['frequency', 'purchase_frequency', 'orders', 'order_count', 'orders_count', 'number_of_orders'],
        ...['num_orders', 'total_orders', 'purchases', 'purchase_count', 'number_of_purchases'],
        ...['transactions', 'transaction_count', 'invoices'],
        ...['购买频率', '购买次数', '购买频次', '消费次数', '消费频率', '消费频次', '下单次数'],
        ...['订单数', '订单数量', '订单量', '交易次数', '成交次数'],
      ],
      ['count', 'freq', '次数', '频率', '频次'],
    ),
    field(
      'browsingMinutes',
      'minutes spent browsing; another unit stands in brackets: (seconds), (小时)',
      [
        ...[
          'browsing_minutes',
          'browsing_time',
          'browsing_duration',
          'browsing',
          'browse_time',
          'browse_minutes',
        ],
        ...['minutes_browsed', 'minutes_on_site', 'session_minutes'],
        ...['浏览时长', '浏览时间', '浏览分钟数', '浏览分钟', '停留时长', '停留时间', '访问时长', '在线时长'],
      ],
      ['minutes', 'duration', '时长'],
    ),
  ],
  training: [customerId, label],
  scoring: [customerId, label],
  products: [
    field(
      'product',
      'article number, the same as in orders/',
      [
        ...['product', 'product_id', 'product_code', 'sku', 'item_sku', 'stock_code', 'item_id', 'item_code'],
        ...[
          'article_no',
          'article_number',
          'variant_sku',
          '商品编号',
          '商品编码',
          '商品ID',
          '货号',
          '商家编码',
          '产品编号',
        ],
      ],
      ['item', 'article', 'code', 'id', '商品', '产品', '编号'],
    ),
    field(
      'name',
      'what people call it',
      [
        ...['name', 'product_name', 'item_name', 'title', 'product_title', 'description'],
        ...['商品名称', '商品标题', '产品名称', '宝贝标题', '名称'],
      ],
      ['标题'],
    ),
    field(
      'category',
      'what it belongs to',
      [
        'category',
        'product_category',
        'product_type',
        'item_category',
        '类目',
        '品类',
        '商品类目',
        '商品分类',
      ],
      ['type', 'department', '分类'],
    ),
    field(
      'price',
      'of one unit, in the shop’s currency',
      [
        'price',
        'unit_price',
        'sale_price',
        'selling_price',
        'variant_price',
        '单价',
        '售价',
        '销售价',
        '商品价格',
      ],
      ['价格'],
    ),
    field('cost', 'what one unit costs the shop', [
      'cost',
      'unit_cost',
      'cost_price',
      'cost_per_item',
      'purchase_price',
      'cogs',
      '成本',
      '成本价',
      '进价',
      '采购价',
    ]),
    field(
      'stock',
      'units that can be sold now; 0 or less is out of stock',
      [
        ...[
          'stock',
          'stock_quantity',
          'stock_level',
          'in_stock',
          'inventory',
          'inventory_quantity',
          'on_hand',
        ],
        ...['quantity_on_hand', 'available', 'available_quantity', 'variant_inventory_qty'],
        ...['库存', '库存数量', '可售库存', '现有库存', '库存量'],
      ],
      ['quantity', 'qty', '数量'],
    ),
    field('leadTimeDays', 'days from ordering at the supplier to having it', [
      ...['lead_time_days', 'lead_time', 'lead_days', 'supplier_lead_time', 'replenishment_days'],
      ...['交货天数', '交期', '交货期', '采购周期', '备货天数', '补货天数'],
    ]),
  ],
};
