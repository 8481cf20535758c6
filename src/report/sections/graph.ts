// Who spoke with the machine in question: those of findings first, then by traffic; the rest in one node.
import { type Finding, type Severity, severities } from '../../model/finding.ts';
import { type Block, heading } from '../document.ts';
import type { Pair } from '../observe/observations.ts';
import { type GraphPeer, graphSvg } from '../pictures/graph-svg.ts';
import type { SectionContext } from './context.ts';

/** Peers drawn on one side; with both sides about 25. */
const maxSide = 12;
const maxGraphs = 3;

interface Side {
  readonly address: string;
  readonly pairs: Pair[];
}

/** Peers of findings about a machine, with the gravest severity. */
function severityOf(findings: readonly Finding[], machine: string): Map<string, Severity> {
  const found = new Map<string, Severity>();
  const note = (address: string, severity: Severity): void => {
    const before = found.get(address);
    if (before === undefined || severities.indexOf(severity) > severities.indexOf(before)) found.set(address, severity);
  };
  for (const { subject, peers, severity } of findings) {
    if (subject.address === machine) for (const { address } of peers) note(address, severity);
    else if (peers.some(({ address }) => address === machine)) note(subject.address, severity);
  }
  return found;
}

function group(pairs: readonly Pair[], end: 'client' | 'server'): Side[] {
  const sides = new Map<string, Side>();
  for (const pair of pairs) {
    const side = sides.get(pair[end]);
    if (side === undefined) sides.set(pair[end], { address: pair[end], pairs: [pair] });
    else side.pairs.push(pair);
  }
  return [...sides.values()];
}

const sum = (pairs: readonly Pair[], key: 'bytes' | 'connections' | 'seconds'): number =>
  pairs.reduce((total, pair) => total + pair[key], 0);

/** `tcp/3000, 4 connections, 469 s, 12 kB` */
function trafficText({ messages, values }: SectionContext, pairs: readonly Pair[]): string {
  const services = [...new Set(pairs.map(({ proto, port }) => `${proto}/${port}`))];
  const shown = services.length > 2 ? `${services.slice(0, 2).join(' ')} +${services.length - 2}` : services.join(' ');
  const isAnswered = pairs.some(({ answered, proto, bytes }) => answered > 0 || (proto !== 'tcp' && bytes > 0));
  return [
    shown,
    messages.graph.connections(sum(pairs, 'connections')),
    ...(isAnswered ? [values.span(sum(pairs, 'seconds')), values.bytes(sum(pairs, 'bytes'))] : [messages.graph.unanswered]),
  ].join(', ');
}

function peersOf(context: SectionContext, sides: readonly Side[], gravity: ReadonlyMap<string, Severity>): GraphPeer[] {
  const { investigation, messages } = context;
  const weigh = ({ address, pairs }: Side): number =>
    (gravity.has(address) ? 1e15 * (1 + severities.indexOf(gravity.get(address) ?? 'info')) : 0) +
    sum(pairs, 'bytes') +
    sum(pairs, 'connections');
  const ordered = [...sides].sort((a, b) => weigh(b) - weigh(a) || (a.address < b.address ? -1 : 1));
  // One place is kept for the others, unless all fit.
  const shown = ordered.length <= maxSide ? ordered : ordered.slice(0, maxSide - 1);
  const most = Math.max(1, ...ordered.map(({ pairs }) => sum(pairs, 'bytes')));
  const rest = ordered.slice(shown.length).flatMap(({ pairs }) => pairs);
  const peer = (name: string, pairs: readonly Pair[], severity: Severity | undefined): GraphPeer => ({
    name,
    traffic: trafficText(context, pairs),
    weight: Math.log1p(sum(pairs, 'bytes')) / Math.log1p(most),
    severity,
    unanswered: pairs.every(({ answered, proto, bytes }) => answered === 0 && !(proto !== 'tcp' && bytes > 0)),
  });
  return [
    ...shown.map(({ address, pairs }) => {
      const label = investigation.knownAs(address) ?? investigation.observations.nameOf.get(address);
      return peer(label === undefined ? address : `${address} ${label}`, pairs, gravity.get(address));
    }),
    ...(rest.length === 0 ? [] : [peer(messages.graph.others(ordered.length - shown.length), rest, undefined)]),
  ];
}

interface Machine {
  readonly address: string;
  readonly context: string | undefined;
  readonly name: string;
}

/** The machines to draw: the accused; without any, the one of ours with most traffic. */
function machines({ guilty, investigation }: SectionContext): Machine[] {
  if (guilty.length > 0)
    return guilty.slice(0, maxGraphs).map((one) => ({ address: one.address, context: one.context, name: one.machine ?? one.address }));
  const bytes = new Map<string, number>();
  for (const { client, server, bytes: size } of investigation.observations.pairs) {
    for (const end of [client, server]) if (investigation.isOurs(end)) bytes.set(end, (bytes.get(end) ?? 0) + size + 1);
  }
  const [busiest] = [...bytes].sort((a, b) => b[1] - a[1]);
  return busiest === undefined ? [] : [{ address: busiest[0], context: undefined, name: busiest[0] }];
}

/** The section; nothing at all where there is no connection to draw. */
export function graphBlocks(context: SectionContext): Block[] {
  const { investigation, messages } = context;
  const m = messages.graph;
  const findings = investigation.findings.map(({ finding }) => finding);
  const blocks = machines(context).flatMap((machine, i): Block[] => {
    const mine = investigation.observations.pairs.filter((pair) => machine.context === undefined || pair.context === machine.context);
    const gravity = severityOf(findings, machine.address);
    const inbound = peersOf(
      context,
      group(
        mine.filter(({ server }) => server === machine.address),
        'client',
      ),
      gravity,
    );
    const outbound = peersOf(
      context,
      group(
        mine.filter(({ client }) => client === machine.address),
        'server',
      ),
      gravity,
    );
    const shown = inbound.length + outbound.length;
    if (shown === 0) return [];
    const row = (direction: string) => (peer: GraphPeer) => [
      peer.name,
      direction,
      peer.traffic,
      peer.severity === undefined ? '' : messages.severities[peer.severity as Severity],
    ];
    return [
      {
        kind: 'picture',
        svg: graphSvg(`graph-${i}`, { machine: machine.name, inbound, outbound }, m.title),
        caption: m.caption(machine.name, shown),
      },
      {
        kind: 'details',
        summary: messages.asTable,
        body: [
          {
            kind: 'table',
            head: [m.peer, m.direction, m.traffic, m.finding],
            rows: [...inbound.map(row(m.inbound)), ...outbound.map(row(m.outbound))],
          },
        ],
      },
    ];
  });
  return blocks.length === 0 ? [] : [heading(2, m.title, 'graph'), ...blocks];
}
