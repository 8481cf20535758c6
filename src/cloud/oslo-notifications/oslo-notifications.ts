// OpenStack's notifications (oslo.messaging over RabbitMQ): which kinds changed. Connects again, later and later, for as long as asked.
import { VedetteError } from '../../base/errors.ts';
import { inventoryKinds } from '../../model/inventory.ts';
import type { InventoryNotifications, InventoryWatcher } from '../notifications.ts';
import { Redactor } from '../redactor.ts';
import { type CloudRuntime, nodeRuntime } from '../runtime.ts';
import { type BrokerAddress, brokerAddress, shownAddress } from './broker-address.ts';
import { listen } from './broker-session.ts';
import { eventTypeOf, kindsOfEvent } from './notification-kinds.ts';

const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** What listening needs besides the address; tests pass their own. */
export interface OsloOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runtime?: CloudRuntime;
}

/** The failure in one sentence, without secrets. */
function awayError(address: BrokerAddress, error: unknown): VedetteError {
  const redactor = new Redactor();
  redactor.add(address.password.reveal());
  const cause = redactor.causeOf(error);
  const { code } = cause as NodeJS.ErrnoException;
  const reason = cause.message || (code ?? 'no reason given');
  return new VedetteError('broker-away', { broker: shownAddress(address), reason }, { cause });
}

/** @throws {VedetteError} `notifications-invalid` */
export function osloNotifications(text: string, { env, runtime = nodeRuntime }: OsloOptions): InventoryNotifications {
  const address = brokerAddress(text, env);
  return { watchInventory: (watcher, signal) => watch(address, watcher, runtime, signal) };
}

async function watch(address: BrokerAddress, watcher: InventoryWatcher, runtime: CloudRuntime, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let isAway = false;
  let hasListened = false;
  const onMessage = (content: Uint8Array): void => {
    const type = eventTypeOf(content);
    const kinds = type === undefined ? [] : kindsOfEvent(type);
    if (kinds.length > 0) watcher.onKinds(kinds);
  };
  const onBound = (exchanges: readonly string[]): void => {
    const where = exchanges.length === 0 ? 'no exchange yet' : exchanges.join(', ');
    watcher.onListening(`${shownAddress(address)}: listening to notifications of ${where}`);
    // What happened meanwhile was not heard.
    if (hasListened && isAway) watcher.onKinds(inventoryKinds);
    hasListened = true;
    isAway = false;
  };
  while (!signal.aborted) {
    const startedMs = runtime.nowMs();
    try {
      await listen(address, { onMessage, onBound }, runtime, signal);
    } catch (error) {
      if (signal.aborted) return;
      // A broker that lets us in and out again is not asked faster for it.
      failures = runtime.nowMs() - startedMs > longestPauseMs ? 1 : failures + 1;
      if (!isAway) watcher.onAway(awayError(address, error));
      isAway = true;
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)) * (0.5 + runtime.random() / 2);
      await runtime.sleep(pauseMs, signal).catch(() => undefined);
    }
  }
}
