// A sync that polls every ten minutes and hears of changes from a real RabbitMQ: the one of the OpenStack lab, or VEDETTE_TEST_BROKER.
import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ChannelModel, connect } from 'amqplib';
import { afterAll, expect, it } from 'vitest';
import { osloNotifications } from '../../src/cloud/oslo-notifications/oslo-notifications.ts';
import { inventoryKinds } from '../../src/model/inventory.ts';
import { describeNeeding, testCloud } from '../support/machine.ts';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder, temporaryTree } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const broker = process.env['VEDETTE_TEST_BROKER'] ?? 'amqp://guest:guest@127.0.0.1:5672/';
/** Ours alone: nothing that services of the lab listen to is touched. It goes away with its last queue. */
const exchange = `vedette-test-${process.pid}`;

const children: ChildProcess[] = [];
let model: ChannelModel | undefined;
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  // Also when the test ended before anything was bound to it.
  await (await model?.createChannel())?.deleteExchange(exchange);
  await model?.close();
});

/** A running sync, and what it has said. */
function startSync(brokerUrl: string) {
  const config = join(temporaryTree({ 'vedette.yaml': 'notifications: $BROKER\n' }), 'vedette.yaml');
  const args = ['inventory', 'sync', '--cloud', testCloud(), '--every', '10m', '--json', '--config', config, '--state', temporaryFolder()];
  const child = spawn(process.execPath, [join(repository, 'src/main.ts'), ...args], {
    cwd: repository,
    env: { ...process.env, BROKER: brokerUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const readings = (): Record<string, unknown>[] =>
    said.out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  const exit = new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  return { child, said, readings, exit };
}

const patience = { timeout: 60_000, interval: 100 };

describeNeeding('notifications of a cloud', { cloud: true }, () => {
  it('bring a change into the inventory long before the next poll', async () => {
    model = await connect(broker);
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    await channel.assertExchange(exchange, 'topic', { durable: false, autoDelete: true });
    const url = new URL(broker);
    url.searchParams.set('exchanges', `${exchange},${exchange}-missing`);
    const sync = startSync(url.href);
    await expect.poll(() => sync.said.err, patience).toMatch(new RegExp(`listening to notifications of ${exchange}\n`));
    await expect.poll(() => sync.readings().length, patience).toBe(1);
    const publish = (value: object): boolean => channel.publish(exchange, 'notifications.info', Buffer.from(JSON.stringify(value)));
    const notify = (type: string): boolean =>
      publish({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify({ event_type: type, publisher_id: 'network.lab', payload: {} }) });
    publish({ 'oslo.message': 'x'.repeat(2 << 20) });
    notify('port.update.start');
    notify('floatingip.create.end');
    const toldAt = Date.now();
    notify('port.create.end');
    await expect.poll(() => sync.readings().length, patience).toBe(2);
    expect(Date.now() - toldAt).toBeLessThan(30_000);
    const [first, second] = sync.readings();
    expect(first).not.toHaveProperty('kinds');
    expect(second).toMatchObject({
      kinds: ['ports', 'floatingAddresses', 'portForwardings'],
      gaps: [],
      counts: { ports: expect.any(Number) },
    });
    expect(second).not.toHaveProperty('counts.machines');
    sync.child.kill('SIGINT');
    expect(await sync.exit).toBe(0);
    await expect(channel.checkExchange(exchange)).rejects.toThrow('404');
  }, 120_000);

  it('are heard again after the connection broke, and everything is read then', async () => {
    const { hostname, port, username, password } = new URL(broker);
    const sockets: Socket[] = [];
    const between = createServer((near) => {
      const far = createConnection(Number(port || 5672), hostname);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      near.pipe(far).pipe(near);
      sockets.push(near, far);
    });
    await new Promise<void>((resolve) => {
      between.listen(0, '127.0.0.1', resolve);
    });
    const address = `amqp://${username}:${password}@127.0.0.1:${(between.address() as AddressInfo).port}/?exchanges=${exchange}-missing`;
    const told: string[] = [];
    const stop = new AbortController();
    const watching = osloNotifications(address, { env: {} }).watchInventory(
      {
        onKinds: (kinds) => told.push(`${kinds.length} kinds`),
        onAway: () => told.push('away'),
        onListening: (sentence) => told.push(sentence.replace(/^.*: /, '')),
      },
      stop.signal,
    );
    const listening = 'listening to notifications of no exchange yet';
    await expect.poll(() => told, patience).toEqual([listening]);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => told, patience).toEqual([listening, 'away', listening, `${inventoryKinds.length} kinds`]);
    stop.abort();
    await watching;
    for (const socket of sockets) socket.destroy();
    between.close();
  }, 60_000);

  it('that nobody sends leave polling as it is', async () => {
    const sync = startSync('amqp://vedette:hunter2@127.0.0.1:1/');
    await expect.poll(() => sync.readings().length, patience).toBe(1);
    await expect.poll(() => sync.said.err, patience).toContain('ECONNREFUSED');
    sync.child.kill('SIGTERM');
    expect(await sync.exit).toBe(0);
    const [line, ...rest] = sync.said.err.split('\n').filter((one) => one.includes('no notifications'));
    expect(line).toMatch(
      /^vedette: amqp:\/\/127\.0\.0\.1:1: no notifications \(connect ECONNREFUSED .*\); the inventory is kept by polling/,
    );
    expect(rest).toEqual([]);
    expect(sync.said.err).not.toContain('hunter2');
  }, 120_000);
});
