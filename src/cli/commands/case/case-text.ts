// Cases as text for a terminal and as JSON.
import { type Case, checklist, dueItems, type JournalledEvent, openItems } from '../../../model/case.ts';
import type { Finding } from '../../../model/finding.ts';

/** One line about an event. */
function eventText(event: JournalledEvent): string {
  switch (event.event) {
    case 'created':
      return `made from ${event.from}`;
    case 'note':
      return `note: ${event.text}`;
    case 'status':
      return `${event.status}${event.reason === undefined ? '' : `: ${event.reason}`}`;
    case 'check':
      return `${event.item} ${event.state}${event.due === undefined ? '' : `, due ${event.due}`}${event.note === undefined ? '' : `: ${event.note}`}`;
    case 'evidence':
      return `evidence in ${event.path} (SHA256SUMS ${event.sumsSha256.slice(0, 16)}…)`;
    case 'notified':
      return `notified ${event.channel}`;
    case 'notify-failed':
      return `could not notify ${event.channel}: ${event.reason}`;
    case 'report':
    case 'notice':
      return `${event.event} written to ${event.path}`;
  }
}

const marks = { open: '[ ]', done: '[x]', 'not-needed': '[-]' } as const;

/** A case in one line of the list. */
export function caseLine(one: Case, today: string): string {
  const { id, status, title, subjects } = one;
  const open = openItems(one).length;
  const due = dueItems(one, today).length;
  const who = subjects
    .map(({ machine, address }) => machine ?? address)
    .slice(0, 3)
    .join(', ');
  return `${id}  ${status.padEnd(13)}  ${who.padEnd(15)}  ${open} open${due > 0 ? `, ${due} due` : ''}  ${title}`;
}

/** A case in full. */
export function caseLines(one: Case, findings: readonly Finding[], today: string): string[] {
  const due = new Set(dueItems(one, today).map(({ item }) => item));
  return [
    `${one.id}  ${one.status}  ${one.title}`,
    `Machines: ${one.subjects.map(({ machine, address, context }) => [machine, address, context && `[${context}]`].filter(Boolean).join(' ')).join(', ')}`,
    '',
    ...findings.map(({ severity, id, summary }) => `${severity.toUpperCase().padEnd(8)} ${id}: ${summary}`),
    '',
    ...one.checklist.map(({ item, state, note, due: day, who, at }) => {
      const { title = '', phase = '' } = checklist.find((known) => known.item === item) ?? {};
      const by = who === undefined ? '' : ` (${who}, ${at?.slice(0, 16)}${note === undefined ? '' : `: ${note}`})`;
      return `${marks[state]} ${item.padEnd(15)} ${title} [${phase}]${by}${day === undefined ? '' : ` due ${day}${due.has(item) ? ' NOW' : ''}`}`;
    }),
    '',
    ...one.events.map((event) => `${event.at.slice(0, 19).replace('T', ' ')}  ${event.who} on ${event.host}: ${eventText(event)}`),
  ];
}

/** A case for machines. */
export const caseJson = (one: Case): unknown => ({ schema: 1, ...one });
