// Reading again and again: everything at every poll, and between two polls the kinds that notifications name.
import { VedetteError } from '../base/errors.ts';
import type { InventoryNotifications } from '../cloud/notifications.ts';
import type { InventoryKind } from '../model/inventory.ts';
import { ChangedKinds } from './changed-kinds.ts';

/** What the rounds are made of. */
export interface Rounds {
  readonly everySeconds: number;
  readonly signal?: AbortSignal;
  readonly notifications?: InventoryNotifications;
  /** Milliseconds of a clock that does not jump. */
  nowMs(): number;
  /** Reads these kinds; undefined: all. */
  read(kinds: readonly InventoryKind[] | undefined): Promise<void>;
  onFailed(error: unknown): void;
  onNote(text: string): void;
}

/** Sleeps that an event ends. */
class Alarm {
  #wake = (): void => undefined;

  ring(): void {
    this.#wake();
  }

  /** Until the time is over or somebody rings. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** One reading. @throws what a person has to change: it does not mend itself */
async function attempt({ read, onFailed, signal }: Rounds, kinds: readonly InventoryKind[] | undefined): Promise<void> {
  try {
    await read(kinds);
  } catch (error) {
    if (error instanceof VedetteError && error.kind === 'input') throw error;
    if (!signal?.aborted) onFailed(error);
  }
}

/** Reads until the signal is aborted. @throws {VedetteError} what a person has to change */
export async function readInRounds(rounds: Rounds): Promise<void> {
  const { everySeconds, signal, notifications, nowMs } = rounds;
  const changed = new ChangedKinds();
  const alarm = new Alarm();
  const stop = new AbortController();
  const isOver = (): boolean => signal?.aborted === true;
  const onAbort = (): void => {
    stop.abort();
    alarm.ring();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const watching = notifications?.watchInventory(
    {
      onKinds: (kinds) => {
        changed.add(kinds, nowMs());
        alarm.ring();
      },
      onAway: rounds.onFailed,
      onListening: rounds.onNote,
    },
    stop.signal,
  );
  try {
    for (let pollMs = nowMs(); !isOver(); ) {
      const startedMs = nowMs();
      const isPoll = startedMs >= pollMs;
      if (isPoll || startedMs >= changed.dueMs) {
        // Taken before reading: what changes meanwhile is read once more.
        const kinds = changed.take();
        await attempt(rounds, isPoll ? undefined : kinds);
        changed.read(startedMs, nowMs());
        if (isPoll) pollMs = nowMs() + everySeconds * 1000;
      }
      if (!isOver()) await alarm.sleep(Math.min(pollMs, changed.dueMs) - nowMs());
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stop.abort();
    await watching;
  }
}
