import { seededGenerator } from '../lib/math/random.ts';
import { type DemoAdTruth, demoAds } from './demo-ads.ts';
import { type DemoBuyer, demoCustomers } from './demo-customers.ts';
import { type DemoCampaignTruth, demoCampaign, demoContacts, demoProducts } from './demo-marketing.ts';
import { demoOrders } from './demo-orders.ts';

export interface DemoShop {
  /** What the shop uploads, by object key. */
  files: { key: string; body: string }[];
  /** What no shop knows: the probabilities and rates behind the files. */
  truth: {
    /** Row by row of `training/demo.csv`; `bought` is its label. */
    training: DemoBuyer[];
    /** Row by row of `scoring/demo.csv`; `bought` is what the coming month will bring. */
    scoring: DemoBuyer[];
    ads: DemoAdTruth[];
    /** Of `campaigns/spring-mail.csv`. */
    campaign: DemoCampaignTruth;
  };
}

export interface DemoShopOptions {
  seed: number;
  customers?: number;
}

/**
 * A shop that never was: last month's customers and who of them bought, the same customers today with all their orders, and a
 * month of ads; its products, whom it may contact, and a campaign that it ran. The same seed gives the same bytes.
 */
export function demoShop({ seed, customers = 2000 }: DemoShopOptions): DemoShop {
  const generator = seededGenerator(seed);
  const people = demoCustomers(generator, customers);
  const ads = demoAds(generator);
  // seeds of their own, so that what is added leaves the other files as they were
  const campaign = demoCampaign(seededGenerator(seed + 2), people.today);
  return {
    files: [
      { key: 'customers/demo.csv', body: csvOf(people.customers) },
      { key: 'training/demo.csv', body: csvOf(people.training) },
      { key: 'scoring/demo.csv', body: csvOf(people.scoring) },
      { key: 'ads/demo.csv', body: csvOf(ads.table) },
      { key: 'orders/demo.csv', body: csvOf(demoOrders(seededGenerator(seed + 1), people.today)) },
      { key: 'products/demo.csv', body: csvOf(demoProducts(seededGenerator(seed + 3))) },
      { key: 'contacts/demo.csv', body: csvOf(demoContacts(seededGenerator(seed + 4), people.today)) },
      { key: 'campaigns/spring-mail.csv', body: csvOf(campaign.table) },
    ],
    truth: {
      training: people.trainingTruth,
      scoring: people.scoringTruth,
      ads: ads.truth,
      campaign: campaign.truth,
    },
  };
}

/** None of the demo's cells needs quotes. */
const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.join(',')}\n`).join('');
