// The jobs around the inventory: reading a cloud into the history, and opening a history from wherever it is.
import { VedetteError } from '../base/errors.ts';
import { type EpochMicros, epochMicros, formatInstant } from '../base/units.ts';
import type { Cloud } from '../cloud/cloud.ts';
import type { InventorySource } from '../cloud/inventory-source.ts';
import type { InventoryNotifications } from '../cloud/notifications.ts';
import type { InventoryEvent, InventoryHistory, InventoryKind } from '../model/inventory.ts';
import { InventoryReadingFold } from '../model/inventory-reading.ts';
import { InventoryTimeline } from '../model/inventory-timeline.ts';
import type { InventoryStore, InventorySynced } from '../store/inventory-store.ts';
import { readInRounds } from './inventory-rounds.ts';

/** Where the state lies when nobody says. */
export const standardState = '/var/lib/vedette';
/** Name of a cloud that has none. */
const namelessCloud = 'static';

/** What the jobs need of the outside. */
export interface InventoryDependencies {
  readonly now: () => Date;
  openStore(stateDirectory: string): InventoryStore;
  /** Files and directories that describe a cloud. @throws {VedetteError} for what does not */
  openSource(paths: readonly string[]): InventorySource;
  /** Whether the path is a state directory with histories. */
  isState(path: string): boolean;
  /** @throws {VedetteError} `cloud-none`, `cloud-config` */
  openCloud(name: string): Promise<Cloud>;
  /** @param address as the configuration has it @throws {VedetteError} `notifications-invalid` */
  openNotifications(address: string): Promise<InventoryNotifications>;
}

/** Which inventory is meant. */
export interface InventoryChoice {
  /** State directory. */
  readonly state?: string;
  readonly cloud?: string;
  /** Files, directories of dumps, or one state directory. */
  readonly paths?: readonly string[];
}

export interface ChosenInventory {
  readonly history: InventoryHistory;
  /** Damage, missing columns, and so on; a person should see them. */
  readonly notes: readonly string[];
}

/** Milliseconds of a clock as microseconds. */
const microsOf = (date: Date): EpochMicros => epochMicros(date.getTime() * 1000);

/** One reading in memory. @param at undefined for what counts for all times */
function historyOf(cloud: string, events: Iterable<InventoryEvent>, at: EpochMicros | undefined): InventoryHistory {
  const timeline = new InventoryTimeline(cloud, { timeless: at === undefined });
  const fold = new InventoryReadingFold(timeline, at ?? epochMicros(0));
  const changes = [...events].flatMap((event) => fold.take(event));
  const { changes: rest, reading } = fold.finish();
  for (const change of [...changes, ...rest]) timeline.apply(change);
  timeline.close(reading);
  return timeline;
}

function openState(state: string, cloud: string | undefined, openStore: InventoryDependencies['openStore']): ChosenInventory {
  const store = openStore(state);
  const clouds = store.clouds();
  if (cloud === undefined && clouds.length === 0) throw new VedetteError('inventory-none', { path: state, which: '' });
  if (cloud === undefined && clouds.length > 1) throw new VedetteError('inventory-several', { path: state, clouds: clouds.join(', ') });
  const { history, notes } = store.open(cloud ?? clouds[0] ?? '');
  return { history, notes };
}

/** Opens a history. @throws {VedetteError} when there is none, or several and none is chosen */
export function openInventory({ state, cloud, paths = [] }: InventoryChoice, dependencies: InventoryDependencies): ChosenInventory {
  const [first] = paths;
  if (first === undefined) return openState(state ?? standardState, cloud, dependencies.openStore);
  if (paths.length === 1 && dependencies.isState(first)) return openState(first, cloud, dependencies.openStore);
  const source = dependencies.openSource(paths);
  return { history: historyOf(cloud ?? source.cloud ?? namelessCloud, source.events(), source.asOf), notes: source.notes };
}

/**
 * Opens a history; of a cloud that is named and has none, one reading of now serves instead. Nothing is kept of it.
 * @throws {VedetteError} as `openInventory`, and whatever the cloud says
 */
export async function openInventoryOrCloud(choice: InventoryChoice, dependencies: InventoryDependencies): Promise<ChosenInventory> {
  try {
    return openInventory(choice, dependencies);
  } catch (error) {
    const isNone = error instanceof VedetteError && error.code === 'inventory-none';
    if (!isNone || choice.cloud === undefined || (choice.paths ?? []).length > 0) throw error;
    return readNow(choice.cloud, dependencies);
  }
}

