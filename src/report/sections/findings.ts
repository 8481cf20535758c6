// Every finding with what it claims, what it measured, what proves it, and what would explain it otherwise.
import { atLeast, type Evidence } from '../../model/finding.ts';
import { type Block, code, heading, type Inline, type Line, muted, paragraph } from '../document.ts';
import type { ProvenFinding } from '../investigation.ts';
import { instant } from '../values.ts';
import { attributionBlocks } from './attribution.ts';
import { anchorOf, badge, endText, type SectionContext, titleOf } from './context.ts';
import { packetBlocks, rowTables, sentence } from './evidence.ts';

/** Findings shown in full; the file findings.ndjson has all. */
const maxFull = 150;
const maxPeers = 12;
const maxListed = 8;
const maxCommandLine = 400;
const maxColumns = 9;
const maxItems = 20;

const isRecord = (value: unknown): value is Readonly<Record<string, Evidence>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `pauseSeconds` reads as "pause seconds". */
const readable = (key: string): string =>
  key.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);

/** Names and values on one line: `tcp: 3, udp: 1`. */
const pairsText = (value: Readonly<Record<string, unknown>>): string =>
  Object.entries(value)
    .map(([key, one]) => `${readable(key)}: ${typeof one === 'object' ? JSON.stringify(one) : String(one)}`)
    .join(', ')
    .slice(0, maxCommandLine);

function valueLine({ values, messages }: SectionContext, value: Evidence): Line {
  if (value === null) return '–';
  if (typeof value === 'number') return values.number(value, 6);
  if (typeof value === 'boolean') return value ? messages.findings.yes : messages.findings.no;
  if (typeof value === 'string') return [code(value)];
  if (isRecord(value)) return pairsText(value);
  if (value.length === 0) return '–';
  const shown = value
    .slice(0, maxListed)
    .flatMap((one, i): Inline[] => [...(i > 0 ? [' · '] : []), code(typeof one === 'string' ? one : JSON.stringify(one))]);
  return value.length > maxListed ? [...shown, muted(` ${messages.findings.more(value.length - maxListed)}`)] : shown;
}

/** Lists of records, each shown as a table of its own. */
const isTable = (value: Evidence | undefined): value is readonly Readonly<Record<string, Evidence>>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord);

/** What was measured, each value beside the threshold of the same name where there is one; the other thresholds after. */
function measuredBlocks(context: SectionContext, evidence: Readonly<Record<string, Evidence>>): Block[] {
  const m = context.messages.findings;
  const thresholds = isRecord(evidence['thresholds']) ? evidence['thresholds'] : {};
  const measured = Object.entries(evidence).filter(([key]) => key !== 'thresholds');
  const used = new Set(measured.map(([key]) => key));
  const rest = Object.entries(thresholds).filter(([key]) => !used.has(key));
  return [
    {
      kind: 'table',
      head: [m.measured, m.value, m.threshold],
      rows: [
        ...measured
          .filter(([, value]) => !isTable(value))
          .map(([key, value]): Line[] => [
            readable(key),
            valueLine(context, value),
            Object.hasOwn(thresholds, key) ? valueLine(context, thresholds[key] ?? null) : '',
          ]),
        ...rest.map(([key, value]): Line[] => [readable(key), '', valueLine(context, value)]),
      ],
    },
    ...measured.flatMap(([key, value]) => (isTable(value) ? listTable(context, key, value) : [])),
  ];
}

/** A list of records: one row each, its keys as columns. Ids of findings become links. */
function listTable(context: SectionContext, key: string, items: readonly Readonly<Record<string, Evidence>>[]): Block[] {
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))].slice(0, maxColumns);
  const ids = new Set(context.investigation.findings.map(({ finding }) => finding.id));
  const cell = (value: Evidence | undefined, name: string): Line => {
    if (value === undefined) return '';
    if (name === 'id' && typeof value === 'string' && ids.has(value)) return [{ kind: 'link', text: value, to: anchorOf(value) }];
    if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? value.slice(0, 23).replace('T', ' ') : value;
    return valueLine(context, value);
  };
  return [
    {
      kind: 'table',
      caption: readable(key),
      head: columns.map(readable),
      rows: items.slice(0, maxItems).map((item) => columns.map((name) => cell(Object.hasOwn(item, name) ? item[name] : undefined, name))),
    },
    ...(items.length > maxItems ? [sentence(context.messages.findings.more(items.length - maxItems))] : []),
  ];
}

