// Inventories in a line or two, for tests.
import { epochMicros } from '../../src/base/units.ts';
import type { FloatingAddress, InventoryEvent, InventoryItems, InventoryKind, Machine, Network, Port } from '../../src/model/inventory.ts';
import { InventoryReadingFold } from '../../src/model/inventory-reading.ts';
import { InventoryTimeline } from '../../src/model/inventory-timeline.ts';

/** Items of one reading, by kind. */
export type Reading = { readonly [K in InventoryKind]?: readonly InventoryItems[K][] };

export const machine = (id: string, values: Partial<Machine> = {}): Machine => ({
  ...{ id, name: id, projectId: 'p1', status: 'ACTIVE', tags: [], metadata: {} },
  ...values,
});

export const network = (id: string, values: Partial<Network> = {}): Network => ({
  ...{ id, name: id, projectId: 'p1', segments: [], external: false, shared: false },
  ...values,
});

/** `port('port-1', 'net-a', ['10.0.0.5'], 'vm-1')` */
export const port = (id: string, networkId: string, addresses: readonly string[], deviceId = '', values: Partial<Port> = {}): Port => ({
  ...{ id, name: id, projectId: 'p1', networkId, mac: '', fixed: addresses.map((address) => ({ address })), allowedPairs: [] },
  ...{
    portSecurity: true,
    securityGroupIds: [],
    deviceId,
    deviceOwner: deviceId === '' ? '' : 'compute:nova',
    adminUp: true,
    status: 'ACTIVE',
  },
  ...values,
});

export const floating = (address: string, portId?: string): FloatingAddress => ({
  ...{ id: `f-${address}`, address, projectId: 'p1', networkId: 'public' },
  ...(portId !== undefined && { portId }),
});

/** Pages and ends of the kinds that are named; ports and machines are always complete. */
export function* eventsOf(reading: Reading): Iterable<InventoryEvent> {
  for (const kind of Object.keys({ ports: [], machines: [], ...reading }) as InventoryKind[]) {
    if (reading[kind] !== undefined) yield { event: 'page', kind, items: reading[kind] } as InventoryEvent;
    yield { event: 'complete', kind };
  }
}

/** Folds one reading into a timeline. @param seconds time of the reading */
export function read(timeline: InventoryTimeline, seconds: number, events: Iterable<InventoryEvent>): number {
  const fold = new InventoryReadingFold(timeline, epochMicros(seconds * 1e6));
  const changes = [...events].flatMap((event) => fold.take(event));
  const end = fold.finish();
  for (const change of [...changes, ...end.changes]) timeline.apply(change);
  timeline.close(end.reading);
  return changes.length + end.changes.length;
}

/** A history of readings: seconds and what was there. */
export function historyOf(...readings: readonly (readonly [seconds: number, reading: Reading])[]): InventoryTimeline {
  const timeline = new InventoryTimeline('test');
  for (const [seconds, reading] of readings) read(timeline, seconds, eventsOf(reading));
  return timeline;
}
