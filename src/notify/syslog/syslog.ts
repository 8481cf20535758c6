// Sends notifications to a syslog server: one message for the case, or one CEF event for each finding.
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { VedetteError } from '../../base/errors.ts';
import type { Notification } from '../../model/notification.ts';
import { plain, subjectOf } from '../message-text.ts';
import type { Notifier } from '../notifier.ts';
import { cefEvent } from './cef.ts';
import { cutBytes, type Facility, octetCounted, syslogMessage } from './rfc5424.ts';

export interface SyslogOptions {
  readonly channel: string;
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly format: 'rfc5424' | 'cef';
  readonly facility: Facility;
  /** Certificates (PEM) to trust in place of the system's. */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/** Who sends. */
export interface SyslogSender {
  readonly version: string;
  readonly hostname: string;
}

/** RFC 5426 §3.2: receivers should take 2048 octets. Streams: 8192. */
const maxDatagram = 2048;
const maxStreamed = 8192;

/** The messages of a notification. */
export function syslogMessages(
  notification: Notification,
  { format, facility }: SyslogOptions,
  { version, hostname }: SyslogSender,
): string[] {
  const { at, caseId, severity, status, machines, findingCount, findings, id } = notification;
  const base = { facility, at, host: hostname };
  if (format === 'cef') {
    return findings.map((finding) =>
      syslogMessage({ ...base, severity: finding.severity, kind: 'finding', facts: {}, text: cefEvent(notification, finding, version) }),
    );
  }
  const facts = {
    ...{ id, case: plain(caseId), severity, status: plain(status), machines: plain(machines.join(' ')), findings: String(findingCount) },
  };
  const [first] = findings;
  const text = `${subjectOf(notification)}${first === undefined ? '' : `; ${plain(first.summary)}`}`;
  return [syslogMessage({ ...base, severity, kind: 'case', facts, text })];
}

function sendDatagrams(messages: readonly Buffer[], { host, port }: SyslogOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const finish = (error?: Error): void => {
      socket.close();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.on('error', finish);
    socket.connect(port, host, () => {
      const next = (i: number): void => {
        const message = messages[i];
        if (message === undefined) finish();
        else socket.send(message, (error) => (error === null ? next(i + 1) : finish(error)));
      };
      next(0);
    });
  });
}

/** A stream is closed by us and then by the other end: what was refused at once is an error, not a loss. */
function sendStream(messages: readonly Buffer[], { host, port, transport, ca, timeoutMs = 10_000 }: SyslogOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.concat(messages.map(octetCounted));
    const socket: Socket =
      transport === 'tls'
        ? connectTls({ host, port, servername: host, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) })
        : connect({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(Object.assign(new Error('time-out'), { code: 'ETIMEDOUT' })));
    socket.on('error', reject);
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => socket.end(bytes));
    socket.resume();
    socket.on('close', (hadError) => {
      if (!hadError) resolve();
    });
  });
}

/** Sends to a syslog server. UDP tells nobody what was lost. */
export function syslogNotifier(options: SyslogOptions, sender: SyslogSender): Notifier {
  return {
    async send(notification) {
      const limit = options.transport === 'udp' ? maxDatagram : maxStreamed;
      const messages = syslogMessages(notification, options, sender).map((message) => cutBytes(message, limit));
      try {
        await (options.transport === 'udp' ? sendDatagrams(messages, options) : sendStream(messages, options));
      } catch (cause) {
        const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
        throw new VedetteError('notify-failed', { channel: options.channel, reason }, { cause });
      }
    },
  };
}
