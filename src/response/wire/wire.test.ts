import { describe, expect, it } from 'vitest';
import { acmeWorld } from '../../../test/build/cloud-world.ts';
import { FakeCloud } from '../../cloud/fake/fake-cloud.ts';
import type { CommandRequest, CommandResult, CommandRunner } from '../../host/command-runner.ts';
import { cutConnections } from './cut-connections.ts';
import { findWirePoints, parseWirePoint } from './find-points.ts';
import { FlowTable } from './flow-table.ts';
import { parseTcpdumpLine } from './parse-tcpdump.ts';
import { WireWatch } from './wire-watch.ts';

const vm = '10.0.0.5';
const shell = `1700000001.500000 IP ${vm}.51022 > 198.51.100.66.4444: Flags [P.], seq 1:6, ack 1, win 502, length 5`;
const answer = `1700000002.000000 IP 198.51.100.66.4444 > ${vm}.51022: Flags [.], ack 6, win 502, length 0`;

describe('a line of tcpdump', () => {
  it.each([
    [
      shell,
      {
        protocol: 'tcp',
        from: { address: vm, port: 51_022 },
        to: { address: '198.51.100.66', port: 4444 },
        opens: false,
        atMs: 1_700_000_001_500,
      },
    ],
    [`1700000001.1 IP ${vm}.1 > 198.51.100.10.22: Flags [S], seq 1, win 1, length 0`, { protocol: 'tcp', opens: true }],
    [`1700000001.1 IP 198.51.100.10.22 > ${vm}.1: Flags [S.], seq 1, ack 2, win 1, length 0`, { protocol: 'tcp', opens: false }],
    [`1700000001.1 IP ${vm} > 198.51.100.10: ICMP echo request, id 1, seq 1, length 64`, { protocol: 'icmp', from: { address: vm } }],
    [
      `1700000001.1 IP ${vm}.5353 > 198.51.100.53.53: 4660+ A? example.com. (29)`,
      { protocol: 'udp', to: { address: '198.51.100.53', port: 53 } },
    ],
    [
      '1700000001.1 IP6 2001:db8::5.51022 > 2001:db8::1.443: Flags [S], seq 1, length 0',
      { from: { address: '2001:db8::5', port: 51_022 } },
    ],
    [
      '1700000001.1 IP6 2001:db8::5 > 2001:db8::1: ICMP6, echo request, id 1, seq 1, length 64',
      { to: { address: '2001:db8::1' }, protocol: 'icmp' },
    ],
  ])('%s', (line, packet) => {
    expect(parseTcpdumpLine(line)).toMatchObject(packet);
  });

  it.each(['', 'tcpdump: listening on tap0', '1700000001.1 ARP, Request who-has 10.0.0.1 tell 10.0.0.5, length 28'])(
    'is passed over: "%s"',
    (line) => {
      expect(parseTcpdumpLine(line)).toBeUndefined();
    },
  );
});

describe('packets that must not be', () => {
  const nobody = (): boolean => false;
  const counted = (side: 'machine' | 'router', inbound: boolean, lines: readonly string[]): number => {
    const table = new FlowTable([vm], { inbound, isInvestigator: nobody });
    for (const line of lines) {
      const packet = parseTcpdumpLine(line);
      if (packet !== undefined) table.add(packet, side);
    }
    return table.packetsBefore;
  };
  const visit = [
    `1700000001.1 IP 198.51.100.10.50000 > ${vm}.80: Flags [S], seq 1, length 0`,
    `1700000001.2 IP ${vm}.80 > 198.51.100.10.50000: Flags [S.], seq 1, ack 2, length 0`,
  ];

  it('are what the machine sends, behind the firewall', () => {
    expect(counted('router', true, [shell, answer])).toBe(1);
  });

  it('are what is delivered to it, before the firewall, where it may try what it likes', () => {
    expect(counted('machine', true, [shell, shell, answer])).toBe(1);
  });

  it('are, in mode egress, only those of what the machine opened', () => {
    expect(counted('router', false, visit)).toBe(0);
    expect(counted('machine', false, visit)).toBe(0);
    expect(counted('router', false, [shell])).toBe(1);
    expect(counted('router', true, visit)).toBe(1);
  });

  it('are not those of an investigator', () => {
    const table = new FlowTable([vm], { inbound: true, isInvestigator: (address) => address === '198.51.100.66' });
    for (const line of [shell, answer]) table.add(parseTcpdumpLine(line) as never, 'router');
    expect(table.packetsBefore).toBe(0);
  });

  it('are remembered by flow up to a bound, and counted beyond', () => {
    const table = new FlowTable([vm], { inbound: true, isInvestigator: nobody });
    for (let port = 1; port <= 3000; port++) {
      table.add(parseTcpdumpLine(`1700000001.1 IP ${vm}.1 > 198.51.100.10.${port}: Flags [S], seq 1, length 0`) as never, 'router');
    }
    expect(table.dropped).toBe(1000);
    expect(table.survivors(0)).toHaveLength(20);
  });
});

/** A runner that answers from a table; tcpdump prints lines and waits to be stopped. */
class TableRunner implements CommandRunner {
  readonly asked: string[] = [];
  tcpdumpLines: readonly string[] = [];
  tcpdumpFails = false;

