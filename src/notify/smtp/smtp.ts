// E-mail by SMTP, with nodemailer. Never in the clear unless the configuration says so, never to a server whose certificate is bad.
import { createTransport } from 'nodemailer';
import { VedetteError } from '../../base/errors.ts';
import type { Notification } from '../../model/notification.ts';
import type { Mailer } from '../mailer.ts';
import { messageLines, subjectOf } from '../message-text.ts';
import type { Notifier, Secret } from '../notifier.ts';

export interface SmtpOptions {
  readonly channel: string;
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte · `starttls` required · `none` only where nobody listens in. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly from: string;
  readonly to: readonly string[];
  readonly user?: string;
  readonly password?: Secret;
  /** Certificates (PEM) to trust in place of the system's. */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The text once more, so that readers which show HTML alone do not guess at mark-up in it. */
const htmlOf = (text: string): string => `<!doctype html><meta charset="utf-8"><pre style="white-space:pre-wrap">${escaped(text)}</pre>`;

/** Codes and answers of servers, never what was sent: an answer to AUTH may repeat it. */
function reasonOf(error: unknown): string {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  return [code ?? (error as Error).name, responseCode, command?.split(' ')[0]].filter((part) => part !== undefined).join(' ');
}

/** Sends mails to one server. */
export function smtpMailer(options: SmtpOptions, hostname: string): Mailer {
  const { channel, host, port, security, from, user, password, ca, timeoutMs = 20_000 } = options;
  return {
    server: `${host}:${port}`,
    async send({ to, subject, text, html, attachments, messageId, at }) {
      const auth = user !== undefined && password !== undefined ? { user, pass: await password() } : undefined;
      const transport = createTransport({
        ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none', name: hostname },
        ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
        // A text that begins with a path or a URL must stay a text.
        ...{ disableFileAccess: true, disableUrlAccess: true },
        tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
        ...(auth !== undefined && { auth }),
      });
      try {
        await transport.sendMail({
          ...{ from, to: [...(to.length === 0 ? options.to : to)], subject, text, html, date: at, messageId },
          attachments: attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content })),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        // No cause: it holds the conversation.
        throw new VedetteError('notify-failed', { channel, reason: reasonOf(error) });
      } finally {
        transport.close();
      }
    },
  };
}

/** Tells of cases by e-mail. */
export function smtpNotifier(options: SmtpOptions, hostname: string): Notifier {
  const mailer = smtpMailer(options, hostname);
  return {
    async send(notification: Notification) {
      const text = `${messageLines(notification).join('\n')}\n`;
      await mailer.send({
        ...{ to: [], subject: subjectOf(notification), text, html: htmlOf(text), attachments: [], at: new Date(notification.at) },
        messageId: `<${notification.id}@vedette.invalid>`,
      });
    },
  };
}
