// The three questions with their answers, each followed by what it is read from.
import { type Block, code, heading, type Inline, type Line, muted, paragraph, strong, type Tone } from '../document.ts';
import type { ProvenFinding } from '../investigation.ts';
import type { LongConnection, Pair } from '../observe/observations.ts';
import { pathOf } from '../observe/requests.ts';
import { type Answer, type Answered, answers } from '../questions.ts';
import { attackOf, evidenceText, isInboundAttack } from '../roles.ts';
import { instant } from '../values.ts';
import { anchorOf, endText, type SectionContext, titleOf } from './context.ts';

const tones: Readonly<Record<Answer, Tone>> = { yes: 'bad', suspected: 'warn', attempted: 'warn', no: 'good', unseen: 'neutral' };
const maxReasons = 6;
const maxAttacks = 25;
const maxPayloads = 3;
const maxBody = 300;
const maxDownloads = 20;
const maxNames = 25;
const maxDirect = 20;
const maxEndpoints = 12;

function reasons({ messages }: SectionContext, { findings, reason }: Answered): Line {
  const links = findings
    .slice(0, maxReasons)
    .flatMap(({ id, title, summary }, i): Inline[] => [
      ...(i > 0 ? ['; '] : []),
      { kind: 'link', text: titleOf(messages, title), to: anchorOf(id) },
      ...(i === 0 ? [`: ${summary}`] : []),
    ]);
  const more = findings.length > maxReasons ? [muted(` (+${findings.length - maxReasons})`)] : [];
  return [...(reason === undefined ? [] : [reason, ...(links.length > 0 ? [' '] : [])]), ...links, ...more];
}

/** The table of answers, then the evidence of each question. */
export function questionBlocks(context: SectionContext): Block[] {
  const { messages } = context;
  const m = messages.questions;
  const found = answers(context.investigation, messages);
  const tag = ({ answer }: Answered): Inline => ({ kind: 'tag', tone: tones[answer], text: m.answers[answer] });
  const parts: Readonly<Record<Answered['question'], (context: SectionContext) => Block[]>> = {
    remote: connectionBlocks,
    exploited: requestBlocks,
    tools: toolBlocks,
  };
  return [
    heading(2, m.title, 'questions'),
    {
      kind: 'table',
      head: [m.question, m.answer, m.because],
      rows: found.map((one) => [m[one.question], [tag(one)], reasons(context, one)]),
    },
    ...found.flatMap((one, i) => [
      heading(3, [`${i + 1}. ${m[one.question]} `, tag(one)], `question-${i + 1}`),
      ...parts[one.question](context),
    ]),
  ];
}

const service = ({ messages }: SectionContext, proto: string, name: string | undefined): Inline[] =>
  name === undefined ? [`${proto}, `, muted(messages.connections.noService)] : [`${proto}, ${name}`];

function longTable(context: SectionContext, rows: readonly LongConnection[], caption: string): Block {
  const { values, messages } = context;
  const m = messages.connections;
  const notes = (row: LongConnection): string =>
    [row.known, row.open ? m.open : undefined, row.endsUnsure ? m.endsUnsure : undefined, row.context].filter(Boolean).join('; ');
  return {
    kind: 'table',
    caption,
    head: [m.start, m.client, m.server, m.service, m.duration, m.bytes, m.state, m.note],
    numeric: [4, 5],
    rows: rows.map((row) => [
      instant(row.at),
      endText(context, row.client, row.clientPort),
      endText(context, row.server, row.serverPort),
      service(context, row.proto, row.service),
      values.span(row.seconds),
      values.bytes(row.bytes),
      row.state,
      notes(row),
    ]),
  };
}

function pairTable(context: SectionContext, pairs: readonly Pair[]): Block {
  const { values, messages } = context;
  const m = messages.connections;
  return {
    kind: 'table',
    caption: m.pairs,
    head: [m.start, m.client, m.server, m.service, m.count, m.inSum, m.bytes],
    numeric: [4, 5, 6],
    rows: pairs.map((pair) => [
      instant(pair.firstAt),
      endText(context, pair.client),
      endText(context, pair.server, pair.port),
      service(context, pair.proto, pair.service),
      values.number(pair.connections),
      values.span(pair.seconds),
      values.bytes(pair.bytes),
    ]),
  };
}

