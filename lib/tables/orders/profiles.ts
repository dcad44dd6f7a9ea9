import type { OrderField } from './fields.ts';
import type { StatusMeaning } from './statuses.ts';

/** The layout of one system's export. */
export interface OrderProfile {
  name: string;
  title: string;
  /** The columns that tell this layout from all others. */
  signature: readonly string[];
  /** The columns that are read, by field; the first that is there, where several are named. */
  columns: Readonly<Partial<Record<OrderField, readonly string[]>>>;
  /** What is peculiar to the layout; for docs/uploads.md. */
  rules: readonly string[];
  /** Times are in UTC where they have no offset, and not in the shop's zone. */
  utc?: boolean;
  /** Further rows of an order leave its state and sums empty; what they lack is that of the first row. */
  continuationRows?: boolean;
  /** Articles that the order's `orderSubtotal` does not count. */
  outsideSubtotal?: readonly string[];
  /** Order numbers that begin with C are credit notes, as in UCI Online Retail. */
  creditPrefix?: boolean;
  /** `paid` is what is left where `paid` and `refund` make up the `total`, or where more was refunded than paid. */
  paidMayBeNet?: boolean;
  /** Columns are separated by blanks. */
  spaced?: boolean;
  /** The layout has no articles of its own, but there is an item report that tells them. */
  hasItemReport?: boolean;
  /** The rows are the articles of orders that an order report tells: who ordered, when, and what it came to. */
  itemReport?: boolean;
  /** Words that mean something else here than in other exports. */
  statuses?: Readonly<Record<string, StatusMeaning>>;
}

const square = {
  orderId: ['Transaction ID'],
  orderedAt: ['Date'],
  orderedTime: ['Time'],
  timeZone: ['Time Zone'],
  customerId: ['Customer ID', 'Customer Reference ID'],
  amount: ['Net Sales'],
  discount: ['Discounts'],
  status: ['Event Type'],
} as const;
const squareRules = [
  'The value is `Net Sales`: after discounts, before tax and tip.',
  'Rows of the event type `Refund` are returns.',
  'Times are those of the `Time Zone` of the row, or else of the shop’s.',
];

/**
 * Columns of the reports of 淘宝/天猫, as public code lists them that reads them: of 2017 with five rows of each report (package
 * com.cqqyd2014.order.taobao_import, class TwoFileToOrders: no customer, no time and no payment in the item report, and a comma behind
 * each of its rows); of 2024 to 2026 by order and by item (子订单编号, 主订单编号 … 买家实付金额, 退款状态, 退款金额 with 无退款申请 in
 * place of an amount, 订单创建时间; still no customer). Sellers choose the columns of recent reports, and most lists of recent order
 * reports lack 买家会员名, without which nobody can be told from anybody.
 */
const taobaoOrder = {
  orderId: ['订单编号'],
  customerId: ['买家会员名'],
  orderedAt: ['订单创建时间'],
  paidAt: ['订单付款时间'],
  productName: ['宝贝标题', '商品标题'],
  quantity: ['宝贝总数量'],
  refund: ['退款金额'],
  channel: ['店铺名称'],
  status: ['订单状态'],
} as const;
const taobaoOrderRules = [
  'Articles are those of the item report (宝贝报表), where one in the folder has the order; else the order is one line, and its titles its article.',
  '交易关闭 is cancelled, 等待买家付款 unpaid; without 订单状态 an order without 订单付款时间 is unpaid.',
  'Order numbers that Excel has rounded (1.23E+17) are bad cells.',
];
const taobaoItem = {
  product: ['商家编码', '外部系统编号', '商品ID'],
  productName: ['商品标题', '标题', '宝贝标题'],
  quantity: ['购买数量'],
  status: ['订单状态'],
} as const;
const taobaoItemRules = [
  'Rows are the articles of orders: customer, time, state and money are those of the order in an order report (订单报表) of the folder, which then does not count by itself. Without any order report the file is refused; an order that none of them has is a bad row.',
  'The value of an order, with postage, is spread over its articles in proportion to what was paid for each, or else to price × quantity; cents that do not divide go by the rows’ order, and the sum is the order’s. What was refunded is taken off the articles that were refunded, else off all.',
  'Rows of one article in one order are one line. An article that was closed (交易关闭) without a refund in an order that was not counts as cancelled, without value.',
  'Where several files have an order, the one whose name comes last counts.',
];