function peerLine(context: SectionContext, { finding }: ProvenFinding): Line {
  const shown = finding.peers
    .slice(0, maxPeers)
    .flatMap(({ address, port, name }, i) => [
      ...(i > 0 ? [', '] : []),
      ...(name === undefined ? endText(context, address, port) : [port === undefined ? address : `${address}:${port}`, muted(` ${name}`)]),
    ]);
  const more = finding.peers.length - maxPeers;
  return more > 0 ? [...shown, muted(` ${context.messages.findings.more(more)}`)] : shown;
}

function proofBlocks(context: SectionContext, proven: ProvenFinding): Block[] {
  const { messages, investigation } = context;
  const m = messages.findings;
  const { finding, rows, moreRows, packets, packetsMissing } = proven;
  const captures = investigation.inputs.filter(({ kind, source }) => kind === 'capture' && source !== '-').map(({ source }) => source);
  return [
    heading(4, m.rows),
    ...(rows.length === 0 ? [sentence(m.noRows)] : rowTables(context, rows)),
    ...(moreRows > 0 ? [sentence(m.moreRows(moreRows))] : []),
    heading(4, m.packets),
    ...packetBlocks(packets),
    ...(packetsMissing === undefined ? [] : [sentence(m.packetsMissing[packetsMissing])]),
    ...(packets.length === 0
      ? []
      : [
          paragraph(
            muted(m.cut),
            ' ',
            code(
              `vedette packets ${captures.join(' ')} --finding ${finding.id} --findings ${investigation.outDirectory} -o ${finding.id}.pcapng`,
            ),
          ),
        ]),
  ];
}

function findingCard(context: SectionContext, proven: ProvenFinding): Block {
  const { messages, values } = context;
  const m = messages.findings;
  const { finding, guide } = proven;
  const { subject, attack } = finding;
  const list = (title: string, items: readonly string[]): Block[] =>
    items.length === 0 ? [] : [heading(4, title), { kind: 'list', items }];
  const who = [subject.machine, subject.address, subject.context && `[${subject.context}]`, subject.project].filter(Boolean).join(' ');
  return {
    kind: 'card',
    tone: finding.severity,
    body: [
      heading(
        3,
        [badge(messages, finding.severity), ` ${titleOf(messages, finding.title)}: ${subject.machine ?? subject.address}`],
        anchorOf(finding.id),
      ),
      paragraph(finding.summary),
      {
        kind: 'facts',
        rows: [
          [m.subject, who],
          ...(finding.peers.length === 0 ? [] : [[m.peers, peerLine(context, proven)] as const]),
          [m.when, `${instant(finding.firstSeen, true)} – ${instant(finding.lastSeen, true)}`],
          [m.times, values.number(finding.count)],
          [messages.verdict.confidence, values.confidence(finding.confidence)],
          [m.attack, attack.join(', ')],
          ['id', [code(finding.id)]],
        ],
      },
      ...(finding.attribution === undefined ? [] : attributionBlocks(context, finding.subject.address, finding.attribution)),
      ...(guide === undefined ? [] : [paragraph(muted(`${m.finds}: ${guide.finds}`))]),
      { kind: 'details', summary: m.measured, open: atLeast(finding.severity, 'medium'), body: measuredBlocks(context, finding.evidence) },
      ...proofBlocks(context, proven),
      ...list(m.benign, finding.benign),
      ...list(m.blindSpots, finding.blindSpots),
      ...list(m.next, guide?.investigate ?? []),
    ],
  };
}

/** All findings, gravest first. */
export function findingBlocks(context: SectionContext): Block[] {
  const { investigation, messages } = context;
  const m = messages.findings;
  const { findings, findingsDropped } = investigation;
  return [
    heading(2, m.title, 'findings'),
    ...(messages.findingLanguage === '' || findings.length === 0 ? [] : [sentence(messages.findingLanguage)]),
    ...(findings.length === 0 ? [paragraph(m.none)] : findings.slice(0, maxFull).map((one) => findingCard(context, one))),
    ...(findings.length > maxFull ? [sentence(m.shownInFull(maxFull))] : []),
    ...(findingsDropped > 0 ? [sentence(m.dropped(findingsDropped))] : []),
  ];
}
