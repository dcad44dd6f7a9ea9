import { seededGenerator, uniform } from '../lib/math/random.ts';

/**
 * EventBridge promises delivery at least once, and no order. So that nobody can forget it, the local bus repeats,
 * delays and swaps about one event in ten each. VALUECAST_CHAOS gives another seed, or `off`.
 */
export interface Disturbance {
  /** `swap` holds an event until the next has gone ahead of it, or until the delay is over. */
  kind: 'none' | 'repeat' | 'delay' | 'swap';
  delayMs: number;
}

/** The next event's fate at every call; the same seed gives the same fates. */
export function disturbances(seed: number | null): () => Disturbance {
  if (seed === null) return () => ({ kind: 'none', delayMs: 0 });
  const generator = seededGenerator(seed);
  return () => {
    const draw = uniform(generator);
    const delayMs = 50 + Math.floor(550 * uniform(generator));
    const kind = draw < 0.1 ? 'repeat' : draw < 0.2 ? 'delay' : draw < 0.3 ? 'swap' : 'none';
    return { kind, delayMs: kind === 'none' ? 0 : delayMs };
  };
}
