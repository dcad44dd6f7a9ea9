import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: apart from `npm test`, for it needs a browser on the machine. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
});
