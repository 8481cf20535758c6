import { describe, expect, it } from 'vitest';
import { FakeFlow } from '../../../../test/build/fake-flow.ts';
import { bytesOf, inBuffer, long, type Part, randomSource, short } from '../../../../test/build/wire-bytes.ts';
import { epochMicros } from '../../../base/units.ts';
import type { Analyzer, Flow } from '../analyzer.ts';
import { dhcp } from './dhcp.ts';

const SECOND = 1_000_000;
const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;
const mac = [0x02, 0, 0, 0, 0, 0x17];

const option = (code: number, ...parts: Part[]): Uint8Array => {
  const content = bytesOf(...parts);
  return bytesOf(code, content.length, content);
};

function message(
  type: number,
  options: readonly Part[] = [],
  fields: { id?: number; yours?: readonly number[]; end?: boolean } = {},
): Uint8Array {
  const { id = 0x3903f326, yours = [0, 0, 0, 0], end = true } = fields;
  const isReply = type === OFFER || type === ACK;
  return bytesOf(
    [isReply ? 2 : 1, 1, 6, 0],
    long(id),
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    yours,
    [0, 0, 0, 0, 0, 0, 0, 0],
    [...mac, ...new Array<number>(10).fill(0)],
    new Array<number>(192).fill(0),
    [0x63, 0x82, 0x53, 0x63],
    type === 0 ? [] : option(53, type),
    ...options,
    end ? [255] : [],
    [0, 0],
  );
}

/** One engine's DHCP, with time that packets carry. */
class Network {
  readonly rows: Record<string, unknown>[] = [];
  readonly #analyzer: Analyzer;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor() {
    this.#analyzer =
      dhcp.instance?.({
        emit: (_name, row) => this.rows.push(row),
        wake: (at) => {
          this.#wakeAt = Math.min(this.#wakeAt, at);
        },
      }) ?? dhcp;
  }

  packet(at: number, content: Uint8Array, values: Partial<Flow> & { fromClient?: boolean } = {}): FakeFlow {
    this.tick(at);
    const { fromClient = true, ...rest } = values;
    const flow = new FakeFlow('dhcp', {
      transport: 'udp',
      clientAddress: '0.0.0.0',
      clientPort: 68,
      serverAddress: '255.255.255.255',
      serverPort: 67,
      ...rest,
    });
    const { bytes, start, end } = inBuffer(content);
    this.#analyzer.open(flow, true).onBytes(fromClient, bytes, start, end, epochMicros(at));
    return flow;
  }

  tick(at: number): void {
    if (at < this.#wakeAt) return;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#analyzer.onTime?.(epochMicros(at));
  }

  finish(at = 0): Record<string, unknown>[] {
    this.#analyzer.onFinish?.(epochMicros(at));
    return this.rows;
  }
}

const fromServer = { uid: 'C2', clientAddress: '192.0.2.50', serverAddress: '192.0.2.1', fromClient: false };

