// Reading a large cloud: as many requests as it has pages, and memory for one page, whatever its size.
import { describe, expect, test } from 'vitest';
import { openStackCloud } from '../../src/cloud/openstack/open-cloud.ts';
import { closeServersAfterwards } from '../support/local-server.ts';
import { type StandInList, standInOpenStack } from '../support/stand-in-openstack.ts';

closeServersAfterwards();

const idOf = (kind: number, index: number): string => `0000000${kind}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
const indexOf = (id: string): number => Number.parseInt(id.slice(24), 16);

const list = (length: number, item: StandInList['item']): StandInList => ({ length, item, indexOf });

/** As Nova and Neutron say it: some 1.5 and 1.2 kB each. */
const serversOf = (count: number): StandInList =>
  list(count, (index) => ({
    id: idOf(1, index),
    name: `machine-${index}`,
    status: 'ACTIVE',
    tenant_id: idOf(3, index % 50),
    user_id: idOf(4, index % 80),
    metadata: { role: 'web', note: 'x'.repeat(400) },
    image: { id: idOf(5, index % 9), links: [{ rel: 'bookmark', href: `http://inside.invalid/images/${idOf(5, index % 9)}` }] },
    flavor: { vcpus: 1, ram: 2048, disk: 20, original_name: 'm1.small', extra_specs: {} },
    addresses: { net: [{ addr: '10.0.0.1', version: 4, 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01' }] },
    'OS-EXT-SRV-ATTR:host': `compute-${index % 60}`,
    'OS-EXT-SRV-ATTR:user_data': 'y'.repeat(300),
    tags: [],
  }));

const portsOf = (count: number): StandInList =>
  list(count, (index) => ({
    id: idOf(2, index),
    name: '',
    project_id: idOf(3, index % 50),
    network_id: idOf(6, index % 70),
    mac_address: 'fa:16:3e:00:00:01',
    fixed_ips: [{ subnet_id: idOf(7, index % 70), ip_address: '10.0.0.1' }],
    security_groups: [idOf(8, index % 90)],
    device_id: idOf(1, index >> 1),
    device_owner: 'compute:nova',
    'binding:vif_details': { connectivity: 'l2', port_filter: true, bound_drivers: { 0: 'openvswitch' }, note: 'z'.repeat(300) },
    revision_number: 3,
  }));

interface Reading {
  readonly items: number;
  readonly requests: number;
  /** Of what is still in use, above what was before. */
  readonly peakBytes: number;
  readonly ms: number;
}

/** Reads a cloud of so many servers and twice as many ports. @param weigh collect garbage at each page, and weigh what is left */
async function read(servers: number, { weigh }: { readonly weigh: boolean }): Promise<Reading> {
  const { config, requests } = await standInOpenStack({ lists: { servers: serversOf(servers), ports: portsOf(2 * servers) } });
  const cloud = openStackCloud(config, '0');
  await cloud.identity();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const startedAt = performance.now();
  let peakBytes = 0;
  let items = 0;
  for await (const event of cloud.readInventory()) {
    if (event.event !== 'page') continue;
    items += event.items.length;
    if (weigh) globalThis.gc?.();
    peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed - before);
  }
  const ms = performance.now() - startedAt;
  await cloud.close();
  return { items, requests: requests.length, peakBytes, ms };
}

const show = (what: string, { requests, ms, peakBytes }: Reading): void => {
  process.stdout.write(`${what}: ${requests} requests, ${Math.round(ms)} ms, ${(peakBytes / 1e6).toFixed(1)} MB of heap at most\n`);
};

describe('reading a large cloud', () => {
  test('asks once a page', async () => {
    const reading = await read(2_500, { weigh: false });
    expect(reading.items).toBe(7_500);
    // 5 pages of servers, 10 of ports; the rest is a token, a version, extensions, and lists that are empty.
    expect(reading.requests).toBeLessThan(40);
    show('2 500 servers and 5 000 ports', reading);
  });

  test('needs no more memory for ten times as much', async () => {
    await read(200, { weigh: true });
    const small = await read(500, { weigh: true });
    const large = await read(5_000, { weigh: true });
    expect(large.items).toBe(15_000);
    expect(large.peakBytes).toBeLessThan(Math.max(small.peakBytes * 2, 8e6));
    show('5 000 servers and 10 000 ports, weighed', large);
  });
});
