// One connection to the broker: a queue of our own, bound to the exchanges that exist, until either side ends it.
import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { CloudRuntime } from '../runtime.ts';
import { type BrokerAddress, shownAddress } from './broker-address.ts';

const connectTimeoutMs = 10_000;
const heartbeatSeconds = 20;
/** How long a broker may take to say goodbye. */
const goodbyeMs = 1000;
/** Exchanges come with the first message of a service: how often they are looked for. */
const lookAgainMs = 60_000;
/** Bounds of the queue; older messages go first. What is lost there, polling finds. */
const queueBounds = { 'x-max-length': 1000, 'x-max-length-bytes': 16 << 20, 'x-overflow': 'drop-head' };
/** Messages on their way to us. */
const prefetch = 50;
const priorities = ['info', 'error'];

export interface SessionEvents {
  onMessage(content: Uint8Array): void;
  /** The queue is there, and bound to these. */
  onBound(exchanges: readonly string[]): void;
}

/** Binds the queue on a channel of its own: a broker closes the channel on which an exchange was missing. */
async function bindTo(model: ChannelModel, queue: string, exchange: string, topics: readonly string[]): Promise<boolean> {
  const channel = await model.createChannel();
  let isOpen = true;
  channel.on('error', () => undefined);
  channel.on('close', () => {
    isOpen = false;
  });
  try {
    await channel.checkExchange(exchange);
    for (const topic of topics) for (const priority of priorities) await channel.bindQueue(queue, exchange, `${topic}.${priority}`);
    return true;
  } catch (error) {
    // 403 and 404 are this exchange's; anything else is the connection's.
    const { code } = error as { readonly code?: unknown };
    if (code === 404 || code === 403) return false;
    throw error;
  } finally {
    if (isOpen) await channel.close().catch(() => undefined);
  }
}

interface Binding {
  readonly model: ChannelModel;
  readonly queue: string;
  readonly address: BrokerAddress;
  readonly onBound: SessionEvents['onBound'];
}

/** Binds the queue to the exchanges that exist, and to others when they come. */
async function bindAll({ model, queue, address, onBound }: Binding, runtime: CloudRuntime, signal: AbortSignal): Promise<void> {
  const { exchanges, topics } = address;
  const bound = new Set<string>();
  for (let isFirst = true; ; isFirst = false) {
    const before = bound.size;
    for (const exchange of exchanges) if (!bound.has(exchange) && (await bindTo(model, queue, exchange, topics))) bound.add(exchange);
    if (isFirst || bound.size > before) onBound(exchanges.filter((exchange) => bound.has(exchange)));
    if (bound.size === exchanges.length) return;
    await runtime.sleep(lookAgainMs, signal);
  }
}

/** @returns the name of a queue of our own, whose messages are taken from now on */
async function consume(model: ChannelModel, onMessage: SessionEvents['onMessage'], onEnd: (error: Error) => void): Promise<string> {
  const channel: Channel = await model.createChannel();
  channel.on('error', onEnd);
  channel.on('close', () => onEnd(new Error('the channel was closed')));
  await channel.prefetch(prefetch);
  const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false, arguments: queueBounds });
  await channel.consume(queue, (message) => {
    if (message === null) {
      onEnd(new Error('the queue was removed'));
      return;
    }
    onMessage(message.content);
    // Acknowledged after it was looked at: no more than `prefetch` messages wait here.
    channel.ack(message);
  });
  return queue;
}

async function open(address: BrokerAddress, signal: AbortSignal): Promise<ChannelModel> {
  const { protocol, host, port, user, password, vhost } = address;
  // A socket takes a signal as well; the types of amqplib do not say so.
  return await connect(
    { protocol, hostname: host, port, vhost, username: user, password: password.reveal(), heartbeat: heartbeatSeconds },
    { timeout: connectTimeoutMs, keepAlive: true, signal, clientProperties: { connection_name: 'vedette inventory' } } as object,
  );
}

/**
 * Connects and listens.
 * @returns when the signal was aborted
 * @throws whatever ended the connection
 */
export async function listen(address: BrokerAddress, events: SessionEvents, runtime: CloudRuntime, signal: AbortSignal): Promise<void> {
  const socket = new AbortController();
  const hangUp = (): void => socket.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  const model = await open(address, socket.signal).finally(() => signal.removeEventListener('abort', hangUp));
  let end = (_error?: Error): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  // Whoever waits for it does so below; until then its failing is no failure of the process.
  ended.catch(() => undefined);
  const over = new AbortController();
  const onAbort = (): void => end();
  model.on('error', end);
  model.on('close', (error) => end(error ?? new Error(`${shownAddress(address)} closed the connection`)));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) end();
    consume(model, events.onMessage, end)
      .then((queue) => bindAll({ model, queue, address, onBound: events.onBound }, runtime, over.signal))
      .catch(end);
    await ended;
  } finally {
    over.abort();
    signal.removeEventListener('abort', onAbort);
    const goodbye = [model.close(), runtime.sleep(goodbyeMs, socket.signal)];
    await Promise.race(goodbye.map((one) => one.catch(() => undefined)));
    socket.abort();
  }
}
