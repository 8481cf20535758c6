// A notification as plain text, for channels that people read.
import type { Notification } from '../model/notification.ts';

/** Control characters, line ends and marks that change what one sees; RFC 5322 §2.2 and UTR 36 name why. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+|\p{Cs}/gu;

/** One line of at most `limit` characters. */
export function plain(text: string, limit = 500): string {
  const line = text.replace(unseen, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/** `[case-2026-001] critical: Attack sequence: 10.0.1.12` */
export const subjectOf = ({ caseId, severity, title }: Notification): string => plain(`[${caseId}] ${severity}: ${title}`, 200);

/** The lines of a message; no line holds a line end. */
export function messageLines(notification: Notification, limit = 20): string[] {
  const { caseId, status, machines, findings, findingCount, open, message, at } = notification;
  const shown = findings.slice(0, limit);
  return [
    ...(message === undefined ? [] : [...message.split('\n').map((line) => plain(line, 1000)), '']),
    `${subjectOf(notification)}`,
    `Case:     ${plain(caseId)} (${plain(status)})`,
    `Machines: ${plain(machines.join(', '))}`,
    `As of:    ${plain(at)}`,
    '',
    ...shown.map(
      ({ severity, title, subject, summary, firstSeen }) =>
        `${severity.toUpperCase()} ${plain(subject)} ${plain(title)}: ${plain(summary)} (${plain(firstSeen)})`,
    ),
    ...(findingCount > shown.length ? [`… and ${findingCount - shown.length} more findings`] : []),
    ...(open.length === 0 ? [] : ['', 'Open:', ...open.map((title) => `- ${plain(title)}`)]),
  ];
}
