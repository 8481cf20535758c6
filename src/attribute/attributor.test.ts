import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type eventsOf, floating, historyOf, machine, network, port, read } from '../../test/build/inventory.ts';
import { epochMicros } from '../base/units.ts';
import type { AttributionQuery } from '../model/attribution.ts';
import type { InventoryTimeline } from '../model/inventory-timeline.ts';
import { Attributor, attribute } from './attributor.ts';
import { holdings } from './holders.ts';

const at = (seconds: number) => epochMicros(seconds * 1e6);
const who = (history: InventoryTimeline, seconds: number, query: Omit<AttributionQuery, 'at'>) => {
  const { verdict, candidates } = new Attributor(history).attribute({ ...query, at: at(seconds) });
  return { verdict, names: candidates.map(({ name, confidence }) => [name, confidence]) };
};
const vm = (id: string, address: string, net = 'net-a', mac = '') => ({
  machines: [machine(id)],
  ports: [port(`port-${id}`, net, [address], id, { mac })],
});

describe('whose an address was', () => {
  const moved = historyOf([100, vm('old', '10.0.0.5')], [200, vm('old', '10.0.0.5')], [300, vm('new', '10.0.0.5')], [400, {}]);

  it('is told as of the time, also after the machine is deleted', () => {
    expect(who(moved, 150, { address: '10.0.0.5' })).toEqual({ verdict: 'one', names: [['old', 1]] });
    expect(who(moved, 300, { address: '10.0.0.5' })).toEqual({ verdict: 'one', names: [['new', 1]] });
    expect(who(moved, 400, { address: '10.0.0.5' })).toEqual({ verdict: 'unowned', names: [] });
  });

  it('is open between two readings, by how near each is', () => {
    expect(who(moved, 225, { address: '10.0.0.5' })).toEqual({
      verdict: 'ambiguous',
      names: [
        ['old', 0.75],
        ['new', 0.25],
      ],
    });
    expect(attribute(moved, { at: at(225), address: '10.0.0.5' }).candidates[0]?.reasons.join()).toContain('changed at some time between');
  });

  it('follows the provider where it says when a machine was made', () => {
    const history = historyOf(
      [100, {}],
      [200, { ...vm('a', '10.0.0.5'), machines: [machine('a', { createdAt: '1970-01-01T00:02:30Z' })] }],
    );
    expect(who(history, 140, { address: '10.0.0.5' })).toEqual({ verdict: 'unowned', names: [] });
    expect(who(history, 190, { address: '10.0.0.5' }).names).toEqual([['a', 0.9]]);
  });

  it('is not known before the first reading and stale after the last, and says so', () => {
    expect(who(moved, 50, { address: '10.0.0.5' })).toEqual({ verdict: 'unknown', names: [['old', 0.5]] });
    const later = new Attributor(historyOf([100, vm('a', '10.0.0.5')])).attribute({ at: at(100 + 3 * 86_400), address: '10.0.0.5' });
    expect(later).toMatchObject({ verdict: 'one', candidates: [{ name: 'a', confidence: 0.7 }] });
    expect(later.caveats.join()).toContain('3 d 0 h earlier');
    expect(who(moved, 4000, { address: '10.0.0.9' }).verdict).toBe('unknown');
  });

  it('is not "nobody" where a gap may hide somebody', () => {
    const history = historyOf([100, {}]);
    read(history, 200, [{ event: 'gap', gap: { kind: 'ports', reason: 'forbidden', detail: 'not allowed' } }]);
    expect(who(history, 100_000, { address: '10.0.0.5' }).verdict).toBe('unknown');
  });
});

