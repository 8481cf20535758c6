import { configDefaults, defineConfig } from 'vitest/config';
import { ClosingReporter } from './test/support/closing-reporter.ts';

/** Tests that use the machine (root, namespaces, programs): alone, one file after the other, and with patience. */
const system = 'test/system/**/*.test.ts';
/** Allocation and memory bounds: alone, in a process of their own, with the garbage collector exposed. */
const performance = 'test/performance/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    execArgv: ['--expose-gc'],
    reporters: ['default', new ClosingReporter()],
    // CI prints the differences; nobody may write a snapshot there by accident.
    update: process.env['CI'] === 'true' ? 'none' : 'new',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, system, performance],
          // No test takes seconds on a quiet machine; a busy one must not fail them.
          testTimeout: 60_000,
          // Modules are loaded once a worker: pure code has no state to leak, and loading it anew costs more than the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'performance', include: [performance], fileParallelism: false, testTimeout: 60_000, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: [system],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
