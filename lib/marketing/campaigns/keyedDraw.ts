import { createHmac } from 'node:crypto';

/**
 * A number in [0, 1) that belongs to a customer in a campaign: the same whenever and in whatever order it is asked for, and
 * unrelated between campaigns. Control groups are the customers below a share, so that a larger share keeps all who were in.
 */
export function keyedDraw(
  customerId: string,
  { campaign, seed }: { campaign: string; seed: number },
): number {
  const digest = createHmac('sha256', `${seed}`)
    .update(JSON.stringify([campaign, customerId]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