describe('equal addresses of tenants', () => {
  const nets = [
    network('net-a', { segments: [{ type: 'vxlan', number: 11 }] }),
    network('net-b', { segments: [{ type: 'vxlan', number: 12 }] }),
  ];
  const ids = { a: '11111111-1111-4111-8111-111111111111', b: '22222222-2222-4222-8222-222222222222' };
  const history = historyOf([
    100,
    {
      networks: nets,
      subnets: nets.map(({ id }) => ({ id: `s-${id}`, name: '', networkId: id, projectId: 'p1', cidr: '10.0.1.0/24' })),
      routers: [
        {
          id: 'ffffffff-1111-4111-8111-111111111111',
          name: 'edge-b',
          projectId: 'p1',
          gatewayAddresses: [],
          snat: true,
          ha: false,
          distributed: false,
          hosts: [],
        },
      ],
      machines: [machine('vm-a'), machine('vm-b')],
      ports: [
        port(ids.a, 'net-a', ['10.0.1.11'], 'vm-a', { mac: 'fa:16:3e:00:00:0a' }),
        port(ids.b, 'net-b', ['10.0.1.11'], 'vm-b', { mac: 'fa:16:3e:00:00:0b', allowedPairs: [{ address: '10.9.0.0/16' }] }),
        port('33333333-3333-4333-8333-333333333333', 'net-b', ['10.0.1.1'], 'ffffffff-1111-4111-8111-111111111111', {
          mac: 'fa:16:3e:00:00:01',
          deviceOwner: 'network:router_interface',
        }),
      ],
    },
  ]);
  const names = (query: Omit<AttributionQuery, 'at'>) => who(history, 100, query).names.map(([name]) => name);

  it('are shown as ambiguous without a context', () => {
    expect(who(history, 100, { address: '10.0.1.11' })).toEqual({
      verdict: 'ambiguous',
      names: [
        ['vm-a', 0.5],
        ['vm-b', 0.5],
      ],
    });
  });

  it.each([
    [{ context: 'vxlan:11' }, 'vm-a'],
    [{ context: 'eth0/vxlan:12' }, 'vm-b'],
    [{ context: 'net-a' }, 'vm-a'],
    [{ context: 'edge-b' }, 'vm-b'],
    [{ capturePoint: 'qrouter-ffffffff-1111-4111-8111-111111111111' }, 'vm-b'],
    [{ capturePoint: 'qdhcp-net-x', context: 'vxlan:12' }, 'vm-b'],
    [{ capturePoint: 'node1-tap11111111-11.pcap' }, 'vm-a'],
    [{ context: 'qr-33333333-33' }, 'vm-b'],
    [{ capturePoint: 'qvo22222222-22' }, 'vm-b'],
    [{ mac: 'FA-16-3E-00-00-0A' }, 'vm-a'],
    [{ mac: 'fa:16:3e:00:00:01' }, 'vm-b'],
  ])('are told apart by %j', (place, name) => expect(names({ address: '10.0.1.11', ...place })).toEqual([name]));

  it('say which other holder was set aside', () => {
    expect(attribute(history, { at: at(100), address: '10.0.1.11', context: 'vxlan:11' }).caveats.join()).toContain('vm-b in net-b');
  });

  it('do not follow a segment number that no network has', () => {
    const answer = attribute(history, { at: at(100), address: '10.0.1.11', context: 'vxlan:77' });
    expect(answer).toMatchObject({ verdict: 'ambiguous', caveats: [expect.stringContaining('vxlan:77')] });
  });

  it('are found by MAC alone, and a foreign address of a MAC is said to be one', () => {
    expect(names({ mac: 'fa:16:3e:00:00:0b' })).toEqual(['vm-b']);
    const forged = attribute(history, { at: at(100), address: '198.51.100.1', mac: 'fa:16:3e:00:00:0b' });
    expect(forged.candidates).toMatchObject([
      { name: 'vm-b', reasons: expect.arrayContaining([expect.stringContaining('neither one of its addresses nor allowed')]) },
    ]);
    expect(names({ address: '10.9.3.4' })).toEqual(['vm-b']);
  });
});

describe('public addresses', () => {
  const base = {
    networks: [network('public', { external: true }), network('net-a')],
    routers: [
      {
        id: 'r1',
        name: 'edge',
        projectId: 'p1',
        gatewayAddresses: [{ address: '203.0.113.2' }],
        externalNetworkId: 'public',
        snat: true,
        ha: false,
        distributed: false,
        hosts: [],
      },
    ],
    machines: [machine('a'), machine('b')],
    ports: [
      port('pa', 'net-a', ['10.0.0.5'], 'a'),
      port('pb', 'net-a', ['10.0.0.6'], 'b'),
      port('pr', 'net-a', ['10.0.0.1'], 'r1', { deviceOwner: 'network:router_interface' }),
    ],
  };

  it('move from machine to machine', () => {
    const history = historyOf(
      [100, { ...base, floatingAddresses: [floating('203.0.113.9', 'pa')] }],
      [200, { ...base, floatingAddresses: [floating('203.0.113.9')] }],
      [300, { ...base, floatingAddresses: [floating('203.0.113.9', 'pb')] }],
    );
    expect(who(history, 100, { address: '203.0.113.9' }).names).toEqual([['a', 1]]);
    expect(new Attributor(history).attribute({ at: at(200), address: '203.0.113.9' }).candidates).toMatchObject([{ kind: 'floating' }]);
    expect(who(history, 300, { address: '203.0.113.9' }).names).toEqual([['b', 1]]);
    expect(holdings(new Attributor(history), '203.0.113.9').map((one) => [one.who.name, one.from, one.to])).toEqual([
      ['a', at(100), at(200)],
      ['203.0.113.9', at(200), at(300)],
      ['b', at(300), undefined],
    ]);
  });

  it('of a router are shared, which is said', () => {
    const history = historyOf([100, { ...base, floatingAddresses: [floating('203.0.113.9', 'pa')] }]);
    const [router] = attribute(history, { at: at(100), address: '203.0.113.2' }).candidates;
    expect(router).toMatchObject({
      kind: 'router',
      name: 'edge',
      reasons: [expect.stringContaining('1 machine without a floating address share it (b)')],
    });
  });

  it('with port forwardings are told by port', () => {
    const forward = (id: string, external: number, portId: string) => ({
      ...{ id, floatingAddressId: 'f-203.0.113.9', protocol: 'tcp', externalFrom: external, externalTo: external, portId },
      ...{ internalAddress: '10.0.0.5', internalFrom: 22, internalTo: 22 },
    });
    const history = historyOf([
      100,
      { ...base, floatingAddresses: [floating('203.0.113.9')], portForwardings: [forward('x', 2201, 'pa'), forward('y', 2202, 'pb')] },
    ]);
    expect(who(history, 100, { address: '203.0.113.9', port: 2202 }).names).toEqual([['b', 1]]);
    expect(who(history, 100, { address: '203.0.113.9' })).toEqual({
      verdict: 'ambiguous',
      names: [
        ['a', 0.5],
        ['b', 0.5],
      ],
    });
    expect(attribute(history, { at: at(100), address: '203.0.113.9', port: 80 }).candidates).toMatchObject([{ kind: 'floating' }]);
  });
});

