import { expect, it } from 'vitest';
import { epochMicros } from '../base/units.ts';
import type { InventoryHistory, InventoryItems, InventoryKind, Version } from '../model/inventory.ts';
import { inventoryExtract } from './inventory-extract.ts';

type Stored = Partial<Record<InventoryKind, readonly Version<{ readonly id: string }>[]>>;

/** A history of these versions. */
function historyOf(stored: Stored): InventoryHistory {
  const all = <K extends InventoryKind>(kind: K): readonly Version<InventoryItems[K]>[] =>
    (stored[kind] ?? []) as unknown as Version<InventoryItems[K]>[];
  return {
    ...{ cloud: 'lab', firstReadAt: epochMicros(0), lastReadAt: epochMicros(100), gaps: [], readings: [], timeless: false },
    versions: all,
    versionsOf: (kind, id) => all(kind).filter(({ value }) => value.id === id),
  };
}

const version = (
  value: { readonly id: string } & Record<string, unknown>,
  from: number,
  to?: number,
): Version<{ readonly id: string }> => ({
  value,
  from: epochMicros(from),
  ...(to !== undefined && { to: epochMicros(to) }),
});

const history = historyOf({
  machines: [
    version({ id: 'm-1', name: 'old', projectId: 'a' }, 0, 10),
    version({ id: 'm-1', name: 'web-1', projectId: 'a' }, 10),
    version({ id: 'm-2', projectId: 'b' }, 0),
  ],
  ports: [
    version(
      { id: 'p-1', deviceId: 'm-1', networkId: 'n-1', securityGroupIds: ['g-1'], fixed: [{ address: '10.0.0.5', subnetId: 's-1' }] },
      5,
    ),
    version({ id: 'p-2', deviceId: 'm-2', networkId: 'n-2' }, 5),
  ],
  floatingAddresses: [version({ id: 'f-1', portId: 'p-1', routerId: 'r-1' }, 0, 30), version({ id: 'f-2', portId: 'p-2' }, 0)],
  networks: [version({ id: 'n-1', projectId: 'a' }, 0), version({ id: 'n-2', projectId: 'b' }, 0)],
  ...{
    subnets: [version({ id: 's-1', networkId: 'n-1' }, 0)],
    routers: [version({ id: 'r-1' }, 0)],
    securityGroups: [version({ id: 'g-1' }, 0)],
  },
  projects: [version({ id: 'a', name: 'shop' }, 0), version({ id: 'b', name: 'other' }, 0)],
});

const idsAt = (first: number, last: number): string[] =>
  inventoryExtract(history, 'm-1', epochMicros(first), epochMicros(last))
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { value: { id: string; name?: string } }).value)
    .map(({ id, name }) => [id, name].filter(Boolean).join(' '));

it('holds the machine and all that it refers to, as they were then, and nothing of others', () => {
  expect(idsAt(20, 25)).toEqual(['a shop', 'n-1', 's-1', 'g-1', 'r-1', 'p-1', 'f-1', 'm-1 web-1']);
  expect(idsAt(5, 15)).toContain('m-1 old');
  expect(idsAt(30, 40)).not.toContain('f-1');
});

it('is empty for a machine that nobody knew', () => {
  expect(inventoryExtract(history, 'm-9', epochMicros(0), epochMicros(9))).toBe('');
});
