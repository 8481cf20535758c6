import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VedetteError } from '../base/errors.ts';
import type { InventoryNotifications, InventoryWatcher } from '../cloud/notifications.ts';
import { type Rounds, readInRounds } from './inventory-rounds.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Rounds of which a test sees what was read when, in seconds. */
function rounds(values: Partial<Rounds> = {}) {
  const startedMs = performance.now();
  const stop = new AbortController();
  const readings: string[] = [];
  const failed: unknown[] = [];
  let watcher: InventoryWatcher | undefined;
  const notifications: InventoryNotifications = {
    watchInventory: (given, signal) => {
      watcher = given;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    },
  };
  const done = readInRounds({
    ...{ everySeconds: 600, signal: stop.signal, notifications, nowMs: () => performance.now() },
    read: (kinds) => {
      readings.push(`${Math.round((performance.now() - startedMs) / 100) / 10} ${kinds?.join() ?? 'all'}`);
      return Promise.resolve();
    },
    onFailed: (error) => failed.push(error),
    onNote: () => undefined,
    ...values,
  });
  return { done, stop, readings, failed, event: (...kinds: Parameters<InventoryWatcher['onKinds']>[0]) => watcher?.onKinds(kinds) };
}

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);

describe('readInRounds', () => {
  it('reads what an event is about once it is quiet, and polls on', async () => {
    const { done, stop, readings, event } = rounds();
    await seconds(100);
    event('ports');
    await seconds(1);
    event('machines', 'ports');
    await seconds(1000);
    stop.abort();
    await done;
    expect(readings).toEqual(['0 all', '103 ports,machines', '600 all']);
  });

  it('does not wait for quiet for ever, and rests between readings', async () => {
    const { done, stop, readings, event } = rounds();
    await seconds(20);
    for (let i = 0; i < 40; i++) {
      event('ports');
      await seconds(0.5);
    }
    await seconds(20);
    stop.abort();
    await done;
    expect(readings).toEqual(['0 all', '25 ports', '30 ports', '35 ports', '40 ports']);
  });

  it('rests as long as a slow reading took', async () => {
    const slow = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 30_000)));
    const { done, stop, event } = rounds({ read: slow });
    await seconds(10);
    event('ports');
    await seconds(49);
    expect(slow).toHaveBeenCalledTimes(1);
    await seconds(2);
    expect(slow).toHaveBeenLastCalledWith(['ports']);
    stop.abort();
    await seconds(60);
    await done;
  });

  it('goes on after a reading failed, and not after what a person has to change', async () => {
    const answers = [new Error('away'), new VedetteError('cloud-none', { cloud: 'x' })];
    const { done, failed, event } = rounds({ read: () => Promise.reject(answers.shift()) });
    const end = expect(done).rejects.toThrow('this build reads no cloud');
    event('images');
    await seconds(10);
    await end;
    expect(failed).toMatchObject([{ message: 'away' }]);
  });
});
