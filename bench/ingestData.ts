import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type RandomGenerator, seededGenerator, uniform, uniformBelow } from '../lib/math/random.ts';

/** Two years of a made-up shop, as its system would export them; the same sizes give the same bytes. */

const days = 730;
const firstDay = Date.UTC(2024, 0, 1) / 86_400_000;
const channels = ['web', 'app', 'store', 'email'];
const kinds = ['view', 'view', 'view', 'search', 'cart'];

/** The last day of the export, in days since 1970-01-01. */
export const lastDay = firstDay + days - 1;

/** Order lines; of a thousand some 20 are cancelled, 30 have no customer and 5 are there twice. */
export async function writeOrders(path: string, lines: number): Promise<void> {
  const generator = seededGenerator(1);
  const header =
    'customer_id,order_id,ordered_at,product,category,quantity,unit_price,currency,channel,status';
  await writeLines(path, header, function* () {
    let order = '';
    let orderAt = '';
    let orderEnd = '';
    let left = 0;
    let line = '';
    for (let written = 0; written < lines; written++) {
      if (left === 0) {
        left = 1 + uniformBelow(generator, 5);
        const customer = uniform(generator) < 0.03 ? '' : customerOf(generator, lines / 20);
        order = `${customer},SO-${1_000_000 + written}`;
        orderAt = timeOf(generator, written / lines);
        const status = uniform(generator) < 0.02 ? 'cancelled' : 'completed';
        orderEnd = `EUR,${channels[uniformBelow(generator, channels.length)]},${status}`;
      }
      left--;
      if (written === 0 || uniform(generator) >= 0.005) {
        const product = Math.floor(uniform(generator) ** 2 * 5_000);
        const price = `${1 + (product % 97)}.${10 + (product % 90)}`;
        const quantity = 1 + Math.floor(uniform(generator) ** 3 * 6);
        line = `${order},${orderAt},SKU-${10_000 + product},category ${product % 40},${quantity},${price},${orderEnd}\n`;
      }
      yield line;
    }
  });
}

export async function writeEvents(
  path: string,
  { events, lines }: { events: number; lines: number },
): Promise<void> {
  const generator = seededGenerator(2);
  await writeLines(path, 'customer_id,session_id,occurred_at,minutes,event_type,channel', function* () {
    for (let written = 0; written < events; written++) {
      const customer = customerOf(generator, lines / 20);
      const session = `S-${1_000_000 + (written >> 1)}`;
      const minutes = `${uniformBelow(generator, 20)}.${uniformBelow(generator, 10)}`;
      const kind = kinds[uniformBelow(generator, kinds.length)];
      const channel = channels[uniformBelow(generator, channels.length)];
      yield `${customer},${session},${timeOf(generator, written / events)},${minutes},${kind},${channel}\n`;
    }
  });
}

/** Some customers come far more often than others. */
const customerOf = (generator: RandomGenerator, customers: number): string =>
  `C${1_000_000 + Math.floor(uniform(generator) ** 1.5 * customers)}`;

/** Exports are in the order of time, or nearly. */
function timeOf(generator: RandomGenerator, progress: number): string {
  const day = Math.min(days - 1, Math.floor(progress * days) + uniformBelow(generator, 2));
  const seconds = uniformBelow(generator, 86_400);
  return new Date(((firstDay + day) * 86_400 + seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

async function writeLines(path: string, header: string, lines: () => Iterable<string>): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  let held = `${header}\n`;
  for (const line of lines()) {
    held += line;
    if (held.length < 1 << 18) continue;
    if (!file.write(held)) await once(file, 'drain');
    held = '';
  }
  file.end(held);
  await once(file, 'finish');
}