function connectionBlocks(context: SectionContext): Block[] {
  const { longest, longestKnown, longestPairs } = context.investigation.observations;
  const m = context.messages.connections;
  if (longest.length === 0 && longestKnown.length === 0) return [paragraph(m.none)];
  return [
    ...(longest.length === 0 ? [] : [longTable(context, longest.slice(0, 10), m.longest), paragraph(muted(m.longestNote))]),
    ...(longestPairs.length === 0 ? [] : [pairTable(context, longestPairs.slice(0, 10)), paragraph(muted(m.pairsNote))]),
    ...(longestKnown.length === 0 ? [] : [longTable(context, longestKnown.slice(0, 5), m.known)]),
  ];
}

/** One row an attack finding: who, against what, with which payloads, and what came of it. */
function attackRow(context: SectionContext, { finding }: ProvenFinding): Line[] {
  const { endpoint, parameter, kind, payloads } = attackOf(finding);
  return [
    instant(finding.firstSeen),
    endText(context, finding.subject.address),
    endpoint === undefined ? '' : [code(endpoint)],
    parameter === undefined ? '' : [code(parameter)],
    payloads.length === 0
      ? finding.summary
      : payloads.slice(0, maxPayloads).flatMap((one, i): Inline[] => [...(i > 0 ? [' · '] : []), code(one)]),
    kind ?? titleOf(context.messages, finding.title),
    context.values.number(finding.count),
    evidenceText(finding, 'verdict') ?? '',
  ];
}

/** Requests for attacked endpoints in the evidence rows, in order of time. */
function attackRequests(context: SectionContext, attacks: readonly ProvenFinding[]): Line[][] {
  const seen = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { finding, rows } of attacks) {
    const { endpoint } = attackOf(finding);
    for (const { log, row } of rows) {
      if (log !== 'http' || typeof row['uri'] !== 'string') continue;
      if (endpoint !== undefined && pathOf(row['uri']) !== endpoint) continue;
      seen.set(`${String(row['uid'])}|${String(row['trans_depth'])}`, row);
    }
  }
  return [...seen.values()]
    .sort((a, b) => Number(a['ts']) - Number(b['ts']))
    .slice(0, maxAttacks)
    .map((row): Line[] => [
      instant(Number(row['ts'])),
      endText(context, String(row['id.orig_h'])),
      String(row['method'] ?? ''),
      [code(String(row['uri'])), ...(typeof row['post_body'] === 'string' ? [' ', code(row['post_body'].slice(0, maxBody))] : [])],
      String(row['status_code'] ?? ''),
      context.values.bytes(Number(row['response_body_len'] ?? 0)),
    ]);
}

function requestBlocks(context: SectionContext): Block[] {
  const { investigation, messages, values } = context;
  const m = messages.requests;
  const attacks = investigation.findings.filter(({ finding }) => isInboundAttack(finding));
  const ours = investigation.observations.endpoints.filter(({ server }) => investigation.isOurs(server.replace(/:\d+$/, '')));
  const blocks: Block[] = [];
  if (attacks.length > 0) {
    blocks.push(
      {
        kind: 'table',
        caption: m.attacks,
        head: [m.time, m.attacker, m.target, m.parameter, m.payload, m.kind, m.count, m.verdict],
        numeric: [6],
        rows: attacks.slice(0, maxAttacks).map((attack) => attackRow(context, attack)),
      },
      paragraph(muted(m.attacksNote)),
    );
    const requests = attackRequests(context, attacks);
    if (requests.length > 0) {
      const head = [m.time, m.attacker, m.kind, m.request, m.status, messages.connections.bytes];
      blocks.push({ kind: 'table', caption: m.requests, head, numeric: [4, 5], rows: requests });
    }
  }
  if (ours.length > 0) {
    blocks.push({
      kind: 'table',
      caption: m.endpoints,
      head: [m.endpoint, m.count, m.clients, m.status],
      numeric: [1, 2],
      rows: ours
        .slice(0, maxEndpoints)
        .map((one) => [
          [code(`${one.method} ${one.host || one.server}${one.path}`)],
          values.number(one.requests),
          values.number(one.clients.size),
          [...one.statuses].map(([status, count]) => `${status === 0 ? '–' : status}${count > 1 ? ` ×${count}` : ''}`).join(', '),
        ]),
    });
    if (ours.length > maxEndpoints) blocks.push(paragraph(muted(m.more(ours.length - maxEndpoints))));
  }
  return blocks.length > 0 ? blocks : [paragraph(m.none)];
}