type State = Readonly<Record<string, { readonly net: string; readonly address: string }>>;
const addresses = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3');
const states = fc.array(
  fc.dictionary(fc.constantFrom('m1', 'm2', 'm3', 'm4'), fc.record({ net: fc.constantFrom('net-a', 'net-b'), address: addresses })),
  {
    minLength: 1,
    maxLength: 12,
  },
);

/** Readings at 100, 200, … seconds. */
const historyOfStates = (all: readonly State[]): InventoryTimeline =>
  historyOf(
    ...all.map((state, i) => {
      const ports = Object.entries(state).map(([id, { net, address }]) => port(`port-${id}`, net, [address], id));
      return [
        100 * (i + 1),
        { networks: [network('net-a'), network('net-b')], machines: Object.keys(state).map((id) => machine(id)), ports },
      ] as const;
    }),
  );

const holdersIn = (state: State | undefined, address: string, context: string | undefined): string[] =>
  Object.entries(state ?? {})
    .filter(([, one]) => one.address === address && (context === undefined || one.net === context))
    .map(([id]) => id)
    .sort();

const verdictOf = (holders: readonly string[]): string => ['unowned', 'one'][holders.length] ?? 'ambiguous';

describe('as-of answers', () => {
  it('equal those of a model that remembers every reading', () => {
    fc.assert(
      fc.property(states, addresses, fc.constantFrom(undefined, 'net-a', 'net-b'), (all, address, context) => {
        const attributor = new Attributor(historyOfStates(all));
        const ask = (seconds: number) => attributor.attribute({ at: at(seconds), address, ...(context !== undefined && { context }) });
        for (const [i, state] of all.entries()) {
          const { verdict, candidates } = ask(100 * (i + 1));
          const holders = holdersIn(state, address, context);
          expect([verdict, candidates.map(({ id }) => id).sort()]).toEqual([verdictOf(holders), holders]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('name, between two readings, everyone whom either shows and nobody else', () => {
    fc.assert(
      fc.property(states, addresses, fc.integer({ min: 1, max: 99 }), (all, address, after) => {
        const attributor = new Attributor(historyOfStates(all));
        for (let i = 0; i + 1 < all.length; i++) {
          const { candidates } = attributor.attribute({ at: at(100 * (i + 1) + after), address });
          const both = new Set([...holdersIn(all[i], address, undefined), ...holdersIn(all[i + 1], address, undefined)]);
          expect(candidates.map(({ id }) => id).sort()).toEqual([...both].sort());
          expect(candidates.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('are the same in whatever order the cloud lists', () => {
    const one = [machine('a'), machine('b')];
    const ports = [port('pa', 'net-a', ['10.0.0.1'], 'a'), port('pb', 'net-b', ['10.0.0.1'], 'b')];
    const ask = (reading: Parameters<typeof eventsOf>[0]) =>
      JSON.stringify(attribute(historyOf([100, reading]), { at: at(100), address: '10.0.0.1' }));
    expect(ask({ machines: one, ports })).toBe(ask({ machines: one.toReversed(), ports: ports.toReversed() }));
  });
});
