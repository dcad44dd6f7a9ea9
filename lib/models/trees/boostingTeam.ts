import type { BoostingShard, SplitOrder } from './boostingShard.ts';
import type { BoostingTeam } from './growBoostedTree.ts';

/** Words by which the first worker of a fit tells the others what to do, and hears that it is done: on lines of cache of their own. */
const control = { order: 0, command: 1, parameters: 2, pending: 32, looks: 48, misses: 49 };
const commands = { startTree: 0, splitLeaf: 1, search: 2, endTree: 3, stop: 4 };

/** Does each step together with the workers that follow. */
export function leadTeam(
  words: Int32Array,
  { shard, followers }: { shard: BoostingShard; followers: number },
): { team: BoostingTeam; stop(): void } {
  words[control.looks] = looks;
  const order = (command: number, a = 0, b = 0, c = 0, d = 0): void => {
    words[control.command] = command;
    words[control.parameters] = a;
    words[control.parameters + 1] = b;
    words[control.parameters + 2] = c;
    words[control.parameters + 3] = d;
    Atomics.store(words, control.pending, followers);
    Atomics.add(words, control.order, 1);
    Atomics.notify(words, control.order);
  };
  const team: BoostingTeam = {
    startTree() {
      order(commands.startTree);
      shard.startTree();
      awaitAll(words);
    },
    splitLeaf(split) {
      order(commands.splitLeaf, split.leaf, split.newLeaf, split.column, split.counted);
      shard.splitLeaf(split);
      awaitAll(words);
    },
    search(given) {
      order(commands.search, given.counted, given.parent);
      shard.search(given);
      awaitAll(words);
    },
    endTree(leaves) {
      order(commands.endTree, leaves);
      shard.endTree(leaves);
      awaitAll(words);
    },
  };
  return { team, stop: () => order(commands.stop) };
}

/**
 * Looks a while before it sleeps: most steps are over sooner than a thread wakes up. Where there are fewer processors than threads it is
 * in vain, so it looks for the less long the more often that was so, and now and then as long as at first. As in assembly/treeKernel.ts.
 */
const looks = 50_000;
const missesToForget = 32;

/** Whether it saw what it looked for; `misses` of those before it in a row did not. */
function looksFor(isSeen: () => boolean, misses: number): boolean {
  const end = looks >> Math.min(misses, 8);
  for (let look = 0; look < end; look++) if (isSeen()) return true;
  return false;
}

function awaitAll(words: Int32Array): void {
  const misses = words[control.misses] as number;
  const isSeen = looksFor(() => Atomics.load(words, control.pending) === 0, misses);
  words[control.misses] = isSeen ? 0 : (misses + 1) % missesToForget;
  for (;;) {
    const pending = Atomics.load(words, control.pending);
    if (pending === 0) return;
    Atomics.wait(words, control.pending, pending);
  }
}

/** Does what the first worker tells, until it says to stop. */
export function follow(words: Int32Array, shard: BoostingShard): void {
  let misses = 0;
  for (let seen = 0; ; seen++) {
    const isSeen = looksFor(() => Atomics.load(words, control.order) !== seen, misses);
    misses = isSeen ? 0 : (misses + 1) % missesToForget;
    if (!isSeen) Atomics.wait(words, control.order, seen);
    const parameter = (index: number): number => words[control.parameters + index] as number;
    switch (words[control.command]) {
      case commands.startTree:
        shard.startTree();
        break;
      case commands.splitLeaf: {
        const counted = parameter(3) as SplitOrder['counted'];
        shard.splitLeaf({ leaf: parameter(0), newLeaf: parameter(1), column: parameter(2), counted });
        break;
      }
      case commands.search:
        shard.search({ counted: parameter(0), parent: parameter(1) });
        break;
      case commands.endTree:
        shard.endTree(parameter(0));
        break;
      default:
        return;
    }
    if (Atomics.sub(words, control.pending, 1) === 1) Atomics.notify(words, control.pending);
  }
}
