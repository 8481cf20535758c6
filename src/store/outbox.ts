// Port: messages that must not be lost before they are delivered. Adapter: outbox-directory/.
import type { Notification } from '../model/notification.ts';

/** A message for one channel. */
export interface OutboxMessage {
  readonly key: string;
  readonly channel: string;
  readonly notification: Notification;
  /** Failed attempts so far, and why the last one failed. */
  readonly attempts: number;
  readonly lastReason?: string;
}

export interface Outbox {
  /** Durable when it returns. @throws {VedetteError} `outbox-full`, `output-unwritable` */
  put(channel: string, notification: Notification): Promise<OutboxMessage>;
  /** Messages that wait, oldest first; those that another process is sending are not among them. */
  waiting(): Promise<readonly OutboxMessage[]>;
  /** Takes a message for sending; undefined when another process was faster. */
  take(key: string): Promise<OutboxMessage | undefined>;
  /** It was delivered. */
  remove(key: string): Promise<void>;
  /** It was not: it waits again. */
  giveBack(message: OutboxMessage, reason: string): Promise<void>;
}
