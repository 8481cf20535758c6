// Port: sends a mail that was made elsewhere, with its own HTML and attachments. Adapter: smtp/.

export interface Mail {
  /** Empty: whom the channel's configuration names. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly content: string }[];
  /** The same for every attempt: a mailbox shows a repeated one once. */
  readonly messageId: string;
  readonly at: Date;
}

export interface Mailer {
  /** Server that it talks to, for errors. */
  readonly server: string;
  /** Delivers, or fails within a bounded time. @throws {VedetteError} `notify-failed` */
  send(mail: Mail): Promise<void>;
}
