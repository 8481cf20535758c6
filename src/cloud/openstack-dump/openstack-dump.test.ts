import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read } from '../../../test/build/inventory.ts';
import { removeTemporaryFolders, temporaryFolder, temporaryTree } from '../../../test/support/temporary-folder.ts';
import { Attributor } from '../../attribute/attributor.ts';
import { epochMicros } from '../../base/units.ts';
import { InventoryTimeline } from '../../model/inventory-timeline.ts';
import { openOpenstackDump } from './openstack-dump.ts';

removeTemporaryFolders();

// Printed by the openstack command (6.0) of a laboratory cloud with two tenants whose 10.0.1.11 is the same.
const fixtures = join(import.meta.dirname, 'fixtures');
const at = epochMicros(1e15);

function labHistory(): InventoryTimeline {
  const timeline = new InventoryTimeline('lab');
  read(timeline, 1e9, openOpenstackDump([fixtures]).events());
  return timeline;
}

describe('what the openstack command printed', () => {
  const history = labHistory();
  const attributor = new Attributor(history);
  const who = (query: { address?: string; context?: string; mac?: string }) => attributor.attribute({ at, ...query }).candidates;

  it('joins ports to machines, routers and owners, which no list says', () => {
    expect(who({ address: '203.0.113.111' })).toMatchObject([
      {
        kind: 'machine',
        name: 'web-1',
        projectName: 'acme-web',
        host: 'lab-compute-1',
        networkName: 'web-net',
        routerName: 'acme-edge',
        fixedAddress: '192.168.101.11',
      },
    ]);
    expect(who({ address: '192.168.101.1' })).toMatchObject([{ kind: 'router', name: 'acme-edge' }]);
    expect(who({ address: '192.168.101.100' })).toMatchObject([{ kind: 'dhcp' }]);
    expect(who({ address: '203.0.113.187' })).toMatchObject([{ kind: 'router', name: 'globex-edge' }]);
  });

  it('tells the two 10.0.1.11 apart by router namespace, device and MAC, and not without', () => {
    expect(who({ address: '10.0.1.11' }).map(({ name }) => name)).toEqual(['app-1', 'build-1']);
    expect(who({ address: '10.0.1.11', context: 'qrouter-87913495-e59f-4e70-b1a3-514517ab213d' })).toMatchObject([{ name: 'build-1' }]);
    expect(who({ address: '10.0.1.11', context: 'tap661a9c2c-1e' })).toMatchObject([{ name: 'app-1' }]);
    expect(who({ address: '10.0.1.11', mac: 'fa:16:3e:db:9a:33' })).toMatchObject([{ name: 'build-1' }]);
  });

  it('says what the lists do not tell', () => {
    const { notes, asOf } = openOpenstackDump([fixtures]);
    expect(notes.join()).toContain('no column Project ID');
    expect(asOf).toBeGreaterThan(1e15);
    expect(history.gaps).toMatchObject([{ kind: 'securityGroups', detail: expect.stringContaining('does not say which groups') }]);
  });

  it('says which lists are missing, and makes nothing gone for it', () => {
    const { notes, events } = openOpenstackDump([join(fixtures, 'server-list.json')]);
    expect(notes.at(-1)).toContain('openstack port list --long -f json');
    expect([...events()].filter(({ event }) => event === 'complete')).toEqual([{ event: 'complete', kind: 'machines' }]);
  });

  it('reads the texts of older clients', () => {
    const folder = temporaryTree({
      'servers.json': JSON.stringify([
        { ID: 'm1', Name: 'old', Status: 'ACTIVE', Networks: 'net-a=10.0.0.5, 203.0.113.5; net-b=10.1.0.5' },
      ]),
      'ports.json': JSON.stringify([
        {
          ID: 'p1',
          Name: '',
          'MAC Address': 'FA:16:3E:00:00:01',
          'Fixed IP Addresses': "ip_address='10.1.0.5', subnet_id='s'",
          Status: 'ACTIVE',
        },
      ]),
    });
    const timeline = new InventoryTimeline('old');
    read(timeline, 1e9, openOpenstackDump([folder]).events());
    expect(new Attributor(timeline).attribute({ at, address: '10.1.0.5' }).candidates).toMatchObject([
      { name: 'old', mac: 'fa:16:3e:00:00:01' },
    ]);
  });

  it.each([
    [{ 'a.json': '{' }, /a\.json: is not JSON/],
    [{ 'a.json': '{"servers": []}' }, /is not a list as openstack/],
    [{ 'a.json': '[{"x": 1}]' }, /there is no list of openstack/],
    [{ 'a.json': '[]' }, /there is no list of openstack/],
  ])('refuses %j in one sentence', (files, sentence) => expect(() => openOpenstackDump([temporaryTree(files)])).toThrow(sentence));

  it('refuses what is not there and what is empty', () => {
    expect(() => openOpenstackDump(['/nowhere/x.json'])).toThrow(/no such file/);
    const folder = join(temporaryFolder(), 'empty');
    mkdirSync(folder);
    expect(() => openOpenstackDump([folder])).toThrow(/there is no list/);
  });
});
