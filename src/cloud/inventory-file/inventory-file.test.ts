import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read } from '../../../test/build/inventory.ts';
import { removeTemporaryFolders, temporaryTree } from '../../../test/support/temporary-folder.ts';
import type { InventoryHistory } from '../../model/inventory.ts';
import { inventoryKinds } from '../../model/inventory.ts';
import { versionsAt } from '../../model/inventory-at.ts';
import { InventoryTimeline } from '../../model/inventory-timeline.ts';
import { openOpenstackDump } from '../openstack-dump/openstack-dump.ts';
import { inventoryFileSchema } from './file-shape.ts';
import { openInventoryFile } from './inventory-file.ts';
import { inventoryFileText } from './write-file.ts';

removeTemporaryFolders();

const open = (text: string) => openInventoryFile(join(temporaryTree({ 'inventory.yaml': text }), 'inventory.yaml'));

function historyOf(source: ReturnType<typeof open>): InventoryTimeline {
  const timeline = new InventoryTimeline(source.cloud ?? 'x', { timeless: source.asOf === undefined });
  read(timeline, 1e9, source.events());
  return timeline;
}

const itemsOf = (history: InventoryHistory) =>
  Object.fromEntries(inventoryKinds.map((kind) => [kind, versionsAt(history, kind).map(({ value }) => value)]));

const small = `
cloud: small
networks:
  - {name: web-net, project: shop, segments: ["vxlan:11"], subnets: [10.0.1.0/24]}
securityGroups:
  - {name: web, rules: [{protocol: tcp, from: 80}]}
machines:
  - name: web-1
    project: shop
    user: alice
    ports: [{network: web-net, mac: FA-16-3E-00-00-01, addresses: [10.0.1.5], floating: 203.0.113.5, securityGroups: [web]}]
`;

describe('an inventory file', () => {
  it('becomes items whose references are ids', () => {
    const items = itemsOf(historyOf(open(small)));
    expect(items['machines']).toMatchObject([{ id: 'machine:web-1', projectId: 'shop', userId: 'alice', status: 'ACTIVE' }]);
    expect(items['ports']).toMatchObject([
      { mac: 'fa:16:3e:00:00:01', networkId: 'network:web-net', deviceId: 'machine:web-1', securityGroupIds: ['security group:web'] },
    ]);
    expect(items['floatingAddresses']).toMatchObject([{ address: '203.0.113.5', fixedAddress: '10.0.1.5' }]);
    expect(items['networks']).toMatchObject([{ segments: [{ type: 'vxlan', number: 11 }] }]);
  });

  it('counts for all times without asOf, and from then with it', () => {
    expect(open(small).asOf).toBeUndefined();
    expect(open(`asOf: 2026-11-20T08:00:00\n${small}`).asOf).toBe(Date.UTC(2026, 10, 20, 8) * 1000);
  });

  it.each([
    ['', /is empty/],
    ['- a', /must be a map of keys/],
    ['machines: {a: 1}', /line 1: machines must be a list/],
    ['cloud: x\nmachine: []', /line 2: unknown key "machine" in the file, did you mean "machines"\?/],
    ['machines:\n  - name: a\n    porst: []', /line 3: unknown key "porst" in machines\[0\], did you mean "ports"\?/],
    ['machines:\n  - {id: x}', /line 2: machines\[0\] needs name/],
    [
      'networks: [{name: net}]\nmachines:\n  - name: a\n    ports:\n      - {network: ent}',
      /line 5: network: there is no network "ent", did you mean "net"\?/,
    ],
    [
      'networks: [{name: n}]\nports: [{network: n, addresses: [10.0.0.300]}]',
      /line 2: ports\[0\]\.addresses\[0\]: "10.0.0.300" is not an address/,
    ],
    ['networks: [{name: n, subnets: [10.0.0.0/40]}]', /"10.0.0.0\/40" is not a CIDR/],
    ['networks: [{name: n, segments: [vxlan]}]', /is not a segment such as vxlan:11/],
    ['networks: [{name: n}]\nports: [{network: n, mac: 11:22}]', /is not a MAC/],
    ['asOf: yesterday', /is not a time/],
    ['machines: [{name: a}, {name: a}]', /there are two machines a; give them different ids/],
    ['routers: [{name: r, snat: maybe}]', /must be true or false/],
    ['a: [', /line \d+: is not YAML/],
    ['portForwardings: [{floatingAddress: 203.0.113.1, externalFrom: 1, internalAddress: 10.0.0.1}]', /is not among floatingAddresses/],
  ])('%j is refused with its line', (text, sentence) => expect(() => open(text)).toThrow(sentence));

  it('is written so that it reads back as the same', () => {
    const dump = new InventoryTimeline('lab');
    read(dump, 1e9, openOpenstackDump([join(import.meta.dirname, '../openstack-dump/fixtures')]).events());
    for (const history of [
      historyOf(open(small)),
      historyOf(openInventoryFile(join(import.meta.dirname, '../../../samples/inventory.yaml'))),
      dump,
    ]) {
      const once = historyOf(open(inventoryFileText(history, 'yaml')));
      expect(itemsOf(historyOf(open(inventoryFileText(once, 'json'))))).toEqual(itemsOf(once));
      const kept = ({ ports, machines, networks, subnets, routers }: Record<string, unknown[]>) => ({
        ports,
        machines,
        networks,
        subnets,
        routers,
      });
      const forget = (items: Record<string, unknown[]>) =>
        JSON.parse(
          JSON.stringify(kept(items), (key, value: unknown) => (key === 'subnetId' || key === 'domainId' ? undefined : value)),
        ) as unknown;
      expect(forget(itemsOf(once))).toEqual(forget(itemsOf(history)));
    }
  });

  it('has a schema that knows every key and no other', () => {
    expect(inventoryFileSchema()).toMatchObject({ type: 'object', additionalProperties: false });
  });
});
