import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeasuredHost } from '../../model/exposure.ts';
import { AddressSet } from '../address-set.ts';
import { SocketProber } from '../probe/socket-prober.ts';
import { ConnectScanner } from './connect-scanner.ts';

const servers: Server[] = [];
const udp = createSocket('udp4');
let [ssh, quiet, datagrams] = [0, 0, 0];

function listen(greeting: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (greeting !== '') socket.write(greeting);
    else socket.resume();
  });
  servers.push(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
}

beforeAll(async () => {
  ssh = await listen('SSH-2.0-Test_1.0\u001b[31m red\u202e\r\n');
  quiet = await listen('');
  udp.on('message', (message, { address, port }) => udp.send(message, port, address));
  datagrams = await new Promise((resolve) => udp.bind(0, '127.0.0.1', () => resolve(udp.address().port)));
});
afterAll(() => {
  for (const server of servers) server.close();
  udp.close();
});

async function scan(
  tcpPorts: readonly number[],
  udpPorts: readonly number[],
  signal = new AbortController().signal,
): Promise<MeasuredHost[]> {
  const hosts: MeasuredHost[] = [];
  await new ConnectScanner({ now: () => new Date(0) }).scan({
    ...{ targets: AddressSet.of(['127.0.0.1']), tcpPorts, udpPorts, rate: 1000, hostTimeoutMs: 30_000, versions: false, signal },
    ...{ onHost: (host) => hosts.push(host), onProgress: () => {} },
  });
  return hosts;
}

it('tells open from closed, TCP and UDP', async () => {
  const [host] = await scan([ssh, 1], [datagrams, 1]);
  expect(host).toMatchObject({ address: '127.0.0.1', state: 'up', at: '1970-01-01T00:00:00.000Z' });
  expect(host?.ports.map(({ protocol, port, state, reason }) => [protocol, port, state, reason])).toEqual([
    ['tcp', 1, 'closed', 'conn-refused'],
    ['tcp', ssh, 'open', 'syn-ack'],
    ['udp', 1, 'closed', 'conn-refused'],
    ['udp', datagrams, 'open', 'udp-response'],
  ]);
});

it('counts many closed ports instead of listing them', async () => {
  const many = Array.from({ length: 60 }, (_, i) => i + 1);
  const [host] = await scan([...many, ssh], []);
  expect(host?.ports.map(({ port }) => port)).toEqual([ssh]);
  expect(host?.others).toEqual([{ state: 'closed', count: 60 }]);
});

it('hands on nothing that was interrupted', async () => {
  expect(await scan([ssh], [], AbortSignal.abort())).toEqual([]);
});

it('asks services who they are, and takes out what could steer a terminal', async () => {
  const { signal } = new AbortController();
  const prober = new SocketProber('0');
  expect(await prober.probe('127.0.0.1', ssh, signal)).toEqual({ banner: 'SSH-2.0-Test_1.0 [31m red', ssh: 'SSH-2.0-Test_1.0 [31m red' });
  expect(await prober.probe('127.0.0.1', quiet, signal)).toEqual({});
  expect(await prober.probe('127.0.0.1', 1, signal)).toEqual({});
}, 20_000);
