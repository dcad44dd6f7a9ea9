import { type RandomGenerator, standardNormal, uniform } from '../lib/math/random.ts';
import { exponential, inCents, logNormal, pick, poisson } from './demo-draws.ts';

export interface DemoBuyer {
  customerId: string;
  /** Of at least one order in the 30 days that follow. */
  probability: number;
  bought: boolean;
}

type Row = (string | number)[];

export interface DemoCustomers {
  /** Each with its header. */
  customers: Row[];
  training: Row[];
  scoring: Row[];
  trainingTruth: DemoBuyer[];
  scoringTruth: DemoBuyer[];
  /** As they are today, for what else is told of them. */
  today: DemoCustomer[];
}

/** Customers as they were a month ago, what they did since, and as they are today. */
export function demoCustomers(generator: RandomGenerator, count: number): DemoCustomers {
  const monthAgo = Array.from({ length: count }, (_, index) => newCustomer(generator, index));
  const trainingTruth = monthAgo.map((customer) => buyerOf(generator, customer));
  const today = monthAgo.map((customer, index) =>
    aMonthLater(generator, customer, trainingTruth[index]?.bought === true),
  );
  const labels = trainingTruth.map(({ bought }) => (bought ? 'yes' : 'no'));
  return {
    customers: [summaryHeader, ...today.map(summaryRow)],
    training: [
      [...featureHeader, 'purchased'],
      ...monthAgo.map((customer, index) => [...featureRow(customer), labels[index] as string]),
    ],
    scoring: [[...featureHeader], ...today.map(featureRow)],
    trainingTruth,
    scoringTruth: today.map((customer) => buyerOf(generator, customer)),
    today,
  };
}

const channelShares = { search: 0.34, social: 0.26, direct: 0.18, email: 0.12, referral: 0.1 };
const countryShares = {
  Germany: 0.3,
  France: 0.2,
  China: 0.18,
  Netherlands: 0.12,
  Spain: 0.12,
  Ireland: 0.08,
};

/** What the channel of the first order adds to the log-odds of the next. */
const channelLogOdds = { search: 0, social: -0.5, direct: 0.2, email: 0.5, referral: 0.3 };

export interface DemoCustomer {
  customerId: string;
  country: keyof typeof countryShares;
  channel: keyof typeof channelShares;
  /** Empty where it is not known; the probability does not depend on it. */
  age: number | '';
  newsletter: boolean;
  /** How attached the customer is; in no file, it moves what is. */
  loyalty: number;
  averageOrder: number;
  orders: number;
  spend: number;
  daysSinceLastOrder: number;
  browsingMinutes: number;
  sessions30d: number;
  cartAdditions30d: number;
}

function newCustomer(generator: RandomGenerator, index: number): DemoCustomer {
  const loyalty = standardNormal(generator);
  const averageOrder = inCents(logNormal(generator, 55, 0.45));
  const orders = 1 + poisson(generator, 1.6 * Math.exp(0.75 * loyalty));
  const daysSinceLastOrder = Math.min(
    720,
    Math.floor(exponential(generator, 110 * Math.exp(-0.5 * loyalty))),
  );
  return {
    customerId: `C${String(index + 1).padStart(5, '0')}`,
    country: pick(generator, countryShares),
    channel: pick(generator, channelShares),
    age: uniform(generator) < 0.1 ? '' : 18 + Math.floor(52 * uniform(generator) ** 1.3),
    newsletter: uniform(generator) < 0.42,
    loyalty,
    averageOrder,
    orders,
    spend: inCents(averageOrder * orders * logNormal(generator, 1, 0.2)),
    daysSinceLastOrder,
    browsingMinutes: Math.round(orders * logNormal(generator, 30, 0.5)),
    ...visits(generator, loyalty, daysSinceLastOrder),
  };
}

/** What a customer did on the site in a month: the longer away, the less. */
function visits(generator: RandomGenerator, loyalty: number, daysSinceLastOrder: number) {
  const sessions30d = poisson(generator, 3.2 * Math.exp(0.45 * loyalty - daysSinceLastOrder / 250));
  return { sessions30d, cartAdditions30d: poisson(generator, 0.25 * sessions30d) };
}

function aMonthLater(generator: RandomGenerator, customer: DemoCustomer, bought: boolean): DemoCustomer {
  const daysSinceLastOrder = bought ? Math.floor(30 * uniform(generator)) : customer.daysSinceLastOrder + 30;
  const seen = visits(generator, customer.loyalty, daysSinceLastOrder);
  return {
    ...customer,
    ...seen,
    daysSinceLastOrder,
    orders: customer.orders + (bought ? 1 : 0),
    spend: inCents(customer.spend + (bought ? logNormal(generator, customer.averageOrder, 0.3) : 0)),
    browsingMinutes: customer.browsingMinutes + Math.round(seen.sessions30d * logNormal(generator, 6, 0.4)),
  };
}

function buyerOf(generator: RandomGenerator, customer: DemoCustomer): DemoBuyer {
  const probability = purchaseProbability(customer);
  return { customerId: customer.customerId, probability, bought: uniform(generator) < probability };
}

/**
 * A logistic function of columns that are all in the files, and one interaction that no linear model has: a full cart means
 * much from somebody who ordered lately, and little from somebody long gone.
 */
export function purchaseProbability(customer: DemoCustomer): number {
  const lately = customer.daysSinceLastOrder < 60;
  const logOdds =
    -3.1 +
    0.55 * Math.log(customer.orders) +
    0.35 * Math.log1p(customer.sessions30d) -
    customer.daysSinceLastOrder / 180 +
    (customer.newsletter ? 0.3 : 0) +
    channelLogOdds[customer.channel] +
    Math.min(customer.cartAdditions30d, 3) * (lately ? 0.9 : 0.15);
  return 1 / (1 + Math.exp(-logOdds));
}

const summaryHeader: Row = ['customer_id', 'country', 'channel', 'orders', 'total_spent', 'browsing_minutes'];

const summaryRow = (customer: DemoCustomer): Row => [
  customer.customerId,
  customer.country,
  customer.channel,
  customer.orders,
  customer.spend.toFixed(2),
  customer.browsingMinutes,
];

const featureHeader: Row = [
  'customer_id',
  'country',
  'channel',
  'age',
  'newsletter',
  'orders',
  'average_order_value',
  'days_since_last_order',
  'sessions_30d',
  'cart_additions_30d',
];

const featureRow = (customer: DemoCustomer): Row => [
  customer.customerId,
  customer.country,
  customer.channel,
  customer.age,
  customer.newsletter ? 'yes' : 'no',
  customer.orders,
  (customer.spend / customer.orders).toFixed(2),
  customer.daysSinceLastOrder,
  customer.sessions30d,
  customer.cartAdditions30d,
];
