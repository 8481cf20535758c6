// A case: an incident that a person works on. It is the fold over the events of its journal, so that its history is the truth.

export const caseStatuses = ['open', 'investigating', 'contained', 'closed'] as const;
export type CaseStatus = (typeof caseStatuses)[number];

/** What must be done or decided before a case is closed, in the order of doing. */
export const checklist = [
  {
    item: 'extent',
    phase: 'forensics',
    title: 'Establish the extent of the compromise',
    how: 'Other machines with the same image, key pair, project or attacker; what the machine reached; since when.',
  },
  {
    item: 'evidence',
    phase: 'forensics',
    title: 'Gather evidence that can stand in legal proceedings',
    how: 'vedette evidence collect, with a key and a time stamp; keep the bundle where nobody can write.',
  },
  {
    item: 'malware',
    phase: 'forensics',
    title: 'Remove the malware',
    how: 'Rebuild from a known image rather than clean; keep the disk snapshot first.',
  },
  {
    item: 'patch',
    phase: 'forensics',
    title: 'Patch the hole that was used',
    how: 'The attacked endpoint of the report; the leaked key or password, on every machine that has it.',
  },
  {
    item: 'team',
    phase: 'response',
    title: 'Notify the incident response team',
    how: 'vedette case notify; the tenant by vedette case notice.',
  },
  {
    item: 'harden',
    phase: 'prevention',
    title: 'Review and harden security measures',
    how: 'Security groups that allow more than is used; egress; exposed services; logging.',
  },
  {
    item: 'patch-reminders',
    phase: 'prevention',
    title: 'Remind of patching machines and network configuration',
    how: 'Agree on a date with the owner and give it with --due; the list shows what is overdue.',
  },
  {
    item: 'monitor',
    phase: 'prevention',
    title: 'Keep monitoring',
    how: 'Analyse again after containment and after release; give the date of the next look with --due.',
  },
] as const;

export type ChecklistItem = (typeof checklist)[number]['item'];
export const itemStates = ['open', 'done', 'not-needed'] as const;
export type ItemState = (typeof itemStates)[number];

/** Who did something, on which host. */
export interface Actor {
  readonly who: string;
  readonly host: string;
}

/** Whom a case is about. */
export interface CaseSubject {
  readonly address: string;
  readonly context?: string;
  readonly machine?: string;
  readonly project?: string;
}

/** One thing that happened in a case. */
export type CaseEvent =
  | {
      readonly event: 'created';
      readonly title: string;
      readonly findings: readonly string[];
      readonly subjects: readonly CaseSubject[];
      /** Output directory of the analysis, as it was then; hash of its findings.ndjson. */
      readonly from: string;
      readonly findingsSha256: string;
    }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'status'; readonly status: CaseStatus; readonly reason?: string }
  | { readonly event: 'check'; readonly item: ChecklistItem; readonly state: ItemState; readonly note?: string; readonly due?: string }
  | { readonly event: 'evidence'; readonly path: string; readonly sumsSha256: string; readonly key?: string }
  | { readonly event: 'notified'; readonly channel: string; readonly id: string }
  | { readonly event: 'notify-failed'; readonly channel: string; readonly id: string; readonly reason: string }
  | { readonly event: 'report' | 'notice'; readonly path: string; readonly sha256: string };

/** An event with when (ISO 8601) and by whom. */
export type JournalledEvent = CaseEvent & Actor & { readonly at: string };

export interface CheckedItem {
  readonly item: ChecklistItem;
  readonly state: ItemState;
  readonly note?: string;
  /** Day by which it must be looked at, `YYYY-MM-DD`. */
  readonly due?: string;
  readonly who?: string;
  readonly at?: string;
}

/** A case as it stands. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly status: CaseStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly findings: readonly string[];
  readonly subjects: readonly CaseSubject[];
  readonly from: string;
  readonly checklist: readonly CheckedItem[];
  readonly events: readonly JournalledEvent[];
}

/** The case after these events, undefined when the first one does not create it. */
export function caseOf(id: string, events: readonly JournalledEvent[]): Case | undefined {
  const [first] = events;
  if (first?.event !== 'created') return undefined;
  const items = new Map<ChecklistItem, CheckedItem>(checklist.map(({ item }) => [item, { item, state: 'open' }]));
  let status: CaseStatus = 'open';
  for (const event of events) {
    if (event.event === 'status') ({ status } = event);
    if (event.event !== 'check') continue;
    const { item, state, note, due, who, at } = event;
    items.set(item, { item, state, ...(note !== undefined && { note }), ...(due !== undefined && { due }), who, at });
  }
  const { title, findings, subjects, from, at } = first;
  const updatedAt = events.at(-1)?.at ?? at;
  return { id, title, status, createdAt: at, updatedAt, findings, subjects, from, checklist: [...items.values()], events };
}

/** Items that nobody has done or decided on. */
export const openItems = ({ checklist: items }: Pick<Case, 'checklist'>): readonly CheckedItem[] =>
  items.filter(({ state }) => state === 'open');

/** Items whose day has come, whatever their state: a reminder stays one after it was agreed. `today` is `YYYY-MM-DD`. */
export const dueItems = ({ checklist: items, status }: Pick<Case, 'checklist' | 'status'>, today: string): readonly CheckedItem[] =>
  status === 'closed' ? [] : items.filter(({ due }) => due !== undefined && due <= today);
