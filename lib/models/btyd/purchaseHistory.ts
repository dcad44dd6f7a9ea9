/** One customer's past as buy-till-you-die models see it, in any one unit of time. */
export interface PurchaseHistory {
  /** Days with an order after the day of the first one. */
  frequency: number;
  /** From the first order to the last: t_x, not the time since the last. */
  recency: number;
  /** From the first order to the declared cutoff. */
  age: number;
}

/** The same by column, for a million customers: `frequency[i]`, `recency[i]`, `age[i]` belong together. */
export interface HistoryColumns {
  frequency: Float64Array;
  recency: Float64Array;
  age: Float64Array;
}

/** The distinct histories, how many customers have each, and which is whose: `groupOf[i]` is the one of customer i. */
export interface GroupedHistories extends HistoryColumns {
  counts: Float64Array;
  groupOf: Uint32Array;
}

export function historyColumns(histories: readonly PurchaseHistory[]): HistoryColumns {
  return {
    frequency: Float64Array.from(histories, (history) => history.frequency),
    recency: Float64Array.from(histories, (history) => history.recency),
    age: Float64Array.from(histories, (history) => history.age),
  };
}

export const historyAt = ({ frequency, recency, age }: HistoryColumns, index: number): PurchaseHistory => ({
  frequency: frequency[index] as number,
  recency: recency[index] as number,
  age: age[index] as number,
});

/** Customers with the same history are the same to a model, so it looks at each history once. */
export function groupHistories(columns: HistoryColumns): GroupedHistories {
  const customers = columns.frequency.length;
  const groupOf = new Uint32Array(customers);
  const firstOf = new Uint32Array(customers);
  const counts = new Float64Array(customers);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * customers + 1))).fill(-1);
  let groups = 0;
  for (let customer = 0; customer < customers; customer++) {
    checkHistory(columns, customer);
    const slot = findSlot(columns, { customer, slots, firstOf });
    if (slots[slot] === -1) {
      slots[slot] = groups;
      firstOf[groups++] = customer;
    }
    const group = slots[slot] as number;
    groupOf[customer] = group;
    counts[group] = (counts[group] as number) + 1;
  }
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(firstOf.subarray(0, groups), (customer) => values[customer] as number);
  return {
    frequency: pick(columns.frequency),
    recency: pick(columns.recency),
    age: pick(columns.age),
    counts: counts.slice(0, groups),
    groupOf,
  };
}

/** Where the customer's history is, or would be, in an open-addressed table. */
function findSlot(
  { frequency, recency, age }: HistoryColumns,
  { customer, slots, firstOf }: { customer: number; slots: Int32Array; firstOf: Uint32Array },
): number {
  const x = frequency[customer] as number;
  const t_x = recency[customer] as number;
  const T = age[customer] as number;
  let slot = hash(x, t_x, T) & (slots.length - 1);
  for (;;) {
    const group = slots[slot] as number;
    if (group === -1) return slot;
    const first = firstOf[group] as number;
    if (frequency[first] === x && recency[first] === t_x && age[first] === T) return slot;
    slot = (slot + 1) & (slots.length - 1);
  }
}

const doubles = new Float64Array(3);
const words = new Int32Array(doubles.buffer);

/** Mixes all bits of the three numbers; adding 0 makes -0 and 0 the same. */
function hash(x: number, t_x: number, T: number): number {
  doubles[0] = x + 0;
  doubles[1] = t_x + 0;
  doubles[2] = T + 0;
  let mixed = 0;
  for (let index = 0; index < 6; index++) {
    mixed = Math.imul(mixed ^ (words[index] as number), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed;
}

function checkHistory({ frequency, recency, age }: HistoryColumns, customer: number): void {
  const x = frequency[customer] as number;
  const t_x = recency[customer] as number;
  const T = age[customer] as number;
  const fits = Number.isInteger(x) && x >= 0 && t_x >= 0 && t_x <= T && Number.isFinite(T);
  if (!fits || (x === 0) !== (t_x === 0))
    throw new RangeError(
      `groupHistories: customer ${customer} has frequency ${x}, recency ${t_x}, age ${T}; frequency must be a whole number, ` +
        'recency lie between 0 and age, and be 0 exactly for those without a repeat purchase',
    );
}
