// Time and chance as adapters use them; tests pass their own.
import { setTimeout as wait } from 'node:timers/promises';

export interface CloudRuntime {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Ends early, with the signal's reason, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock and chance. */
export const nodeRuntime: CloudRuntime = {
  nowMs: Date.now,
  random: Math.random,
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.reason ?? error;
    }
  },
};