  async run({ program, args, namespace, onLine, signal }: CommandRequest): Promise<CommandResult> {
    this.asked.push([namespace ?? '', program, ...args].join(' ').trim());
    const done = (stdout: string, code = 0): CommandResult => ({ code, stdout, stderr: '', truncated: false });
    if (program === 'tcpdump') {
      if (this.tcpdumpFails) {
        onLine?.('tcpdump: tap0: You don’t have permission', 'stderr');
        return done('', 1);
      }
      onLine?.('tcpdump: listening on x', 'stderr');
      for (const line of this.tcpdumpLines) onLine?.(line, 'stdout');
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      return { ...done(''), ended: 'stopped' };
    }
    if (program === 'conntrack') return done('tcp 6 431999 ESTABLISHED src=10.0.0.5\n');
    if (args.includes('link')) return done('1: lo: <LOOPBACK>\n7: tapp1@if2: <UP>\n');
    if (args.includes('netns')) return done('qrouter-r1 (id: 4)\nqdhcp-x\n');
    return done('2: qr-aaaa    inet 10.0.0.1/24 brd 10.0.0.255\n3: qg-bbbb    inet 203.0.113.2/24\n4: qr-cccc    inet 10.9.0.1/24\n');
  }
}

describe('points to look at', () => {
  it('are the machine’s own devices and its routers’ devices, where they are on this computer', async () => {
    const world = acmeWorld();
    world.routers.push({
      id: 'r1',
      name: 'edge',
      projectId: 'acme',
      gatewayAddresses: [],
      snat: true,
      ha: false,
      distributed: false,
      hosts: [],
    });
    const state = await new FakeCloud(world).machineState('web-1');
    expect(await findWirePoints(new TableRunner(), state)).toEqual([
      { side: 'machine', interface: 'tapp1' },
      { side: 'router', interface: 'qr-aaaa', namespace: 'qrouter-r1' },
    ]);
  });

  it('may be named', () => {
    expect(parseWirePoint('qrouter-1-2:qr-aaaa')).toEqual({ side: 'router', interface: 'qr-aaaa', namespace: 'qrouter-1-2' });
    expect(parseWirePoint('tap12345678-90')).toEqual({ side: 'machine', interface: 'tap12345678-90' });
    for (const bad of ['', 'a:b:c', '-i', 'x y', 'name-that-is-too-long']) expect(parseWirePoint(bad)).toBeUndefined();
  });
});

describe('a look at the wire', () => {
  const times = { baselineMs: 0, quietMs: 1000, patienceMs: 3000 };
  /** A clock that only sleeping moves. */
  const clock = (startMs: number) => {
    let nowMs = startMs;
    return {
      now: () => new Date(nowMs),
      sleep: (ms: number) => {
        nowMs += ms;
        return Promise.resolve();
      },
    };
  };
  const request = async () => ({
    state: await new FakeCloud(acmeWorld()).machineState('web-1'),
    points: [{ side: 'router', interface: 'qr-aaaa', namespace: 'qrouter-r1' } as const],
    ...{ inbound: true, allowFrom: [] },
  });

  it('is silent when nothing came for long enough, and says when the last packet came', async () => {
    const runner = new TableRunner();
    runner.tcpdumpLines = [shell];
    const watch = new WireWatch(runner, await request(), clock(1_700_000_001_000));
    watch.changed();
    await watch.start();
    const report = await watch.finish(times);
    expect(report).toMatchObject({ checked: true, silent: true, packetsAfter: 1, lastPacketAt: '2023-11-14T22:13:21.500Z', survivors: [] });
    expect(report.remarks).toEqual([expect.stringContaining('nothing to stop')]);
    expect(runner.asked[0]).toMatch(/^qrouter-r1 tcpdump -n -tt -l .*-i qr-aaaa \(host 10\.0\.0\.5\) and not/);
  });

  it('is not silent while packets come, and names their flows', async () => {
    const runner = new TableRunner();
    runner.tcpdumpLines = ['1700000009.000000 IP 10.0.0.5.51022 > 198.51.100.66.4444: Flags [.], ack 1, length 0'];
    const watch = new WireWatch(runner, await request(), clock(1_700_000_005_500));
    await watch.start();
    watch.changed();
    const { silent, survivors } = await watch.finish(times);
    expect(silent).toBe(false);
    expect(survivors).toMatchObject([{ protocol: 'tcp', machine: '10.0.0.5:51022', peer: '198.51.100.66:4444', openedByMachine: true }]);
  });

  it('is no proof when tcpdump cannot look', async () => {
    const runner = new TableRunner();
    runner.tcpdumpFails = true;
    const watch = new WireWatch(runner, await request(), clock(0));
    await watch.start();
    expect(await watch.finish(times)).toMatchObject({
      checked: false,
      silent: false,
      remarks: [expect.stringContaining('permission'), expect.any(String)],
    });
  });

  it('cuts what the router still tracks', async () => {
    const runner = new TableRunner();
    const { state, points } = await request();
    expect(await cutConnections(runner, state, points)).toHaveLength(2);
    expect(runner.asked).toEqual(['qrouter-r1 conntrack -D -s 10.0.0.5', 'qrouter-r1 conntrack -D -r 10.0.0.5']);
  });
});