describe('DHCP', () => {
  it('joins the messages of several connections into one row', () => {
    const network = new Network();
    const lease = [option(51, long(3600)), option(15, 'example.org', 0), option(54, [192, 0, 2, 1])];
    const wish = [option(61, 1, mac), option(12, 'vm-17'), option(81, [0, 0, 0], 'vm-17.example.org'), option(50, [192, 0, 2, 50])];
    network.packet(0, message(DISCOVER, wish), { uid: 'C1' });
    network.packet(1000, message(OFFER, lease, { yours: [192, 0, 2, 50] }), fromServer);
    network.packet(2000, message(REQUEST, wish), { uid: 'C1' });
    const flow = network.packet(3000, message(ACK, lease, { yours: [192, 0, 2, 50] }), fromServer);
    expect(flow.services).toEqual(['dhcp']);
    expect(network.finish()).toEqual([
      {
        ts: 0,
        uids: ['C1', 'C2'],
        client_addr: '192.0.2.50',
        server_addr: '192.0.2.1',
        mac: '02:00:00:00:00:17',
        host_name: 'vm-17',
        client_fqdn: 'vm-17.example.org',
        domain: 'example.org',
        requested_addr: '192.0.2.50',
        assigned_addr: '192.0.2.50',
        lease_time: 3600,
        client_message: undefined,
        server_message: undefined,
        msg_types: ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'],
        duration: 0.003,
        context: undefined,
      },
    ]);
  });

  it('takes a server that broadcasts for the opener of the connection', () => {
    const network = new Network();
    network.packet(0, message(6, [option(56, 'wrong net')]), { clientAddress: '192.0.2.1', clientPort: 67, serverPort: 68 });
    network.packet(1, message(OFFER, [], { yours: [192, 0, 2, 9] }), { clientAddress: '192.0.2.1', clientPort: 67, serverPort: 68 });
    expect(network.finish()).toMatchObject([
      {
        server_addr: '192.0.2.1',
        server_message: 'wrong net',
        client_message: undefined,
        msg_types: ['NAK', 'OFFER'],
        mac: '02:00:00:00:00:17',
      },
    ]);
  });

  it('falls back on the hardware address field at the end', () => {
    const network = new Network();
    network.packet(0, message(DISCOVER, [option(61, 0, 'not ethernet')]));
    expect(network.finish()).toMatchObject([{ mac: '02:00:00:00:00:17', client_addr: undefined }]);
  });

  it('writes a conversation after five seconds of silence, seen each ten seconds, and at the latest after thirty', () => {
    const network = new Network();
    network.packet(0, message(DISCOVER, [], { id: 1 }));
    network.packet(1 * SECOND, message(DISCOVER, [], { id: 2 }));
    for (let second = 4; second <= 60; second += 4) network.packet(second * SECOND, message(DISCOVER, [], { id: 2 }));
    expect(network.rows.map((row) => [row['ts'], (row['msg_types'] as string[]).length])).toEqual([
      [0, 1],
      [1 * SECOND, 9],
    ]);
    expect(network.finish()).toHaveLength(3);
  });

  it('fills a row with ten connections or fifty messages', () => {
    const network = new Network();
    for (let i = 0; i < 25; i++) network.packet(i, message(8), { uid: `C${i}` });
    expect(network.rows.map((row) => (row['uids'] as string[]).length)).toEqual([10, 10]);
    for (let i = 0; i < 50; i++) network.packet(i, message(8, [], { id: 5 }));
    expect(network.rows[2]?.['msg_types']).toHaveLength(50);
  });

  it('keeps tenants with the same identifier apart', () => {
    const network = new Network();
    network.packet(0, message(DISCOVER), { context: 'vni 1' });
    network.packet(1, message(DISCOVER), { context: 'vni 2' });
    expect(network.finish().map((row) => row['context'])).toEqual(['vni 1', 'vni 2']);
  });

  it('stays bounded under a flood of identifiers', () => {
    const network = new Network();
    for (let id = 0; id < 20_000; id++) network.packet(id, message(DISCOVER, [], { id }));
    expect(network.rows).toHaveLength(20_000 - 16_384);
    expect(network.finish()).toHaveLength(20_000);
  });

  it('takes options of fixed size at that size whatever their length says', () => {
    const network = new Network();
    network.packet(0, message(DISCOVER, [bytesOf(50, 0, [192, 0, 2, 7]), bytesOf(3, 5, [1, 2, 3, 4]), option(12, 'h')]));
    expect(network.finish()).toMatchObject([{ requested_addr: '192.0.2.7', host_name: 'h' }]);
  });

  it('refuses messages without end, cookie or type', () => {
    const bad = message(DISCOVER);
    bad.set([0], 236);
    const network = new Network();
    expect(network.packet(0, message(DISCOVER, [option(12, 'h')], { end: false }).subarray(0, 246)).rejected).toBe(
      'DHCP message is cut short',
    );
    expect(network.packet(0, bad).rejected).toBe('bad cookie');
    expect(network.packet(0, message(0)).rejected).toBe('no DHCP message type option');
    expect(network.finish()).toMatchObject([{ msg_types: ['unknown-message-type-0'] }]);
  });

  it('writes the row with the connection when nothing joins connections', () => {
    const flow = new FakeFlow('dhcp', { transport: 'udp', serverPort: 67 });
    const session = dhcp.open(flow, true);
    const { bytes, start, end } = inBuffer(message(DISCOVER));
    session.onBytes(true, bytes, start, end, epochMicros(1));
    session.onClose(epochMicros(2));
    expect(flow.rows).toHaveLength(1);
  });

  it('survives every truncation and ten thousand random option fields', () => {
    const whole = message(REQUEST, [
      option(61, 1, mac),
      option(82, [1, 2, 3, 4]),
      option(81, [0, 0, 0], 'x'),
      option(6, short(1), short(2)),
    ]);
    const network = new Network();
    for (let length = 0; length <= whole.length; length++) network.packet(length, whole.subarray(0, length));
    const random = randomSource(67);
    for (let round = 0; round < 10_000; round++) {
      const content = message(0, [Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256))], {
        end: random() < 0.5,
      });
      network.packet(round, content);
    }
    expect(network.finish().length).toBeGreaterThan(1);
  });
});
