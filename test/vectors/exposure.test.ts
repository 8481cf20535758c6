// Vectors 12 and 13 of the specification: a cloud of 2 500 servers, and the second day of a report.
import { describe, expect, it } from 'vitest';
import type { InventoryEvent, InventoryItems } from '../../src/model/inventory.ts';
import { InventoryTimeline } from '../../src/model/inventory-timeline.ts';
import { changeLine } from '../../src/report/exposure/exposure-lines.ts';
import { openExposureDirectory } from '../../src/store/exposure-directory/exposure-directory.ts';
import { acceptExposure } from '../../src/workflows/exposure/reports.ts';
import { machine, port } from '../build/cloud-world.ts';
import { eventsOf, type Reading, read } from '../build/inventory.ts';
import { ExposureBench } from '../support/exposure-bench.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const pageSize = 1000;

/** Events of one reading, in pages as Nova gives them. */
function* pagesOf(reading: Reading): Iterable<InventoryEvent> {
  for (const event of eventsOf(reading)) {
    if (event.event !== 'page') yield event;
    else
      for (let i = 0; i < event.items.length; i += pageSize)
        yield { ...event, items: event.items.slice(i, i + pageSize) } as InventoryEvent;
  }
}

function historyOf(reading: Reading): InventoryTimeline {
  const timeline = new InventoryTimeline('prod');
  read(timeline, Date.parse('2026-11-30T02:00:00Z') / 1000, pagesOf({ securityGroups: [], floatingAddresses: [], ...reading }));
  return timeline;
}

const network = (id: string, external: boolean): InventoryItems['networks'] => ({
  id,
  name: id,
  projectId: 'acme',
  segments: [],
  external,
  shared: external,
});
const project = (id: string): InventoryItems['projects'] => ({ id, name: id, enabled: true, tags: [] });
const addressOf = (i: number): string => `203.0.${100 + Math.floor(i / 250)}.${1 + (i % 250)}`;
const fixedOf = (i: number): string => `10.0.${Math.floor(i / 250)}.${1 + (i % 250)}`;

describe('vector 12: 2 500 servers in pages', () => {
  const count = 2500;
  const bench = new ExposureBench(temporaryFolder());
  const ids = Array.from({ length: count }, (_, i) => i);
  const projectOf = (i: number): string => (i % 2 === 0 ? 'acme' : 'globex');
  bench.history = historyOf({
    projects: [project('acme'), project('globex')],
    users: [{ id: 'u1', name: 'alice' }],
    networks: [network('public', true), network('net-acme', false), network('net-globex', false)],
    routers: [
      {
        ...{ id: 'r1', name: 'edge', projectId: 'acme', gatewayAddresses: [{ address: '203.0.113.2' }], externalNetworkId: 'public' },
        ...{ snat: true, ha: false, distributed: false, hosts: [] },
      },
    ],
    machines: ids.map((i) => machine(`vm-${i}`, { projectId: projectOf(i), userId: 'u1' })),
    // Servers 0 and 1 have the same fixed address in two projects.
    ports: ids.map((i) =>
      port(`p-${i}`, `vm-${i}`, {
        ...{ projectId: projectOf(i), networkId: `net-${projectOf(i)}`, mac: '', securityGroupIds: [] },
        fixed: [{ address: i === 1 ? fixedOf(0) : fixedOf(i) }],
      }),
    ),
    floatingAddresses: ids.map((i) => ({
      ...{
        id: `f-${i}`,
        address: addressOf(i),
        projectId: projectOf(i),
        networkId: 'public',
        portId: `p-${i}`,
        fixedAddress: fixedOf(i === 1 ? 0 : i),
      },
    })),
  });
  bench.scanner.open = {
    ...Object.fromEntries(ids.map((i) => [addressOf(i), [22, 8080]])),
    '203.0.113.2': [8080],
    [fixedOf(0)]: [8080],
  };

  it('has every server, shows who may hold an address that two have, and the gateway that only a router has', async () => {
    const { report } = await bench.scan(['inventory', fixedOf(0)]);
    expect(report.scan).toMatchObject({ addresses: count + 2, scanned: count + 2, failed: 0 });
    const on8080 = report.exposures.filter(({ port: number }) => number === 8080);
    expect(on8080).toHaveLength(count + 2);
    const machines = on8080.filter(({ owner }) => owner.kind === 'machine' && owner.verdict === 'one');
    expect(new Set(machines.map(({ owner }) => owner.name)).size).toBe(count);
    expect(machines.every(({ owner }) => owner.user === 'alice' && ['acme', 'globex'].includes(owner.project ?? ''))).toBe(true);
    const both = on8080.find(({ address }) => address === fixedOf(0));
    expect(both?.owner.verdict).toBe('ambiguous');
    expect(both?.owner.candidates.map(({ name, projectName }) => `${name} of ${projectName}`)).toEqual(['vm-0 of acme', 'vm-1 of globex']);
    expect(both?.owner.candidates.every(({ reasons }) => reasons.length > 0)).toBe(true);
    expect(on8080.find(({ address }) => address === '203.0.113.2')?.owner).toMatchObject({ kind: 'router', name: 'edge', project: 'acme' });
  });
});

