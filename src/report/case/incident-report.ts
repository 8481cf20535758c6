// The report of a case for the response team: what was found, what was done, what is left, and where the proof is.
import { parseInstant } from '../../base/instant.ts';
import { type Case, checklist, type JournalledEvent, openItems } from '../../model/case.ts';
import type { Finding } from '../../model/finding.ts';
import { type Block, code, type Document, heading, type Inline, type Line, muted, paragraph, wholeCode } from '../document.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { messagesIn, translated } from '../messages/index.ts';
import { badge } from '../sections/context.ts';
import { instant, type Language, Values } from '../values.ts';
import { nameOf } from '../verdict.ts';
import { caseWordsIn } from './case-words.ts';
import type { CaseWords } from './words-en.ts';

export interface IncidentReportInput {
  readonly version: string;
  readonly language: Language;
  /** ISO 8601; when the report is made. */
  readonly at: string;
  readonly case: Case;
  /** Gravest first. */
  readonly findings: readonly Finding[];
}

interface Context extends IncidentReportInput {
  readonly words: CaseWords;
  readonly values: Values;
}

const maxFindings = 100;
const maxEnds = 100;
const maxEvents = 500;
const maxListed = 20;

const subjectName = ({ subject: { address, machine, context } }: Finding): string => nameOf({ address, machine, context });
const shortTime = (at: string): string => at.slice(0, 19).replace('T', ' ');
const titleIn = (language: Language, title: string): string => translated(messagesIn(language), title);

function verdict({ case: one, findings, words, values }: Context): Block {
  const m = words.report;
  const open = openItems(one).length;
  const first = Math.min(...findings.map(({ firstSeen }) => firstSeen));
  const last = Math.max(...findings.map(({ lastSeen }) => lastSeen));
  const machines = one.subjects.map(({ address, machine, context }) => nameOf({ address, machine, context }));
  return {
    kind: 'verdict',
    tone: one.status === 'closed' ? 'good' : one.status === 'contained' ? 'warn' : 'bad',
    headline: `${one.title} – ${words.statuses[one.status]}`,
    body: [
      paragraph(m.body(open)),
      {
        kind: 'facts',
        rows: [
          [m.machines, machines.join(', ')],
          ...(findings.length === 0
            ? []
            : ([
                [m.span, `${instant(first)} – ${instant(last)} UTC`],
                [m.confidence, values.confidence(Math.max(...findings.map(({ confidence }) => confidence)))],
              ] as const)),
          [m.opened, `${shortTime(one.createdAt)} UTC`],
          [m.updated, `${shortTime(one.updatedAt)} UTC`],
        ],
      },
    ],
  };
}

function findingBlocks({ findings, words, values, language }: Context): Block[] {
  const m = words.report;
  return [
    heading(2, m.findings, 'findings'),
    ...(m.findingLanguage === '' ? [] : [paragraph(muted(m.findingLanguage))]),
    {
      kind: 'table',
      head: [m.severity, m.subject, m.what, m.when, m.sure],
      numeric: [4],
      rows: findings
        .slice(0, maxFindings)
        .map((finding): Line[] => [
          [badge(messagesIn(language), finding.severity)],
          [subjectName(finding)],
          [
            { kind: 'strong', text: titleIn(language, finding.title) },
            `: ${finding.summary} `,
            muted(`${finding.id}, ${m.evidenceRows(finding.records.length)}, ${finding.attack.join(' ')}`),
          ],
          `${instant(finding.firstSeen)} – ${instant(finding.lastSeen)}`,
          values.confidence(finding.confidence),
        ]),
    },
    ...(findings.length > maxFindings ? [paragraph(muted(m.more(findings.length - maxFindings)))] : []),
  ];
}

function checklistBlocks({ case: one, words }: Context): Block[] {
  const m = words.report;
  return [
    heading(2, m.checklist, 'checklist'),
    {
      kind: 'table',
      head: [m.state, m.item, m.phase, m.who, m.note, m.due],
      rows: one.checklist.map(({ item, state, note = '', due = '', who, at }): Line[] => [
        [{ kind: 'tag', tone: state === 'open' ? 'warn' : 'good', text: words.itemStates[state] }],
        words.items[item],
        words.phases[checklist.find((known) => known.item === item)?.phase ?? 'response'],
        who === undefined || at === undefined ? '' : `${who}, ${shortTime(at)}`,
        note,
        due,
      ]),
    },
  ];
}

/** Other ends of grave findings: each address with the findings that name it. */
function endBlocks({ findings, words }: Context): Block[] {
  const m = words.report;
  const ends = new Map<string, Set<string>>();
  for (const { peers, id } of findings) {
    for (const { address, port } of peers) {
      const end = port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
      ends.set(end, (ends.get(end) ?? new Set()).add(id));
    }
  }
  if (ends.size === 0) return [];
  const rows = [...ends].slice(0, maxEnds).map(([end, ids]): Line[] => [[code(end)], [...ids].slice(0, 5).join(', ')]);
  return [
    heading(2, m.ends, 'ends'),
    { kind: 'table', head: [m.address, m.inFindings], rows },
    ...(ends.size > maxEnds ? [paragraph(muted(m.more(ends.size - maxEnds)))] : []),
  ];
}

