import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, first: one that began last would leave a processor idle for as long as it takes. */
const longest = [
  'test/start.test.ts',
  'test/functions/real-data.test.ts',
  'test/packaging.test.ts',
  'test/torture/torture.test.ts',
  'test/torture/erasure.test.ts',
  'test/torture/handOver.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = longest.indexOf(relative(import.meta.dirname, moduleId));
      return rank === -1 ? longest.length : rank;
    };
    return (await super.sort(files)).sort((left, right) => rankOf(left) - rankOf(right));
  }
}

export default defineConfig({
  test: {
    setupFiles: ['test/support/fastCheck.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // By itself it would leave a processor of two idle.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'all but lib',
          include: ['test/**/*.test.ts'],
          // test/browser: `npm run test:browser`
          exclude: ['test/browser/**', 'test/lib/**'],
        },
      },
      {
        extends: true,
        // `lib/` keeps nothing between calls, so its tests may share a process: a third of a second less for each file.
        test: { name: 'lib', include: ['test/lib/**/*.test.ts'], isolate: false },
      },
    ],
  },
});
