import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutants } from './mutations.ts';

const mutant = mutants.find(({ name }) => name === process.env.MUTANT);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The fault suite, and the tests of the lease, on code without the safeguard that the variable MUTANT names. */
export default defineConfig({
  root,
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform: (code, id) =>
        mutant !== undefined && id === `${root}${mutant.file}`
          ? code.replace(mutant.from, () => mutant.to)
          : null,
    },
  ],
  test: {
    // The sweep at the end of each plan makes good what a lease without its rules would lose; their own tests do not.
    include: ['test/torture/**/*.test.ts', 'test/lib/store/lease.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
