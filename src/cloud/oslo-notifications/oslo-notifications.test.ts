import { createServer, type Server } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { InventoryWatcher } from '../notifications.ts';
import type { CloudRuntime } from '../runtime.ts';
import { brokerAddress, shownAddress } from './broker-address.ts';
import { osloNotifications } from './oslo-notifications.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Port of a server that answers every connection in the same way. */
async function portOf(greeting: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(greeting);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as { port: number }).port;
}

describe('the address of the broker', () => {
  it('has standards for what a URL leaves out', () => {
    expect(brokerAddress('amqp://broker', {})).toMatchObject({ host: 'broker', port: 5672, user: 'guest', vhost: '/' });
    expect(brokerAddress('amqps://broker/', {})).toMatchObject({ protocol: 'amqps', port: 5671, vhost: '/' });
  });

  it('is decoded, and may be in the environment', () => {
    const address = brokerAddress('$URL', { URL: 'amqps://us%40er:p%2Fw@[2001:db8::1]:1234/%2Fcloud?exchanges=nova,x&topics=t' });
    expect(address).toMatchObject({
      host: '2001:db8::1',
      port: 1234,
      user: 'us@er',
      vhost: '/cloud',
      exchanges: ['nova', 'x'],
      topics: ['t'],
    });
    expect(address.password.reveal()).toBe('p/w');
    expect(shownAddress(address)).toBe('amqps://[2001:db8::1]:1234');
  });

  it.each([
    '$NOTHING',
    'https://u:hunter2@h/',
    'amqp://u:hunter2@h1:1,h2:2/',
    'amqp://u:hunter2%zz@h/',
    'hunter2',
    `amqp://u:hunter2@h/?topics=${'x,'.repeat(33)}`,
  ])('%j is refused without being told', (text) => {
    let message = '';
    try {
      osloNotifications(text, { env: {} });
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/notifications: .*; see vedette config explain/);
    expect(message).not.toContain('hunter2');
  });
});

describe('a broker that is away', () => {
  it.each([
    ['refuses', undefined, /ECONNREFUSED/],
    ['closes', '', /no notifications/],
    ['speaks something else', 'HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(100), /no notifications/],
  ])('that %s is told once, without the password, and tried later and later', async (_, greeting, reason) => {
    const port = greeting === undefined ? 1 : await portOf(greeting);
    const pauses: number[] = [];
    const stop = new AbortController();
    const runtime: CloudRuntime = {
      nowMs: () => 0,
      random: () => 1,
      sleep: (ms) => {
        pauses.push(ms);
        if (pauses.length === 9) stop.abort();
        return Promise.resolve();
      },
    };
    const told: string[] = [];
    const watcher: InventoryWatcher = {
      onKinds: () => told.push('kinds'),
      onAway: (error) => told.push(`${error} ${(error as Error).cause}`),
      onListening: () => told.push('listening'),
    };
    await osloNotifications(`amqp://user:hunter2@127.0.0.1:${port}/`, { env: {}, runtime }).watchInventory(watcher, stop.signal);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(reason);
    expect(told[0]).not.toContain('hunter2');
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });
});
