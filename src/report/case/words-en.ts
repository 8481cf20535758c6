// Texts of incident reports and of notices to tenants, in English. This catalogue gives the keys; others must have the same.
import type { CaseStatus, ChecklistItem, ItemState } from '../../model/case.ts';

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** What a tenant is told of a kind of finding: what happened, and what to do about it. */
export interface PlainWords {
  readonly what: string;
  readonly advice: string;
}

export const caseEn = {
  statuses: { open: 'open', investigating: 'under investigation', contained: 'contained', closed: 'closed' } as Readonly<
    Record<CaseStatus, string>
  >,
  itemStates: { open: 'open', done: 'done', 'not-needed': 'not needed' } as Readonly<Record<ItemState, string>>,
  phases: { forensics: 'forensics', response: 'response', prevention: 'prevention' },
  items: {
    extent: 'Establish the extent of the compromise',
    evidence: 'Gather evidence that can stand in legal proceedings',
    malware: 'Remove the malware',
    patch: 'Patch the hole that was used',
    team: 'Notify the incident response team',
    harden: 'Review and harden security measures',
    'patch-reminders': 'Remind of patching machines and network configuration',
    monitor: 'Keep monitoring',
  } as Readonly<Record<ChecklistItem, string>>,

  report: {
    title: (id: string): string => `Incident report ${id}`,
    contents: 'Contents',
    footer: (version: string, at: string): string =>
      `Made by vedette ${version}, ${at} UTC. For the response team: it names machines and people.`,
    body: (open: number): string =>
      open === 0
        ? 'Everything on the checklist is done or decided.'
        : `${plural(open, 'One item', `${open} items`)} of the checklist ${plural(open, 'is', 'are')} open.`,
    machines: 'Machines',
    span: 'Seen in the traffic',
    opened: 'Case made',
    updated: 'Last entry',
    status: 'Status',
    confidence: 'Highest confidence',
    findings: 'What was found',
    severity: 'Severity',
    subject: 'Whom it is about',
    what: 'What',
    when: 'When (UTC)',
    sure: 'Confidence',
    evidenceRows: (count: number): string => `${count} ${plural(count, 'connection', 'connections')}`,
    findingLanguage: '',
    checklist: 'Checklist',
    item: 'Item',
    phase: 'Phase',
    state: 'State',
    who: 'Who, when',
    note: 'Note',
    due: 'Due',
    ends: 'Other ends',
    address: 'Address',
    inFindings: 'Named in',
    course: 'Course of events',
    courseNote: 'Traffic by the clock of the capture, actions by the clock of the host that they were done on.',
    event: 'Event',
    first: (title: string, who: string): string => `${title}: ${who}, first seen`,
    evidence: 'Evidence',
    bundle: 'Bundle',
    sums: 'SHA-256 of SHA256SUMS',
    key: 'Signed by',
    unsigned: 'not signed',
    verify: 'Check a bundle, with the key that you know from elsewhere:',
    noEvidence: 'No evidence has been collected yet.',
    told: 'Who was told',
    channel: 'Channel',
    result: 'Result',
    delivered: 'delivered',
    nobody: 'Nobody was told through Vedette yet.',
    doubts: 'What speaks against it, and what was not visible',
    benign: 'Innocent explanations to rule out',
    blind: 'Not visible',
    more: (count: number): string => `… and ${count} more.`,
  },

  events: {
    created: (from: string): string => `Case made from ${from}`,
    note: 'Note',
    status: 'Status',
    check: 'Checklist',
    evidence: 'Evidence collected',
    notified: 'Notified',
    failed: 'Notification failed',
    report: 'Report written',
    notice: 'Notice written',
  },

  notice: {
    title: (machine: string): string => `Notice about your machine ${machine}`,
    contents: 'Contents',
    footer: (id: string): string => `Reference ${id}. Please give it in your answer.`,
    headline: (machine: string): string => `Your machine ${machine} appears to have been taken over by somebody else`,
    attackedHeadline: (machine: string): string => `Your machine ${machine} was attacked`,
    lead: 'We saw this in its network traffic. We have not logged in to your machine and have not looked at your files.',
    facts: 'In short',
    machine: 'Machine',
    address: 'Its address',
    project: 'Project',
    span: 'Seen',
    utc: 'UTC',
    happened: 'What we saw',
    outside: 'Outside addresses involved',
    hidden: (count: number): string =>
      `${count} ${plural(count, 'address is', 'addresses are')} left out, because ${plural(count, 'it', 'they')} may belong to somebody else.`,
    times: (first: string, last: string): string => `${first} to ${last} UTC`,
    done: 'What we have done',
    statuses: {
      open: 'Nothing has been changed on your machine or its network.',
      investigating: 'We are looking into it. Nothing has been changed on your machine.',
      contained: 'We have cut your machine off from the network, so that it cannot harm others. It can be undone.',
      closed: 'We have closed the case.',
    } as Readonly<Record<CaseStatus, string>>,
    kept: 'A record of the traffic is kept as evidence.',
    todo: 'What you should do',
    always: [
      'Do not delete the machine yet: it may be needed to find out how this happened.',
      'Change all passwords, keys and tokens that were on it, from another machine, and look for them being used elsewhere.',
      'Build a new machine from a source that you trust, with all updates, rather than cleaning this one.',
      'Tell us how you will prevent it from happening again.',
    ],
    answer: (day: string): string => `Please answer by ${day}.`,
    contact: (whom: string): string => `Contact: ${whom}`,
    innocent: 'If you did this yourself, for instance as a test, tell us: then we can close the case.',
  },

  plain: {
    scan: {
      what: 'It searched other machines for open doors (a network scan). Machines that have been taken over often do this to spread.',
      advice: 'Look for programs that you did not start, and for new users and scheduled jobs.',
    },
    guess: {
      what: 'It tried many passwords on other machines.',
      advice: 'Look for programs that you did not start, and for new users and scheduled jobs.',
    },
    flood: {
      what: 'It sent so much traffic that others can be disturbed (an attack on availability).',
      advice: 'Stop the program that sends it; limit what the machine may send with security groups.',
    },
    control: {
      what: 'Somebody outside appears to control it over the network, as if sitting at its keyboard.',
      advice: 'Treat everything on the machine as known to a stranger: data, passwords, keys.',
    },
    calling: {
      what: 'It keeps contact with an outside address in a way that fits a program that waits for orders.',
      advice: 'Find out which program holds these connections.',
    },
    tools: {
      what: 'It fetched programs from an outside address of the kind that attackers bring along.',
      advice: 'Do not run what was fetched; keep it for the investigation.',
    },
    attacked: {
      what: 'A service on it received requests that try to run commands of a stranger.',
      advice: 'Update the service, and close the hole before it goes back on the network.',
    },
    sequence: {
      what: 'Several steps of an attack followed each other on it: together they show that it was taken over.',
      advice: 'Do not trust the machine any more, even if it seems to work.',
    },
    mining: {
      what: 'It computes digital currency for somebody (mining).',
      advice: 'Look for a program that uses all of the processor.',
    },
    other: {
      what: 'Its traffic is unusual in a way that fits a machine that has been taken over.',
      advice: 'Ask us for the details, and compare with what the machine should be doing.',
    },
  } as Readonly<Record<PlainKind, PlainWords>>,
};

export type PlainKind = 'scan' | 'guess' | 'flood' | 'control' | 'calling' | 'tools' | 'attacked' | 'sequence' | 'mining' | 'other';

export type CaseWords = typeof caseEn;