/** Every layout that is known. A file that has the signature of none is read by the names of its columns. */
export const orderProfiles: readonly OrderProfile[] = [
  {
    name: 'shopify',
    title: 'Shopify: orders',
    signature: ['Name', 'Financial Status', 'Created at', 'Lineitem quantity', 'Lineitem price'],
    continuationRows: true,
    outsideSubtotal: ['Tip'],
    columns: {
      orderId: ['Name'],
      customerId: ['Email'],
      email: ['Phone', 'Billing Phone'],
      orderedAt: ['Created at'],
      cancelledAt: ['Cancelled at'],
      product: ['Lineitem sku'],
      productName: ['Lineitem name'],
      quantity: ['Lineitem quantity'],
      unitPrice: ['Lineitem price'],
      discount: ['Lineitem discount'],
      total: ['Total'],
      orderSubtotal: ['Subtotal'],
      orderDiscount: ['Discount Amount'],
      orderRefund: ['Refunded Amount'],
      currency: ['Currency'],
      country: ['Shipping Country', 'Billing Country'],
      channel: ['Source'],
      status: ['Financial Status'],
      test: ['Payment Method'],
    },
    rules: [
      'The first row of an order carries the order; its further rows have no state and no sums, but `Name`, `Email`, `Created at` and the `Lineitem` columns. They take the rest from it; without it in the row before they are bad rows, as after sorting in a spreadsheet.',
      'The value of a row is quantity × price − `Lineitem discount`. What `Subtotal` lacks to their sum, if `Discount Amount` explains it, is taken off the rows in proportion to their value. A row `Tip` is beside the subtotal, and no goods.',
      '`Refunded Amount` becomes return lines: the goods’ share of it (`Subtotal` ÷ `Total`), spread over the rows in proportion to their value, dated as the order is, as the export does not say when.',
      'The customer is the e-mail address in small letters, or else the phone number.',
      'Orders with `Cancelled at`, or `voided`, are cancelled. Orders paid through the bogus gateway are tests.',
    ],
  },
  {
    name: 'woocommerce-items',
    title: 'WooCommerce: one row per item (order_id, item_name, item_total …)',
    signature: ['order_id', 'item_name', 'item_quantity', 'item_total'],
    columns: {
      orderId: ['order_number', 'order_id'],
      customerId: ['customer_id', 'customer_user'],
      email: ['billing_email', 'customer_email'],
      orderedAt: ['date', 'order_date'],
      product: ['item_sku', 'item_product_id'],
      productName: ['item_name'],
      quantity: ['item_quantity'],
      amount: ['item_total'],
      refund: ['item_refunded'],
      refundQuantity: ['item_refunded_qty'],
      currency: ['order_currency', 'currency'],
      country: ['shipping_country', 'billing_country'],
      status: ['status', 'order_status'],
    },
    rules: [
      'The value is `item_total`: after discounts, before tax. `item_refunded` becomes a return line.',
      'A `customer_id` of 0 is a guest, known by `billing_email`.',
    ],
  },
  {
    name: 'woocommerce-advanced',
    title: 'WooCommerce: Advanced Order Export (Order Number, Item Cost …)',
    signature: ['Order Number', 'Order Status', 'Order Date', 'Item Cost'],
    columns: {
      orderId: ['Order Number'],
      customerId: ['Customer User ID', 'Customer ID', 'Email (Billing)'],
      email: ['Email (Billing)', 'Phone (Billing)'],
      orderedAt: ['Order Date'],
      product: ['SKU', 'Product Id'],
      productName: ['Item Name', 'Product Name', 'Name'],
      category: ['Category', 'Product categories'],
      quantity: ['Quantity', 'Quantity (- Refund)'],
      unitPrice: ['Item Cost'],
      amount: ['Order Line (w/o tax)', 'Order Line Total'],
      refund: ['Order Line Total Refunded'],
      orderGross: ['Order Subtotal Amount'],
      orderDiscount: ['Cart Discount Amount', 'Discount Amount'],
      currency: ['Currency', 'Order Currency'],
      country: ['Country Code (Shipping)', 'Country Code (Billing)'],
      status: ['Order Status'],
    },
    rules: [
      'The value of a row is its order line, or else quantity × `Item Cost`. What `Order Subtotal Amount` less the cart’s discount lacks to their sum, if the discount explains it, is taken off in proportion.',
      'Pieces refunded are returns where the export has `Order Line Total Refunded`; `Quantity (- Refund)` is already without them.',
      'A customer number of 0 or none is a guest, known by `Email (Billing)`.',
    ],
  },
  {
    name: 'magento',
    title: 'Magento (Adobe Commerce): order grid',
    signature: ['Purchase Date', 'Grand Total (Purchased)', 'Status'],
    columns: {
      orderId: ['ID', 'Increment ID', 'Order #'],
      customerId: ['Customer Email', 'Customer Name', 'Bill-to Name'],
      orderedAt: ['Purchase Date'],
      amount: ['Grand Total (Base)', 'Grand Total (Purchased)'],
      refund: ['Total Refunded'],
      channel: ['Purchase Point'],
      status: ['Status'],
    },
    statuses: { closed: 'soldAndReturned' },
    rules: [
      'One row is one order; its value is `Grand Total (Base)`, with shipping and tax. The layout has no articles.',
      '`Total Refunded` becomes a return line; `closed` without it means refunded as a whole.',
    ],
  },
  {
    name: 'stripe',
    title: 'Stripe: payments',
    signature: ['id', 'Amount', 'Amount Refunded', 'Currency', 'Status'],
    utc: true,
    columns: {
      orderId: ['id'],
      customerId: ['Customer ID'],
      email: ['Customer Email'],
      orderedAt: ['Created date (UTC)', 'Created (UTC)', 'Created'],
      refundedAt: ['Refunded date (UTC)'],
      productName: ['Description'],
      amount: ['Converted Amount', 'Amount'],
      refund: ['Converted Amount Refunded', 'Amount Refunded'],
      currency: ['Converted Currency', 'Currency'],
      country: ['Card Issue Country', 'Card Address Country'],
      status: ['Status'],
      captured: ['Captured'],
      test: ['Mode'],
    },
    rules: [
      'One row is one payment. Where the export has converted amounts, they are the ones that are read.',
      'What was refunded becomes a return line, at the refund’s time where the export has it.',
      'Times are in UTC. Payments that failed or were not captured are unpaid. The mode `Test` marks tests.',
    ],
  },
  {
    name: 'square-items',
    title: 'Square: item details',
    signature: ['Date', 'Time', 'Item', 'Qty', 'Net Sales', 'Transaction ID'],
    columns: {
      ...square,
      product: ['SKU'],
      productName: ['Item'],
      category: ['Category'],
      quantity: ['Qty'],
      channel: ['Channel', 'Location'],
    },
    rules: squareRules,
  },
  {
    name: 'square-transactions',
    title: 'Square: transactions',
    signature: ['Date', 'Time', 'Net Sales', 'Total Collected', 'Transaction ID'],
    columns: { ...square, channel: ['Source', 'Location'] },
    rules: [...squareRules, 'One row is one payment; the layout has no articles.'],
  },
  {
    name: 'taobao',
    title: '淘宝/天猫: 订单报表',
    signature: ['订单编号', '买家会员名', '买家实际支付金额', '订单创建时间'],
    paidMayBeNet: true,
    hasItemReport: true,
    columns: { ...taobaoOrder, amount: ['买家实际支付金额'], total: ['总金额'] },
    rules: [
      'One row is one order; its value is 买家实际支付金额, with postage. 退款金额 becomes a return line.',
      'Where 买家实际支付金额 + 退款金额 = 总金额, or more was refunded than paid, 买家实际支付金额 is what is left, and the order’s value is their sum.',
      ...taobaoOrderRules,
    ],
  },
  {
    name: 'taobao-paid',
    title: '淘宝/天猫: 订单报表 with 买家实付金额',
    signature: ['订单编号', '买家会员名', '买家实付金额', '订单创建时间'],
    paidMayBeNet: true,
    hasItemReport: true,
    columns: { ...taobaoOrder, amount: ['买家实付金额'], total: ['总金额(旧版)'] },
    rules: [
      'One row is one order; its value is 买家实付金额, with postage. 退款金额 becomes a return line; 无退款申请 is none.',
      'Choose 买家会员名 among the columns of the export; a report without any column of customers is refused.',
      'Where more was refunded than paid, 买家实付金额 is what is left, and the order’s value is their sum. 总金额 is before discounts here.',
      ...taobaoOrderRules,
    ],
  },
  {
    name: 'taobao-items',
    title: '淘宝/天猫: 宝贝报表',
    signature: ['订单编号', '标题', '价格', '购买数量', '商品属性'],
    itemReport: true,
    columns: { orderId: ['订单编号'], ...taobaoItem, unitPrice: ['价格'] },
    rules: taobaoItemRules,
  },
  {
    name: 'taobao-suborders',
    title: '淘宝/天猫: 宝贝报表 with 子订单编号',
    signature: ['子订单编号', '主订单编号', '购买数量'],
    paidMayBeNet: true,
    itemReport: true,
    columns: {
      orderId: ['主订单编号'],
      customerId: ['买家会员名'],
      orderedAt: ['订单创建时间'],
      ...taobaoItem,
      unitPrice: ['商品价格', '价格'],
      amount: ['子单实际支付金额', '买家实付金额', '买家应付货款'],
      refund: ['退款金额'],
      refundStatus: ['退款状态'],
      channel: ['店铺名称'],
    },
    rules: [
      ...taobaoItemRules,
      'With 买家会员名 and 订单创建时间, orders that no order report has are read from here alone, without their postage.',
      '退款金额 counts where 退款状态 is 退款成功, or is not there; an article that was closed with a refund was sold and given back.',
    ],
  },
  onlineRetail('uci-online-retail', 'UCI Online Retail', {
    signature: ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'],
    orderId: 'InvoiceNo',
    unitPrice: 'UnitPrice',
    customerId: 'CustomerID',
  }),
  onlineRetail('uci-online-retail-2', 'UCI Online Retail II', {
    signature: ['Invoice', 'StockCode', 'Quantity', 'InvoiceDate', 'Price', 'Customer ID'],
    orderId: 'Invoice',
    unitPrice: 'Price',
    customerId: 'Customer ID',
  }),
  {
    name: 'cdnow-sample',
    title: 'CDNOW sample',
    signature: ['masterid', 'sampleid', 'date', 'cds', 'sales'],
    columns: { customerId: ['masterid'], orderedAt: ['date'], quantity: ['cds'], amount: ['sales'] },
    rules: ['There are no order numbers; the lines of a customer and a day are one order.'],
  },
  {
    name: 'cdnow-master',
    title: 'CDNOW master, in columns separated by blanks',
    signature: ['customer_id', 'date', 'number_of_cds', 'dollar_value'],
    spaced: true,
    columns: {
      customerId: ['customer_id'],
      orderedAt: ['date'],
      quantity: ['number_of_cds'],
      amount: ['dollar_value'],
    },
    rules: ['As CDNOW sample. This layout alone may have blanks between its columns.'],
  },
];

/** Whether a file of the layout tells orders without their articles, or articles without their orders. */
export const hasItemReport = (layout: string | null): boolean =>
  orderProfiles.some(({ name, hasItemReport: has }) => name === layout && has === true);
export const isItemReport = (layout: string | null): boolean =>
  orderProfiles.some(({ name, itemReport }) => name === layout && itemReport === true);

function onlineRetail(
  name: string,
  title: string,
  given: { signature: string[]; orderId: string; unitPrice: string; customerId: string },
): OrderProfile {
  return {
    name,
    title,
    signature: given.signature,
    creditPrefix: true,
    columns: {
      orderId: [given.orderId],
      customerId: [given.customerId],
      orderedAt: ['InvoiceDate'],
      product: ['StockCode'],
      productName: ['Description'],
      quantity: ['Quantity'],
      unitPrice: [given.unitPrice],
      country: ['Country'],
    },
    rules: [
      'Lines of an invoice `C…` and lines with a quantity or price below 0 are returns.',
      'A customer number written as `17850.0` is 17850.',
    ],
  };
}