describe('vector 13: day 2 with one new port, one gone, one accepted exception expired', () => {
  const bench = new ExposureBench(temporaryFolder());
  bench.history = historyOf({
    projects: [project('acme')],
    networks: [network('public', true), network('net', false)],
    machines: [machine('web-1')],
    ports: [port('p1', 'web-1', { networkId: 'net' })],
    floatingAddresses: [
      { id: 'f1', address: '203.0.113.7', projectId: 'acme', networkId: 'public', portId: 'p1', fixedAddress: '10.0.0.5' },
      { id: 'f2', address: '203.0.113.8', projectId: 'acme', networkId: 'public' },
    ],
  });
  const mail = { channel: 'admins', always: false, projects: false };

  it('shows exactly three lines, as text and in the mail', async () => {
    bench.scanner.open = { '203.0.113.7': [22, 3306, 5000, 8080] };
    const first = await bench.scan([], { mail });
    expect(first.changes.map(({ change }) => change)).toEqual(['new', 'new', 'new']);
    const accepted = {
      address: '203.0.113.7',
      protocol: 'tcp',
      port: 8080,
      reason: 'demo',
      expires: '2026-11-30',
      withdraw: false,
    } as const;
    acceptExposure(openExposureDirectory(bench.state), accepted, bench.dependencies);
    bench.now = new Date('2026-12-01T02:15:00Z');
    bench.scanner.open = { '203.0.113.7': [22, 3306, 6379, 8080] };
    const { changes, report } = await bench.scan([], { mail });
    const lines = changes.map(changeLine);
    expect(lines).toEqual([
      'new     medium 203.0.113.7:6379/tcp  unknown service, key-value store  machine web-1, project acme',
      'expired low    203.0.113.7:8080/tcp  unknown service  machine web-1, project acme  (exception ended 2026-11-30: demo (tester))',
      'gone    low    203.0.113.7:5000/tcp  unknown service  machine web-1, project acme',
    ]);
    expect(bench.mails.at(-1)?.text).toBe(`${lines.join('\n')}\n`);
    expect(bench.mails.at(-1)?.subject).toBe('[vedette] exposure 2026-12-01: 1 new, 1 expired, 1 gone, 3 open');
    const database = report.exposures.find(({ port: number }) => number === 3306);
    expect(database).toMatchObject({ since: '2026-11-30T02:15:00.000Z', runs: 2, riskClass: 'database' });
  });

  it('sends nothing when nothing changed, unless asked to', async () => {
    const before = bench.mails.length;
    bench.now = new Date('2026-12-02T02:15:00Z');
    await bench.scan([], { mail });
    expect(bench.mails).toHaveLength(before);
    bench.now = new Date('2026-12-03T02:15:00Z');
    await bench.scan([], { mail: { ...mail, always: true } });
    expect(bench.mails.at(-1)?.text).toBe('nothing changed\n');
  });
});
