import { type RandomGenerator, uniform } from '../lib/math/random.ts';
import { type DemoCustomer, purchaseProbability } from './demo-customers.ts';
import { inCents, logNormal, poisson } from './demo-draws.ts';
import { demoCategories, productsOfCategory } from './demo-orders.ts';

type Row = (string | number)[];

const names: Record<keyof typeof demoCategories, string[]> = {
  tea: ['Green', 'Oolong', 'White', 'Jasmine', 'Smoky', 'Mountain'],
  ceramics: ['Blue', 'Celadon', 'Glazed', 'Plain', 'Painted', 'Tall'],
  sweets: ['Sesame', 'Almond', 'Lotus', 'Honey', 'Ginger', 'Plum'],
  books: ['Illustrated', 'Small', 'Annotated', 'Collected', 'Pocket', 'Bound'],
};
const nouns: Record<keyof typeof demoCategories, [string, string]> = {
  tea: ['tea tin', 'tea bags'],
  ceramics: ['bowl', 'teapot'],
  sweets: ['biscuits', 'pastry'],
  books: ['tea book', 'cook book'],
};
const costs: Record<keyof typeof demoCategories, number> = { tea: 9, ceramics: 24, sweets: 5, books: 12 };

/** What is in stock of each product that the orders name; every twelfth has run out. */
export const demoProducts = (generator: RandomGenerator): Row[] => [
  ['product', 'name', 'category', 'price', 'cost', 'stock', 'lead_time_days'],
  ...(Object.keys(demoCategories) as (keyof typeof demoCategories)[]).flatMap((category) =>
    Array.from({ length: productsOfCategory }, (_, at): Row => {
      const name = `${names[category][at % 6]} ${nouns[category][Math.floor(at / 6)]}`;
      const cost = inCents(logNormal(generator, costs[category], 0.3));
      const stock = at === 11 ? 0 : poisson(generator, 12);
      return [`${category} ${at + 1}`, name, category, inCents(2.4 * cost), cost, stock, 7 + (at % 3) * 7];
    }),
  ),
];

/** Addresses that belong to nobody, and who agreed to what; for some the shop has never asked. */
export const demoContacts = (generator: RandomGenerator, customers: readonly DemoCustomer[]): Row[] => [
  [
    ...['customer_id', 'email', 'phone', 'country', 'consent_email', 'consent_sms', 'consent_phone'],
    ...['consent_ads', 'consent_ad_personalization', 'do_not_contact'],
  ],
  ...customers.map(({ customerId, newsletter }, at): Row => {
    const answer = (share: number): string =>
      uniform(generator) < 0.1 ? '' : uniform(generator) < share ? 'yes' : 'no';
    // 030 23125 is set aside for stories
    const phone = at % 3 === 0 ? '' : `+493023125${String(at % 1000).padStart(3, '0')}`;
    return [
      ...[customerId, `${customerId.toLowerCase()}@example.com`, phone, 'DE'],
      ...[answer(newsletter ? 0.95 : 0.5), answer(0.3), answer(0.35), answer(0.6), answer(0.5)],
      uniform(generator) < 0.03 ? 'yes' : '',
    ];
  }),
];

/** How many times the odds to order were, of those who got the mail. */
const oddsRatio = 2;

export interface DemoCampaignTruth {
  /** Mean probabilities to order of all customers of the campaign, contacted and not. */
  treatedRate: number;
  controlRate: number;
}

/** A mail that went to half of the customers, drawn by lot, and what came of it. */
export function demoCampaign(
  generator: RandomGenerator,
  customers: readonly DemoCustomer[],
): { table: Row[]; truth: DemoCampaignTruth } {
  const truth = { treatedRate: 0, controlRate: 0 };
  const rows = customers.map((customer): Row => {
    const without = purchaseProbability(customer);
    const contacted = (oddsRatio * without) / (1 - without + oddsRatio * without);
    truth.controlRate += without / customers.length;
    truth.treatedRate += contacted / customers.length;
    const treated = uniform(generator) < 0.5;
    const converted = uniform(generator) < (treated ? contacted : without);
    const revenue = converted ? inCents(logNormal(generator, customer.averageOrder, 0.3)) : 0;
    return [
      ...[customer.customerId, treated ? 'treatment' : 'control', 'email', 'none'],
      ...[customer.spend, customer.orders, customer.daysSinceLastOrder],
      ...['2026-05-04', converted ? 'yes' : 'no', revenue],
    ];
  });
  const header = [
    ...['customer_id', 'group', 'channel', 'offer', 'spend', 'purchase_days', 'days_since_last_order'],
    ...['date', 'converted', 'revenue'],
  ];
  return { table: [header, ...rows], truth };
}
