import { contactsCsv } from '../support/drawContacts.ts';

/** Tables that a demo shop of customers and orders has not: whom one may contact, what is in stock, and what came of a campaign. */
export function marketingTables({
  customers,
  orders,
}: {
  customers: string;
  orders: string;
}): { key: string; body: string }[] {
  const ids = cellsOf(customers, 'customer_id');
  const products = [...new Set(cellsOf(orders, 'product'))];
  return [
    { key: 'contacts/demo.csv', body: contactsCsv(ids) },
    { key: 'products/demo.csv', body: productsCsv(products) },
    { key: 'campaigns/spring.csv', body: outcomesCsv(ids) },
  ];
}

function cellsOf(csv: string, column: string): string[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const at = header.split(',').indexOf(column);
  return lines.map((line) => line.split(',')[at] ?? '');
}

const productsCsv = (products: readonly string[]): string =>
  `sku,name,category,price,cost,stock,lead_time_days\n${products
    .map(
      (product, at) =>
        `${product},Fine ${product},shelf ${at % 3},${9 + at},${4 + at},${at % 5},${7 + (at % 14)}`,
    )
    .join('\n')}\n`;

/** Every third customer was left alone; of the others more ordered. */
const outcomesCsv = (ids: readonly string[]): string =>
  `customer_id,group,date,converted,revenue,spend,purchase_days\n${ids
    .map((id, at) => {
      const isControl = at % 3 === 0;
      const hasOrdered = at % (isControl ? 7 : 2) === 1;
      const outcome = hasOrdered ? `1,${20 + (at % 9)}` : '0,0';
      return `${id},${isControl ? 'control' : 'treatment'},2026-06-01,${outcome},${100 + ((at * 37) % 91)},${1 + (at % 6)}`;
    })
    .join('\n')}\n`;
