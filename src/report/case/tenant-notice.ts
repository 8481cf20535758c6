// The notice for the tenant whose machine it is. It is made of fixed sentences, the machine's own name and address, times, and outside
// addresses. No text of a finding (summary, evidence, names of peers) goes in: such text can hold anybody's data.
import { isPublicWords } from '../../base/address-class.ts';
import { type Cidr, inCidr, parseAddress } from '../../base/ip.ts';
import type { Case, CaseSubject } from '../../model/case.ts';
import { atLeast, type Finding } from '../../model/finding.ts';
import { type Block, code, type Document, heading, paragraph } from '../document.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { instant, type Language } from '../values.ts';
import { caseWordsIn } from './case-words.ts';
import type { PlainKind } from './words-en.ts';

export interface TenantNoticeInput {
  readonly language: Language;
  readonly case: Case;
  readonly findings: readonly Finding[];
  /** Whose notice it is. */
  readonly machine: CaseSubject;
  /** Our public ranges: an address in them may be another tenant's. Undefined when nobody said, and then no address is shown. */
  readonly ours: readonly Cidr[] | undefined;
  readonly contact?: string;
  /** `YYYY-MM-DD`. */
  readonly answerBy?: string;
}

const maxAddresses = 20;

/** Kind by detector number. */
const kinds: readonly (readonly [from: number, to: number, kind: PlainKind])[] = [
  [1, 7, 'scan'],
  [8, 12, 'guess'],
  [13, 19, 'flood'],
  [20, 30, 'calling'],
  [31, 33, 'control'],
  [34, 38, 'calling'],
  [39, 40, 'mining'],
  [43, 43, 'tools'],
  [44, 44, 'attacked'],
  [50, 50, 'sequence'],
];

function kindOf({ detector }: Finding): PlainKind {
  const number = Number(/^D(\d\d)/.exec(detector)?.[1] ?? 0);
  return kinds.find(([from, to]) => number >= from && number <= to)?.[2] ?? 'other';
}

/** The findings that this machine does or suffers, in its own network context: an equal address elsewhere is another machine. */
export function findingsOf(findings: readonly Finding[], { address, context }: CaseSubject): readonly Finding[] {
  return findings.filter(
    ({ subject, peers }) => subject.context === context && (subject.address === address || peers.some((peer) => peer.address === address)),
  );
}

/** Whether the tenant may see an address: it is on the Internet, and not one of ours. */
export function isOutside(address: string, ours: readonly Cidr[]): boolean {
  const words = parseAddress(address);
  return words !== undefined && isPublicWords(words) && !ours.some((range) => inCidr(range, ...words));
}

/** The other ends of findings: those that may be shown, and how many may not. */
function otherEnds(
  findings: readonly Finding[],
  { machine, ours }: TenantNoticeInput,
): { readonly shown: readonly string[]; readonly hidden: number } {
  const all = new Set(findings.flatMap(({ subject, peers }) => [subject.address, ...peers.map(({ address }) => address)]));
  all.delete(machine.address);
  const shown = ours === undefined ? [] : [...all].filter((address) => isOutside(address, ours));
  return { shown: shown.slice(0, maxAddresses), hidden: all.size - Math.min(shown.length, maxAddresses) };
}

function documentOf(input: TenantNoticeInput): Document {
  const { case: one, machine, contact, answerBy, language } = input;
  const words = caseWordsIn(language);
  const m = words.notice;
  const all = findingsOf(input.findings, machine);
  const grave = all.filter(({ severity }) => atLeast(severity, 'medium'));
  // Hints alone are told only where there is nothing better.
  const findings = grave.length > 0 ? grave : all;
  const isGuilty = findings.some(({ subject }) => subject.address === machine.address);
  const name = machine.machine ?? machine.address;
  const byKind = Map.groupBy(findings, kindOf);
  const { shown, hidden } = otherEnds(findings, input);
  const first = Math.min(...findings.map(({ firstSeen }) => firstSeen));
  const last = Math.max(...findings.map(({ lastSeen }) => lastSeen));
  const spanOf = (some: readonly Finding[]): string =>
    m.times(instant(Math.min(...some.map(({ firstSeen }) => firstSeen))), instant(Math.max(...some.map(({ lastSeen }) => lastSeen))));
  const hasEvidence = one.events.some(({ event }) => event === 'evidence');
  const advice = [...new Set([...byKind.keys()].map((kind) => words.plain[kind].advice))];
  const blocks: Block[] = [
    {
      kind: 'verdict',
      tone: isGuilty ? 'bad' : 'warn',
      headline: isGuilty ? m.headline(name) : m.attackedHeadline(name),
      body: [
        paragraph(m.lead),
        {
          kind: 'facts',
          rows: [
            ...(machine.machine === undefined ? [] : ([[m.machine, machine.machine]] as const)),
            [m.address, [code(machine.address)]],
            ...(machine.project === undefined ? [] : ([[m.project, machine.project]] as const)),
            [m.span, m.times(instant(first), instant(last))],
          ],
        },
      ],
    },
    heading(2, m.happened, 'happened'),
    { kind: 'list', items: [...byKind].map(([kind, some]) => [words.plain[kind].what, { kind: 'muted', text: ` ${spanOf(some)}` }]) },
    ...(shown.length === 0
      ? []
      : [paragraph(`${m.outside}: `, ...shown.flatMap((address, i) => [...(i > 0 ? [', '] : []), code(address)]))]),
    ...(hidden === 0 ? [] : [paragraph({ kind: 'muted', text: m.hidden(hidden) })]),
    heading(2, m.done, 'done'),
    { kind: 'list', items: [m.statuses[one.status], ...(hasEvidence ? [m.kept] : [])] },
    heading(2, m.todo, 'todo'),
    { kind: 'list', ordered: true, items: [...m.always, ...advice] },
    paragraph(m.innocent),
    ...(answerBy === undefined ? [] : [paragraph({ kind: 'strong', text: m.answer(answerBy) })]),
    ...(contact === undefined ? [] : [paragraph(m.contact(contact))]),
  ];
  const entries = [
    { id: 'happened', text: m.happened },
    { id: 'done', text: m.done },
    { id: 'todo', text: m.todo },
  ];
  return { title: m.title(name), language, contents: { label: m.contents, entries }, blocks, footer: m.footer(one.id) };
}

/** Both forms of the notice. The same input gives the same bytes. */
export function tenantNotice(input: TenantNoticeInput): { readonly html: string; readonly markdown: string } {
  const document = documentOf(input);
  return { html: renderHtml(document), markdown: renderMarkdown(document) };
}
