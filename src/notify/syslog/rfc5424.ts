// Syslog messages of RFC 5424, and their framing (RFC 5426 for UDP, RFC 6587 §3.4.1 octet counting for TCP, RFC 5425 for TLS).
import type { Severity } from '../../model/finding.ts';

/** Severity numbers of RFC 5424 §6.2.1: 2 critical, 3 error, 4 warning, 5 notice, 6 informational. */
const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };

/** Facility numbers by name. */
export const facilities = {
  user: 1,
  daemon: 3,
  auth: 4,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;
export type Facility = keyof typeof facilities;

export interface SyslogMessage {
  readonly facility: Facility;
  readonly severity: Severity;
  /** ISO 8601. */
  readonly at: string;
  readonly host: string;
  /** Kind of message: `case`, `finding`. */
  readonly kind: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A header field: printable ASCII without blanks. */
const field = (text: string, limit: number): string => text.replace(/[^\x21-\x7e]+/g, '_').slice(0, limit) || '-';

/** A value of structured data: `"`, `\` and `]` are escaped (§6.3.3). */
const value = (text: string): string => text.replace(/["\\\]]/g, '\\$&');

/**
 * The message. `vedette@32473` names our structured data; 32473 is the enterprise number for examples (RFC 5612), for want of our own.
 * `text` and `facts` hold no control characters. CEF goes without structured data, as its readers expect.
 */
export function syslogMessage({ facility, severity, at, host, kind, facts, text }: SyslogMessage): string {
  const priority = facilities[facility] * 8 + levels[severity];
  const pairs = Object.entries(facts).map(([name, one]) => ` ${name}="${value(one)}"`);
  const data = pairs.length === 0 ? '-' : `[vedette@32473${pairs.join('')}]`;
  // The byte order mark says that what follows is UTF-8 (§6.4); CEF readers trip over it.
  const mark = text.startsWith('CEF:') ? '' : '\ufeff';
  return `<${priority}>1 ${at} ${field(host, 255)} vedette - ${field(kind, 32)} ${data} ${mark}${text}`;
}

/** At most `limit` bytes of UTF-8, cut between characters. */
export function cutBytes(text: string, limit: number): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return bytes;
  let end = limit;
  // 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** `LENGTH MESSAGE`. */
export const octetCounted = (message: Buffer): Buffer => Buffer.concat([Buffer.from(`${message.length} `), message]);
