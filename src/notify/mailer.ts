// Port: sends a mail that was made elsewhere, with its own HTML and attachments. Adapter: smtp/.

import type { Mail } from '../model/mail.ts';

export interface Mailer {
  /** Server that it talks to, for errors. */
  readonly server: string;
  /** Delivers, or fails within a bounded time. @throws {VedetteError} `notify-failed` */
  send(mail: Mail): Promise<void>;
}
