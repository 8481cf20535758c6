// A mail as it is handed to whoever sends it, or kept until it can be sent.

/** A part of a mail with a name of its own. */
export interface MailAttachment {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly content: string;
}

export interface Mail {
  /** Empty: whom the channel's configuration names. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly MailAttachment[];
  /** The same for every attempt: a mailbox shows a repeated one once. */
  readonly messageId: string;
  readonly at: Date;
}