async function readNow(name: string, { now, openCloud }: InventoryDependencies): Promise<ChosenInventory> {
  const cloud = await openCloud(name);
  try {
    const at = microsOf(now());
    const events: InventoryEvent[] = [];
    for await (const event of cloud.readInventory()) events.push(event);
    const notes = [`${name} was read now, for this run alone; vedette inventory sync keeps a history`];
    return { history: historyOf(name, events, at), notes };
  } finally {
    await cloud.close?.();
  }
}

export interface SyncRequest {
  readonly state: string;
  readonly cloud?: string;
  /** Files instead of the cloud's API. */
  readonly from: readonly string[];
  readonly keepSeconds?: number;
  /** Reads again and again; once without. */
  readonly everySeconds?: number;
  /** Broker of the cloud's notifications, as the configuration has it; heard between two readings. */
  readonly notifications?: string;
  readonly signal?: AbortSignal;
  readonly onSynced: (synced: CloudSynced) => void;
  /** A reading that failed, where reading goes on. */
  readonly onFailed: (error: unknown) => void;
  /** Sentences about how reading goes on. */
  readonly onNote: (text: string) => void;
}

export interface CloudSynced extends InventorySynced {
  readonly cloud: string;
  readonly notes: readonly string[];
  readonly seconds: number;
  /** What was read, when it was not everything. */
  readonly kinds?: readonly InventoryKind[];
}

interface Reading {
  readonly cloud: string;
  readonly at: EpochMicros;
  readonly notes: readonly string[];
  readonly events: AsyncIterable<InventoryEvent> | Iterable<InventoryEvent>;
  /** The time is that of files: it must not lie before what is known. */
  readonly isDated: boolean;
}

async function begin(request: SyncRequest, dependencies: InventoryDependencies, kinds?: readonly InventoryKind[]): Promise<Reading> {
  const { cloud, from, signal } = request;
  const { now, openSource, openCloud } = dependencies;
  if (from.length > 0) {
    const source = openSource(from);
    const at = source.asOf ?? microsOf(now());
    const isDated = source.asOf !== undefined;
    return { cloud: cloud ?? source.cloud ?? namelessCloud, at, notes: source.notes, events: source.events(), isDated };
  }
  if (cloud === undefined)
    throw new VedetteError('usage', { problem: 'name what to read: --cloud or --from', advice: 'see vedette inventory sync --help' });
  const opened = await openCloud(cloud);
  return { cloud, at: microsOf(now()), notes: [], events: opened.readInventory(kinds, signal), isDated: false };
}

async function syncOnce(request: SyncRequest, dependencies: InventoryDependencies, kinds?: readonly InventoryKind[]): Promise<CloudSynced> {
  const started = dependencies.now().getTime();
  const reading = await begin(request, dependencies, kinds);
  const keepMicros = request.keepSeconds === undefined ? {} : { keepMicros: request.keepSeconds * 1e6 };
  const writer = dependencies.openStore(request.state).openForWriting(reading.cloud, keepMicros);
  try {
    const { lastReadAt } = writer.history;
    if (reading.isDated && lastReadAt !== undefined && reading.at < lastReadAt) {
      const times = { asOf: formatInstant(reading.at), last: formatInstant(lastReadAt) };
      throw new VedetteError('inventory-older', { path: request.from.join(' '), cloud: reading.cloud, ...times });
    }
    const synced = await writer.sync(reading.events, reading.at);
    const seconds = (dependencies.now().getTime() - started) / 1000;
    return { ...synced, cloud: reading.cloud, notes: [...writer.notes, ...reading.notes], seconds, ...(kinds !== undefined && { kinds }) };
  } finally {
    writer.close();
  }
}

/**
 * Reads a cloud into the history of the state directory, once or again and again. A cloud that does not answer loses nothing: the
 * last known state stays.
 */
export async function syncInventory(request: SyncRequest, dependencies: InventoryDependencies): Promise<void> {
  const { everySeconds, signal } = request;
  if (everySeconds === undefined) {
    request.onSynced(await syncOnce(request, dependencies));
    return;
  }
  const { notifications: address } = request;
  // Files have no broker.
  const notifications = address === undefined || request.from.length > 0 ? undefined : await dependencies.openNotifications(address);
  await readInRounds({
    ...{ everySeconds, nowMs: () => performance.now(), onFailed: request.onFailed, onNote: request.onNote },
    ...(signal !== undefined && { signal }),
    ...(notifications !== undefined && { notifications }),
    read: async (kinds) => request.onSynced(await syncOnce(request, dependencies, kinds)),
  });
}
