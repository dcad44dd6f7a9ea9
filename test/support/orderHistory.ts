import fc from 'fast-check';

/** A canonical order line, as the features read it. */
export interface OrderLine {
  customer_id: string | null;
  order_id: string | null;
  ordered_at: number;
  ordered_day: number;
  ordered_hour: number | null;
  product: string | null;
  category: string | null;
  quantity: number | null;
  amount: number;
  discount: number | null;
  country: string | null;
  channel: string | null;
  status: string;
  source_file: number;
  source_line: number;
}

/** A canonical browsing event. */
export interface BrowseEvent {
  customer_id: string | null;
  session_id: string | null;
  occurred_day: number;
  minutes: number | null;
  kind: string;
}

export interface OrderHistory {
  lines: OrderLine[];
  events: BrowseEvent[];
}

/** Days since 1970-01-01 of the first day of random histories: a Saturday. */
export const firstDay = 19_000;
export const secondsPerDay = 86_400;

const customer = fc.constantFrom('ann', 'ann', 'ann', 'bob', '王芳', null);
const day = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 420 }));
const secondOfDay = fc.constantFrom(0, 21_599, 21_600, 43_199, 43_200, 64_799, 64_800, 86_399);

/** Small worlds, so that orders have several lines, returns find sales, and lines are alike by chance. */
export const orderHistories: fc.Arbitrary<OrderHistory> = fc
  .record({
    lines: fc.array(orderLine(), { maxLength: 60, size: 'max' }),
    copies: fc.array(fc.nat({ max: 59 }), { maxLength: 4 }),
    events: fc.array(browseEvent(), { maxLength: 20 }),
  })
  .map(({ lines, copies, events }) => ({
    lines: [...lines, ...copies.flatMap((index) => lines[index] ?? [])].map((line, index, all) => ({
      ...line,
      source_file: 1 + (index % 2),
      // A row that says a sale and its refund makes a line of each.
      source_line: line.amount < 0 && (all[index - 2]?.amount ?? -1) >= 0 ? index : index + 2,
    })),
    events,
  }));

function orderLine(): fc.Arbitrary<OrderLine> {
  return fc
    .record({
      customer_id: customer,
      order_id: fc.constantFrom('1', '2', '3', '4', '5', null),
      day,
      second: secondOfDay,
      hourIsKnown: fc.boolean(),
      product: fc.constantFrom('cup', 'cup', 'cup', 'tea', 'tea', 'cake', ' post ', null),
      category: fc.constantFrom('food', 'home', '\u{1F600}', '\uFFFD', null),
      quantity: fc.constantFrom(1, 2, 3, 0.5, null),
      cents: fc.integer({ min: 0, max: 3_000 }),
      discount: fc.constantFrom(null, 0, 150),
      country: fc.constantFrom('CN', 'DE', null),
      channel: fc.constantFrom('web', 'app', 'store', null),
      status: fc.constantFrom(
        ...Array<string>(9).fill('sale'),
        ...Array<string>(5).fill('return'),
        'test',
        'cancelled',
      ),
      minus: fc.boolean(),
    })
    .map(({ day, second, hourIsKnown, cents, minus, ...line }) => {
      const sign = line.status === 'return' || (line.status === 'sale' && minus && cents % 7 === 0) ? -1 : 1;
      return {
        ...line,
        ordered_at: (firstDay + day) * secondsPerDay + second,
        ordered_day: firstDay + day,
        ordered_hour: hourIsKnown ? Math.floor(second / 3_600) : null,
        quantity: line.quantity === null ? null : sign * line.quantity,
        amount: sign * cents || 0,
        source_file: 1,
        source_line: 0,
      };
    });
}

function browseEvent(): fc.Arbitrary<BrowseEvent> {
  return fc
    .record({
      customer_id: fc.constantFrom('ann', 'bob', 'eve', 'only looking', null),
      session_id: fc.constantFrom('s1', 's2', null),
      day,
      minutes: fc.constantFrom(0.5, 1 / 3, 12.25, null),
      kind: fc.constantFrom('view', 'cart', 'search'),
    })
    .map(({ day, ...event }) => ({ ...event, occurred_day: firstDay + day }));
}