/** Pairs from one of ours to an outside address that nothing in view had named. */
function directPairs({ investigation }: SectionContext): Pair[] {
  const { pairs, nameOf } = investigation.observations;
  const isSpecial = /^(?:22[4-9]|23\d|255|127|0)\.|^ff|^169\.254\.|^::/i;
  // A resolver or a time server is configured by address: that is how it is done.
  const isConfigured = (pair: Pair): boolean =>
    /^(?:dns|ntp|dhcp)$/.test(pair.service ?? '') || (pair.proto === 'udp' && [53, 67, 123].includes(pair.port));
  return pairs.filter(
    (pair) =>
      pair.answered > 0 &&
      !isConfigured(pair) &&
      pair.known === undefined &&
      investigation.isOurs(pair.client) &&
      !investigation.isOurs(pair.server) &&
      !nameOf.has(pair.server) &&
      !isSpecial.test(pair.server),
  );
}

function toolBlocks(context: SectionContext): Block[] {
  const { investigation, messages, values } = context;
  const { downloads, downloadCount, names, nameCount } = investigation.observations;
  const m = messages.tools;
  const blocks: Block[] = [];
  if (downloads.length > 0) {
    blocks.push({
      kind: 'table',
      caption: m.downloads,
      head: [messages.requests.time, m.machine, m.from, m.what, m.size, m.url, m.digest],
      numeric: [4],
      rows: downloads
        .slice(0, maxDownloads)
        .map((one) => [
          instant(one.at),
          endText(context, one.to),
          endText(context, one.from, one.port),
          one.rank === 0 ? [strong(one.mime ?? '–')] : (one.mime ?? '–'),
          values.bytes(one.bytes),
          one.url === undefined ? '' : [code(one.url), ...(one.userAgent === undefined ? [] : [muted(` ${one.userAgent}`)])],
          one.sha256 === undefined ? '' : [code(one.sha256)],
        ]),
    });
    if (downloadCount > maxDownloads) blocks.push(paragraph(muted(m.more(downloadCount - Math.min(downloads.length, maxDownloads)))));
    blocks.push(paragraph(muted(m.downloadsNote)));
  }
  const direct = directPairs(context);
  if (direct.length > 0) {
    blocks.push({ ...pairTable(context, direct.slice(0, maxDirect)), caption: m.direct } as Block, paragraph(muted(m.directNote)));
  }
  if (names.length > 0) {
    blocks.push({
      kind: 'table',
      caption: m.names,
      head: [m.first, m.name, m.asker, m.queries, m.answers],
      numeric: [3],
      rows: names
        .slice(0, maxNames)
        .map((one) => [
          instant(one.firstAt),
          [code(one.name)],
          endText(context, one.firstClient),
          values.number(one.queries),
          one.answers.size === 0 ? [muted(m.failed)] : [...one.answers].slice(0, 4).join(', '),
        ]),
    });
    if (nameCount > maxNames) blocks.push(paragraph(muted(m.more(nameCount - Math.min(names.length, maxNames)))));
    blocks.push(paragraph(muted(m.namesNote)));
  }
  return blocks.length > 0 ? blocks : [paragraph(m.none)];
}
