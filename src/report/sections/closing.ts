// The sections that close the report: what was not visible, what to do, indicators, inputs.
import { type ActionWorth, adviceFor } from '../actions.ts';
import { type Block, code, heading, type Line, paragraph, type Tone } from '../document.ts';
import { translated } from '../messages/index.ts';
import type { SectionContext } from './context.ts';
import { sentence } from './evidence.ts';

const maxIndicators = 60;
const maxDamages = 20;
const worthTones: Readonly<Record<ActionWorth, Tone>> = { urgent: 'bad', high: 'bad', medium: 'warn', low: 'neutral' };

/** What could not be seen, so that silence is not taken for innocence. */
export function coverageBlocks({ investigation, messages, values }: SectionContext): Block[] {
  const m = messages.coverage;
  const { coverage, dropped, requests } = investigation.observations;
  const drops = investigation.inputs.reduce((sum, input) => sum + input.reportedDrops, 0);
  const truncated = investigation.inputs.reduce((sum, input) => sum + input.truncatedPackets, 0);
  const damages = investigation.inputs.flatMap((input) => input.damages.map((message) => m.damage(input.source, message)));
  const when = (is: boolean, text: () => string): string[] => (is ? [text()] : []);
  const n = (value: number): string => values.number(value);
  return [
    heading(2, m.title, 'coverage'),
    {
      kind: 'list',
      items: [
        ...damages.slice(0, maxDamages),
        ...when(drops > 0, () => m.drops(n(drops))),
        ...when(truncated > 0, () => m.truncated(n(truncated))),
        ...when(coverage.missedBytes > 0, () => m.loss(values.bytes(coverage.missedBytes))),
        ...when(investigation.malformedPackets > 0, () => m.malformed(n(investigation.malformedPackets))),
        ...when(coverage.encryptedBytes > 0, () =>
          m.encrypted(values.percent(coverage.encryptedBytes / Math.max(coverage.bytes, 1)), n(coverage.encryptedConnections)),
        ),
        ...when(requests === 0, () => m.noHttp),
        ...when((coverage.rows['dns'] ?? 0) === 0, () => m.noDns),
        ...when(coverage.encryptedDns > 0, () => m.encryptedDns(n(coverage.encryptedDns))),
        ...when(coverage.unrecognised > 0, () => m.unrecognised(n(coverage.unrecognised))),
        ...when(coverage.midstream > 0, () => m.midstream(n(coverage.midstream))),
        ...when(coverage.carriers > 0, () => m.carriers(n(coverage.carriers))),
        ...when(coverage.duplicatePackets > 0, () => m.duplicates(n(coverage.duplicatePackets))),
        ...when(dropped > 0, () => m.bounded(n(dropped))),
        m.span,
        m.host,
      ],
    },
  ];
}

/** What to do, most valuable first. */
export function actionBlocks(context: SectionContext): Block[] {
  const { messages } = context;
  const m = messages.actions;
  const advice = adviceFor(context.investigation, context.guilty, context.indicators, messages);
  return [
    heading(2, m.title, 'actions'),
    sentence(m.note),
    {
      kind: 'table',
      head: ['', m.action, m.worth, m.why],
      numeric: [0],
      rows: advice.map(({ action, worth, why }, i): Line[] => [
        String(i + 1),
        action,
        [{ kind: 'tag', tone: worthTones[worth], text: m.values[worth] }],
        why,
      ]),
    },
  ];
}

/** What to look for elsewhere. */
export function indicatorBlocks({ indicators, messages, values }: SectionContext): Block[] {
  const m = messages.indicators;
  const title = heading(2, m.title, 'indicators');
  if (indicators.length === 0) return [title, paragraph(m.none)];
  return [
    title,
    sentence(m.note),
    {
      kind: 'table',
      head: [m.kind, m.value, m.worth, messages.verdict.confidence, m.from],
      numeric: [3],
      rows: indicators
        .slice(0, maxIndicators)
        .map((one): Line[] => [
          m.kinds[one.kind],
          [code(one.port === undefined ? one.value : one.value.includes(':') ? `[${one.value}]:${one.port}` : `${one.value}:${one.port}`)],
          m.worths[one.worth],
          values.confidence(one.confidence),
          [...new Set(one.findings.map(({ title: from }) => translated(messages, from)))].join(', '),
        ]),
    },
    ...(indicators.length > maxIndicators ? [sentence(m.more(indicators.length - maxIndicators))] : []),
  ];
}

/** What was read and how, so that another person can do it again. */
export function inputBlocks({ investigation, messages, values }: SectionContext): Block[] {
  const m = messages.inputs;
  const rows = Object.entries(investigation.observations.coverage.rows).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    heading(2, m.title, 'inputs'),
    {
      kind: 'table',
      head: [m.source, m.content, m.size, m.digest],
      numeric: [2],
      rows: investigation.inputs.map((input): Line[] => [
        [code(input.source)],
        input.kind === 'capture' ? m.packets(values.number(input.count)) : m.rows(values.number(input.count)),
        values.bytes(input.bytes),
        input.sha256 === undefined ? m.noDigest : [code(input.sha256)],
      ]),
    },
    {
      kind: 'facts',
      rows: [[m.version, investigation.version], ...investigation.parameters.map(([name, value]) => [name, [code(value)]] as const)],
    },
    {
      kind: 'details',
      summary: m.records,
      body: [
        { kind: 'table', head: [m.log, m.count], numeric: [1], rows: rows.map(([log, count]) => [`${log}.log`, values.number(count)]) },
      ],
    },
  ];
}
