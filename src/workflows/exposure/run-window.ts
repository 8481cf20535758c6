// Stops a scan when a person says so, or when its hours are over.
import { VedetteError } from '../../base/errors.ts';
import { parseWindow, windowAt } from '../../exposure/time-window.ts';

export interface RunStop {
  readonly signal: AbortSignal;
  /** Why it was stopped; undefined while it was not. */
  reason(): string | undefined;
  /** Lets the timer go. */
  end(): void;
}

interface Clock {
  readonly now: () => Date;
  wait(milliseconds: number): Promise<void>;
}

const timeText = (at: Date): string => at.toISOString().slice(11, 16);

/** Waits for the window where that is wanted. @throws {VedetteError} `scan-window` */
async function awaitWindow(window: string, wait: boolean, clock: Clock, signal: AbortSignal): Promise<number | undefined> {
  if (window === '') return undefined;
  const hours = parseWindow(window);
  let at = windowAt(hours, clock.now());
  if (at.openMs === 0 && !wait) throw new VedetteError('scan-window', { now: timeText(clock.now()), window });
  while (at.openMs === 0 && !signal.aborted) {
    await Promise.race([clock.wait(Math.min(at.untilOpenMs, 60_000)), aborted(signal)]);
    at = windowAt(hours, clock.now());
  }
  return at.openMs;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** Begins the hours of a scan. @throws {VedetteError} `scan-window` */
export async function openWindow(window: string, wait: boolean, clock: Clock, signal: AbortSignal): Promise<RunStop> {
  const openMs = await awaitWindow(window, wait, clock, signal);
  const over = new AbortController();
  const timer = openMs === undefined ? undefined : setTimeout(() => over.abort(), openMs);
  return {
    signal: AbortSignal.any([signal, over.signal]),
    reason: () => (signal.aborted ? 'interrupted' : over.signal.aborted ? `the time window ${window} is over` : undefined),
    end: () => clearTimeout(timer),
  };
}
