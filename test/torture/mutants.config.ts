import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutants } from './mutations.ts';

const mutant = mutants.find(({ name }) => name === process.env.MUTANT);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The suite of torture.test.ts on code without the safeguard that the variable MUTANT names. */
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
    include: ['test/torture/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
});
