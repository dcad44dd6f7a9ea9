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
    columns: {
      orderId: ['订单编号'],
      customerId: ['买家会员名'],
      orderedAt: ['订单创建时间'],
      paidAt: ['订单付款时间'],
      productName: ['宝贝标题'],
      quantity: ['宝贝总数量'],
      amount: ['买家实际支付金额'],
      total: ['总金额'],
      refund: ['退款金额'],
      channel: ['店铺名称'],
      status: ['订单状态'],
    },
    rules: [
      'One row is one order; its value is 买家实际支付金额, with postage. 退款金额 becomes a return line.',
      'Where 买家实际支付金额 + 退款金额 = 总金额, or more was refunded than paid, 买家实际支付金额 is what is left, and the order’s value is their sum.',
      '交易关闭 is cancelled, 等待买家付款 unpaid; without 订单状态 an order without 订单付款时间 is unpaid.',
      'Order numbers that Excel has rounded (1.23E+17) are bad cells.',
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
