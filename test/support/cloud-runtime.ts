// Time and chance for tests of cloud adapters: sleeping moves the clock and is written down, chance is fixed.
import type { CloudRuntime } from '../../src/cloud/runtime.ts';

export interface TestRuntime extends CloudRuntime {
  /** Pauses that were asked for, in milliseconds. */
  readonly pauses: number[];
  /** Moves the clock. */
  pass(ms: number): void;
}

/** A runtime whose clock stands at `startMs` plus what passes. */
export function testRuntime(startMs = Date.now()): TestRuntime {
  let now = startMs;
  const pauses: number[] = [];
  return {
    pauses,
    pass: (ms) => {
      now += ms;
    },
    nowMs: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      pauses.push(ms);
      now += ms;
    },
  };
}
