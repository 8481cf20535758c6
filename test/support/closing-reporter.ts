// Ends a test run with what was skipped and why, by name, and one plain line that programs can read:
// `N passed, N failed, N skipped`. In CI (CI=true) a skipped test fails the run: there, everything must have run.

import type { Reporter, SerializedError, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node';

interface Tally {
  passed: number;
  failed: number;
  readonly skipped: string[];
}

/** What a whole run came to. A file that could not be loaded, or an error outside of any test, counts as one failed. */
export function tally(modules: Iterable<TestModule>, unhandled: number): Tally {
  const sum: Tally = { passed: 0, failed: unhandled, skipped: [] };
  for (const module of modules) {
    sum.failed += module.errors().length;
    for (const suite of module.children.allSuites()) sum.failed += suite.errors().length;
    for (const test of module.children.allTests()) count(sum, module, test);
  }
  return sum;
}

function count(sum: Tally, module: TestModule, test: TestCase): void {
  const result = test.result();
  if (result.state === 'passed') sum.passed++;
  else if (result.state === 'failed') sum.failed++;
  else {
    const reason = result.state === 'skipped' && result.note ? `: ${result.note}` : '';
    sum.skipped.push(`${module.relativeModuleId} > ${test.fullName}${reason}`);
  }
}

/** The reporter; after the default one in the list, so that its line is the last. */
export class ClosingReporter implements Reporter {
  #selectedByName = false;

  onInit(vitest: Vitest): void {
    this.#selectedByName = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const { passed, failed, skipped } = tally(modules, unhandled.length);
    // With -t, everything that the pattern left out counts as skipped: nobody needs that list.
    if (skipped.length > 0 && !this.#selectedByName) {
      process.stdout.write(`\nSkipped on this machine:\n${skipped.map((line) => `  ${line}\n`).join('')}`);
      if (process.env['CI'] === 'true') process.exitCode = 1;
    }
    if (reason === 'interrupted') process.stdout.write('\nInterrupted: not every test ran.\n');
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  }
}
