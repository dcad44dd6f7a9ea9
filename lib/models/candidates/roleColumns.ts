import type { FeatureTable } from '../../tables/types.ts';
import type { ColumnRoles } from '../purchaseRows.ts';

/** What baselines and BG/NBD read, as it stands in the table; NaN where a row has nothing. Null without such a column. */
export interface RoleColumns {
  names: ColumnRoles;
  recency: Float64Array | null;
  spend: Float64Array | null;
  orders: Float64Array | null;
  history: { frequency: Float64Array; recency: Float64Array; age: Float64Array } | null;
}

/** Names of a role in order history first, then those that tables of shops have. Case, spaces and `_` do not matter. */
const roleNames = {
  recency: [
    ...['days_since_last', 'days_since_last_order', 'days_since_last_purchase', 'recency'],
    ...['距上次购买天数', '距上次下单天数', '最近购买天数', '最近一次购买天数'],
  ],
  spend: [
    ...['spend', 'total_spend', 'total_spent', 'amount_spent', 'monetary', 'net_sales', 'gmv'],
    ...['消费金额', '消费总额', '累计消费', '累计消费金额', '总消费', '总消费金额'],
  ],
  orders: [
    ...['orders', 'order_count', 'orders_count', 'number_of_orders', 'num_orders', 'purchases', 'frequency'],
    ...['购买次数', '订单数', '下单次数', '购买频次', '消费次数'],
  ],
};

/** Finds the columns by their names; BG/NBD wants `frequency`, `recency_days` and `age_days` of an order history. */
export function columnRoles({ columns }: FeatureTable): ColumnRoles {
  const numeric = columns.filter(({ kind }) => kind === 'numeric').map(({ name }) => name);
  const named = (names: readonly string[]): string | null =>
    names.flatMap((name) => numeric.find((found) => plain(found) === plain(name)) ?? [])[0] ?? null;
  const history = { frequency: 'frequency', recency: 'recency_days', age: 'age_days' };
  return {
    recency: named(roleNames.recency),
    spend: named(roleNames.spend),
    orders: named(roleNames.orders),
    history: Object.values(history).every((name) => numeric.includes(name)) ? history : null,
  };
}

export function readRoles(table: FeatureTable, names: ColumnRoles): RoleColumns {
  const { recency, spend, orders, history } = names;
  const numbers = (name: string): Float64Array => {
    const column = table.columns.find((found) => found.name === name);
    if (column === undefined || column.kind === 'categorical')
      throw new Error(`readRoles needs a column of numbers "${name}", which the table does not have`);
    return Float64Array.from(column.values, (value) => value ?? Number.NaN);
  };
  const orNull = (name: string | null): Float64Array | null => (name === null ? null : numbers(name));
  return {
    names,
    recency: orNull(recency),
    spend: orNull(spend),
    orders: orNull(orders),
    history: history && {
      frequency: numbers(history.frequency),
      recency: numbers(history.recency),
      age: numbers(history.age),
    },
  };
}

/** The same columns of some of the rows. */
export function rolesOf(
  { names, recency, spend, orders, history }: RoleColumns,
  rows: Uint32Array,
): RoleColumns {
  const some = (values: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => values[row] as number);
  return {
    names,
    recency: recency && some(recency),
    spend: spend && some(spend),
    orders: orders && some(orders),
    history: history && {
      frequency: some(history.frequency),
      recency: some(history.recency),
      age: some(history.age),
    },
  };
}

const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');
