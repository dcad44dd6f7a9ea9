import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { drawBeta, drawExponential, drawGamma } from '../lib/math/draws.ts';
import { type RandomGenerator, seededGenerator, uniform, uniformBelow } from '../lib/math/random.ts';

/** Two years of a shop; answers how many lines. */
export async function writeShop(path: string, { customers }: { customers: number }): Promise<number> {
  const generator = seededGenerator(11);
  const pick = (names: readonly string[]) => names[uniformBelow(generator, names.length)] as string;
  let lines = 0;
  function* csv(): Generator<string> {
    yield 'customer_id,order_id,ordered_at,product,category,quantity,amount,channel,country\n';
    let part = '';
    for (let customer = 0; customer < customers; customer++) {
      const origin = `${pick(['web', 'app', 'store'])},${pick(['DE', 'FR', 'CN'])}`;
      const rate = drawGamma(generator, 4) / 20;
      for (const day of drawPurchases(generator, { days: 730 })) {
        const amount = drawGamma(generator, 6) / rate;
        const date = new Date(Date.UTC(2024, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
        part += `C${customer},${lines},${date},P${uniformBelow(generator, 500)},${pick(['tea', 'cups'])},1,${amount.toFixed(2)},${origin}\n`;
        lines += 1;
      }
      if (part.length < 1_000_000) continue;
      yield part;
      part = '';
    }
    yield part;
  }
  await pipeline(csv, createGzip({ level: 1 }), createWriteStream(path));
  return lines;
}

/** Days with an order, of a customer who begins within them and buys and leaves as MBG/NBD says. */
function* drawPurchases(generator: RandomGenerator, { days }: { days: number }): Generator<number> {
  const rate = drawGamma(generator, 0.6) / 50;
  const leaving = drawBeta(generator, 0.8, 2.5);
  for (let day = uniform(generator) * days; day < days; day += 1 + drawExponential(generator) / rate) {
    yield Math.floor(day);
    if (uniform(generator) < leaving) return;
  }
}
