// Messages as files that only their owner may read: STATE/outbox/<key>.json, renamed to <key>.sending while one process sends it.
// A sender that died leaves the second name; after a while the message waits again, and may be delivered twice, under one id.

import { open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { makeDirectory } from '../../disk/make-directory.ts';
import type { Notification } from '../../model/notification.ts';
import type { Outbox, OutboxMessage } from '../outbox.ts';

const maxMessages = 1000;
/** Longer than any sender tries. */
const abandonedAfterMs = 15 * 60_000;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
const keyShape = /^[\w.-]{1,200}$/;

/** See `Outbox`. */
class OutboxDirectory implements Outbox {
  readonly #path: string;
  readonly #now: () => Date;

  constructor(path: string, now: () => Date) {
    this.#path = path;
    this.#now = now;
  }

  async put(channel: string, notification: Notification): Promise<OutboxMessage> {
    const count = (await this.#names()).length;
    if (count >= maxMessages) throw new VedetteError('outbox-full', { path: this.#path, count });
    const time = this.#now()
      .toISOString()
      .replace(/[^0-9]/g, '');
    const key = `${time}-${notification.id}-${channel.replace(/[^\w-]/g, '_')}`.slice(0, 200);
    const message: OutboxMessage = { key, channel, notification, attempts: 0 };
    await this.#write(message);
    return message;
  }

  async waiting(): Promise<readonly OutboxMessage[]> {
    await this.#recover();
    const messages: OutboxMessage[] = [];
    for (const name of (await this.#names()).filter((one) => one.endsWith('.json')).sort()) {
      const message = await this.#read(join(this.#path, name));
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  async take(key: string): Promise<OutboxMessage | undefined> {
    const sending = this.#sending(key);
    try {
      await rename(this.#waiting(key), sending);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw this.#unwritable(error);
    }
    // A rename keeps the time of the content: this is when sending began.
    const at = this.#now();
    await utimes(sending, at, at);
    return this.#read(sending);
  }

  async remove(key: string): Promise<void> {
    await rm(this.#sending(key), { force: true });
  }

  async giveBack(message: OutboxMessage, reason: string): Promise<void> {
    await this.#write({ ...message, attempts: message.attempts + 1, lastReason: reason });
    await rm(this.#sending(message.key), { force: true });
  }

  #waiting(key: string): string {
    if (!keyShape.test(key)) throw new VedetteError('internal', { problem: `"${key}" is no key of the outbox` });
    return join(this.#path, `${key}.json`);
  }

  #sending(key: string): string {
    return this.#waiting(key).replace(/json$/, 'sending');
  }

  #unwritable(cause: unknown): VedetteError {
    return new VedetteError('output-unwritable', { path: this.#path, reason: codeOf(cause) }, { cause });
  }

  async #write(message: OutboxMessage): Promise<void> {
    const path = this.#waiting(message.key);
    try {
      makeDirectory(this.#path, 0o700);
      const handle = await open(`${path}.part`, 'w', 0o600);
      await handle
        .writeFile(`${JSON.stringify({ schema: 1, ...message })}\n`)
        .then(() => handle.sync())
        .finally(() => handle.close());
      await rename(`${path}.part`, path);
    } catch (cause) {
      throw this.#unwritable(cause);
    }
  }

  async #read(path: string): Promise<OutboxMessage | undefined> {
    try {
      const { key, channel, notification, attempts, lastReason } = JSON.parse(await readFile(path, 'utf8')) as OutboxMessage;
      if (!keyShape.test(key) || typeof channel !== 'string') return undefined;
      return { key, channel, notification, attempts, ...(lastReason !== undefined && { lastReason }) };
    } catch {
      // Sent meanwhile, or damaged: it stays where it is, for a person to look at.
      return undefined;
    }
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#path)).filter((name) => /\.(?:json|sending)$/.test(name));
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return [];
      throw new VedetteError('input-unreadable', { path: this.#path, reason: codeOf(cause) }, { cause });
    }
  }

  /** Messages of senders that died wait again. */
  async #recover(): Promise<void> {
    const now = this.#now().getTime();
    for (const name of (await this.#names()).filter((one) => one.endsWith('.sending'))) {
      const path = join(this.#path, name);
      const begun = await stat(path).catch(() => undefined);
      if (begun !== undefined && now - begun.mtimeMs > abandonedAfterMs)
        await rename(path, path.replace(/sending$/, 'json')).catch(() => {});
    }
  }
}

/** The outbox of a state directory; nothing is read or made before it is asked for. */
export const openOutbox = (stateDirectory: string, now: () => Date): Outbox => new OutboxDirectory(join(stateDirectory, 'outbox'), now);
