import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:browser`
    exclude: ['test/browser/**'],
    setupFiles: ['test/support/fastCheck.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // By itself it would leave a processor of two idle.
    maxWorkers: 2,
  },
});
