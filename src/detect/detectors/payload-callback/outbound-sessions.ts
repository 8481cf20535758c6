// Connections that machines opened, by the end that they went to: kept before anybody knows whether a payload named it.
import type { ConnRecord } from '../../../model/records/conn.ts';
import type { DetectionHost } from '../../detector.ts';
import type { EndsMap } from '../../ends/ends-map.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { day } from '../../stats/record-clock.ts';
import { appended } from '../../stats/short-list.ts';

/** Pairs of machine and remote address followed at once, of machines of ours and of others: these must not displace those. */
const maxOurs = 20_000;
const maxOthers = 10_000;
/** Longer than payloads are remembered. */
const memorySeconds = 2 * day;
const maxPorts = 32;
/** Latest sessions kept an end. */
const maxSessions = 128;
/** The same, as long as no payload named any end to the machine. */
const maxUnnamed = 32;

/** One connection; what idle time cut into several rows is one again. */
export interface Session {
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly machinePort: number;
  readonly state: string;
  readonly answered: boolean;
  readonly uid: string;
  /** Of further rows. */
  moreUids: string[] | undefined;
  seconds: number;
  sentBytes: number;
  receivedBytes: number;
}

/** Uids of all rows. */
export const uidsOf = ({ uid, moreUids }: Session): readonly string[] => (moreUids === undefined ? [uid] : [uid, ...moreUids]);

/** What the machine had with one port of an address. Most have one session, and most addresses one edge. */
export interface Edge {
  readonly proto: string;
  readonly port: number;
  /** The latest. */
  sessions: Session[];
  /** Sessions that no longer fit. */
  forgotten: number;
  firstAt: number;
}

/** A row that began before the capture, or after Zeek had given the connection up: its ends may be swapped. */
export const isMidStream = (row: ConnRecord): boolean => row.proto === 'tcp' && row.conn_state === 'OTH' && !/[Sh]/.test(row.history ?? '');

const sessionOf = (row: ConnRecord, swapped: boolean): Session => ({
  at: row.ts,
  machinePort: swapped ? row['id.resp_p'] : row['id.orig_p'],
  state: row.conn_state,
  answered: row.resp_pkts > 0 && row.orig_pkts > 0 && row.conn_state !== 'REJ' && row.history?.startsWith('Sr') !== true,
  uid: row.uid,
  moreUids: undefined,
  seconds: row.duration ?? 0,
  sentBytes: (swapped ? row.resp_bytes : row.orig_bytes) ?? 0,
  receivedBytes: (swapped ? row.orig_bytes : row.resp_bytes) ?? 0,
});

export class OutboundSessions {
  readonly #host: DetectionHost;
  readonly #ours: EndsMap<Edge | Edge[]>;
  readonly #others: EndsMap<Edge | Edge[]>;
  readonly #isNamed: (machine: number) => boolean;

  /** @param isNamed whether a payload named an end to the machine */
  constructor(host: DetectionHost, isNamed: (machine: number) => boolean) {
    this.#host = host;
    this.#isNamed = isNamed;
    this.#ours = host.newEndsMap(maxOurs, { afterSeconds: memorySeconds });
    this.#others = host.newEndsMap(maxOthers, { afterSeconds: memorySeconds });
  }

  /** Ends that the machine connected to at this address. */
  edges(machine: string, remote: string, context: string | undefined): readonly Edge[] {
    const [from, to] = [this.#host.endOf(machine, context), this.#host.endOf(remote, context)];
    const edges = (this.#host.isOurs(machine) ? this.#ours : this.#others).peek(from, to) ?? [];
    return Array.isArray(edges) ? edges : [edges];
  }

  /** Notes a connection of the client. */
  note(row: ConnRecord, { client, server, isClientOurs }: RowEnds): void {
    this.#note(isClientOurs ? this.#ours : this.#others, row, client, server, row.proto === 'icmp' ? 0 : row['id.resp_p'], false);
  }

  /** Notes a connection of the server, for rows whose ends may be swapped. */
  noteSwapped(row: ConnRecord, { client, server, isServerOurs }: RowEnds): void {
    this.#note(isServerOurs ? this.#ours : this.#others, row, server, client, row['id.orig_p'], true);
  }

  #note(pairs: EndsMap<Edge | Edge[]>, row: ConnRecord, machine: number, remote: number, port: number, swapped: boolean): void {
    const edges = pairs.get(machine, remote);
    const known = edges === undefined ? undefined : edgeIn(edges, row.proto, port);
    const session = sessionOf(row, swapped);
    if (known !== undefined) {
      known.firstAt = Math.min(known.firstAt, row.ts);
      addSession(known, session, isMidStream(row), this.#isNamed(machine) ? maxSessions : maxUnnamed);
      return;
    }
    const edge: Edge = { proto: row.proto, port, sessions: [session], forgotten: 0, firstAt: row.ts };
    if (edges === undefined) pairs.set(edge, machine, remote);
    else if (!Array.isArray(edges)) pairs.set([edges, edge], machine, remote);
    else if (edges.length < maxPorts) edges.push(edge);
  }
}

function edgeIn(edges: Edge | readonly Edge[], proto: string, port: number): Edge | undefined {
  if (!Array.isArray(edges)) return (edges as Edge).port === port && (edges as Edge).proto === proto ? (edges as Edge) : undefined;
  for (const edge of edges) if (edge.port === port && edge.proto === proto) return edge;
  return undefined;
}

function addSession(edge: Edge, session: Session, continues: boolean, most: number): void {
  const begun = continues
    ? edge.sessions.find(({ machinePort, at }) => machinePort === session.machinePort && at <= session.at)
    : undefined;
  if (begun !== undefined) {
    begun.seconds += session.seconds;
    begun.sentBytes += session.sentBytes;
    begun.receivedBytes += session.receivedBytes;
    begun.moreUids ??= [];
    begun.moreUids.push(session.uid);
    return;
  }
  edge.sessions = appended(edge.sessions, session);
  if (edge.sessions.length <= most) return;
  edge.sessions.shift();
  edge.forgotten++;
}