function eventLine({ words }: Context, event: JournalledEvent): Line {
  const m = words.events;
  const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`);
  switch (event.event) {
    case 'created':
      return m.created(event.from);
    case 'note':
      return [{ kind: 'strong', text: `${m.note}: ` }, event.text];
    case 'status':
      return `${m.status}: ${words.statuses[event.status]}${because(event.reason)}`;
    case 'check':
      return `${m.check}: ${words.items[event.item]}: ${words.itemStates[event.state]}${because(event.note)}`;
    case 'evidence':
      return [`${m.evidence}: `, code(event.path)];
    case 'notified':
      return `${m.notified}: ${event.channel}`;
    case 'notify-failed':
      return `${m.failed}: ${event.channel}${because(event.reason)}`;
    case 'report':
    case 'notice':
      return [`${m[event.event]}: `, code(event.path)];
  }
}

/** What happened in the traffic and what people did, in one order. */
function courseBlocks(context: Context): Block[] {
  const { case: one, findings, words, language } = context;
  const m = words.report;
  const rows: [at: number, who: string, what: Line][] = [
    ...findings.map(({ firstSeen, ...rest }): [number, string, Line] => [
      firstSeen,
      '',
      m.first(titleIn(language, rest.title), rest.subject.machine ?? rest.subject.address),
    ]),
    ...one.events.map((event): [number, string, Line] => [
      parseInstant(event.at) ?? 0,
      `${event.who} @ ${event.host}`,
      eventLine(context, event),
    ]),
  ];
  const sorted = rows.sort(([a], [b]) => a - b);
  return [
    heading(2, m.course, 'course'),
    paragraph(muted(m.courseNote)),
    {
      kind: 'table',
      head: [m.when, m.who.split(',')[0] ?? '', m.event],
      rows: sorted.slice(0, maxEvents).map(([at, who, what]) => [instant(at), who, what]),
    },
    ...(sorted.length > maxEvents ? [paragraph(muted(m.more(sorted.length - maxEvents)))] : []),
  ];
}

function evidenceBlocks({ case: one, words }: Context): Block[] {
  const m = words.report;
  const bundles = one.events.flatMap((event) => (event.event === 'evidence' ? [event] : []));
  const told = one.events.flatMap((event) => (event.event === 'notified' || event.event === 'notify-failed' ? [event] : []));
  return [
    heading(2, m.evidence, 'evidence'),
    ...(bundles.length === 0
      ? [paragraph(m.noEvidence)]
      : [
          {
            kind: 'table' as const,
            head: [m.when, m.bundle, m.sums, m.key],
            rows: bundles.map(({ at, path, sumsSha256, key }): Line[] => [
              shortTime(at),
              [code(path)],
              [code(sumsSha256)],
              key === undefined ? m.unsigned : [code(key)],
            ]),
          },
          paragraph(m.verify, ' ', wholeCode('vedette evidence verify DIR --trusted-key KEY.pub')),
        ]),
    heading(2, m.told, 'told'),
    ...(told.length === 0
      ? [paragraph(m.nobody)]
      : [
          {
            kind: 'table' as const,
            head: [m.when, m.channel, m.result],
            rows: told.map((event): Line[] => [
              shortTime(event.at),
              event.channel,
              event.event === 'notified' ? m.delivered : event.reason,
            ]),
          },
        ]),
  ];
}

function doubtBlocks({ findings, words }: Context): Block[] {
  const m = words.report;
  const list = (title: string, items: readonly string[]): Block[] => {
    const all = [...new Set(items)];
    return all.length === 0 ? [] : [heading(3, title), { kind: 'list', items: all.slice(0, maxListed) }];
  };
  return [
    heading(2, m.doubts, 'doubts'),
    ...list(
      m.benign,
      findings.flatMap(({ benign }) => benign),
    ),
    ...list(
      m.blind,
      findings.flatMap(({ blindSpots }) => blindSpots),
    ),
  ];
}

const plainText = (line: Line): string =>
  (Array.isArray(line) ? (line as readonly Inline[]) : [line as Inline])
    .map((part) => (typeof part === 'string' ? part : part.text))
    .join('');

function documentOf(context: Context): Document {
  const { words, case: one, language, version, at } = context;
  const sections = [findingBlocks, checklistBlocks, courseBlocks, evidenceBlocks, endBlocks, doubtBlocks].flatMap((section) =>
    section(context),
  );
  const entries = sections.flatMap((block) =>
    block.kind === 'heading' && block.level === 2 && block.id !== undefined ? [{ id: block.id, text: plainText(block.text) }] : [],
  );
  return {
    ...{ title: words.report.title(one.id), language, contents: { label: words.report.contents, entries } },
    ...{ blocks: [verdict(context), ...sections], footer: words.report.footer(version, shortTime(at)) },
  };
}

/** Both forms of the report. The same input gives the same bytes. */
export function incidentReport(input: IncidentReportInput): { readonly html: string; readonly markdown: string } {
  const document = documentOf({ ...input, words: caseWordsIn(input.language), values: new Values(input.language) });
  return { html: renderHtml(document), markdown: renderMarkdown(document) };
}
