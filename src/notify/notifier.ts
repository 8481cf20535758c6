// Port: a way to tell people or machines of a case. Adapters: one folder each. Texts of a notification may hold anything from the
// wire: an adapter neutralises for its own format. Secrets are in no error.
import type { Notification } from '../model/notification.ts';

export interface Notifier {
  /**
   * Delivers, or fails within a bounded time.
   * @throws {VedetteError} `notify-failed`
   */
  send(notification: Notification): Promise<void>;
}

/** Waiting between attempts; tests do not wait. */
export type Wait = (milliseconds: number) => Promise<void>;

/** A secret, read when it is needed and never kept. @throws {VedetteError} `channel-invalid` */
export type Secret = () => Promise<string>;
