import { demoShop } from '../../local/demo-shop.ts';
import { openShop, type Shop } from './shop.ts';

/** The demo shop on a local cloud of its own, with everything published that there is, and two purchase models of `training/`. */
export async function openDemoShop({ seed, customers }: { seed: number; customers: number }): Promise<Shop> {
  const shop = await openShop();
  const { files } = demoShop({ seed, customers });
  const upload = async (from: string) => {
    for (const { key, body } of files.filter((file) => file.key.startsWith(from)))
      await shop.upload(key, body);
  };
  await upload('customers/');
  await shop.segment();
  await upload('ads/');
  await shop.bid();
  // an earlier history, so that customers have moved since
  const [orders] = files.filter(({ key }) => key.startsWith('orders/'));
  await shop.upload('orders/demo.csv', withoutLastMonth(orders?.body ?? ''));
  await shop.orders();
  await upload('orders/');
  await shop.orders();
  await shop.upload(
    'training/demo.csv',
    firstTwoThirds(files.find(({ key }) => key.startsWith('training/'))?.body ?? ''),
  );
  await shop.train();
  await upload('training/');
  await shop.train();
  await upload('scoring/');
  await shop.score();
  for (const folder of ['products/', 'contacts/', 'campaigns/']) await upload(folder);
  await shop.products();
  await shop.campaigns();
  return shop;
}

const lines = (csv: string): string[] => csv.trimEnd().split('\n');
const firstTwoThirds = (csv: string): string =>
  lines(csv)
    .slice(0, Math.ceil((lines(csv).length * 2) / 3))
    .join('\n');

/** The second column is the day of an order. */
function withoutLastMonth(csv: string): string {
  const [header = '', ...rows] = lines(csv);
  const days = rows.map((row) => row.split(',')[1] as string).sort();
  const month = days.at(-1)?.slice(0, 7) as string;
  return [header, ...rows.filter((row) => !(row.split(',')[1] as string).startsWith(month))].join('\n');
}
