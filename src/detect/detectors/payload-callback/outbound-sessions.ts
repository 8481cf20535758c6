// Connections that machines opened, by the end that they went to: kept before anybody knows whether a payload named it.
import type { ConnRecord } from '../../../model/records/conn.ts';
import { BoundedMap } from '../../stats/bounded-map.ts';

/** Pairs of machine and remote address followed at once. */
const maxPairs = 50_000;
const maxPorts = 32;
/** Latest sessions kept an end. */
const maxSessions = 128;

/** One connection; what idle time cut into several rows is one again. */
export interface Session {
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly machinePort: number;
  readonly state: string;
  readonly answered: boolean;
  readonly uids: string[];
  seconds: number;
  sentBytes: number;
  receivedBytes: number;
}

export interface Edge {
  readonly proto: string;
  readonly port: number;
  readonly sessions: Session[];
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
  answered: row.resp_pkts > 0 && row.orig_pkts > 0 && row.conn_state !== 'REJ' && !/^Sr/.test(row.history ?? ''),
  uids: [row.uid],
  seconds: row.duration ?? 0,
  sentBytes: (swapped ? row.resp_bytes : row.orig_bytes) ?? 0,
  receivedBytes: (swapped ? row.orig_bytes : row.resp_bytes) ?? 0,
});

export class OutboundSessions {
  readonly #pairs = new BoundedMap<string, Map<string, Edge>>(maxPairs);

  /** Ends that the machine connected to at this address. */
  edges(machine: string, remote: string, context: string | undefined): Iterable<Edge> {
    return this.#pairs.peek(`${context ?? ''}|${machine}|${remote}`)?.values() ?? [];
  }

  /** Notes a connection of the client; `swapped`: of the server, for rows whose ends may be swapped. */
  note(row: ConnRecord, swapped: boolean): void {
    const [machine, remote] = swapped ? [row['id.resp_h'], row['id.orig_h']] : [row['id.orig_h'], row['id.resp_h']];
    const port = swapped ? row['id.orig_p'] : row.proto === 'icmp' ? 0 : row['id.resp_p'];
    const ports = this.#pairs.ensure(`${row.context ?? ''}|${machine}|${remote}`, () => new Map());
    const key = `${row.proto}|${port}`;
    let edge = ports.get(key);
    if (edge === undefined) {
      if (ports.size >= maxPorts) return;
      edge = { proto: row.proto, port, sessions: [], forgotten: 0, firstAt: row.ts };
      ports.set(key, edge);
    }
    edge.firstAt = Math.min(edge.firstAt, row.ts);
    addSession(edge, sessionOf(row, swapped), isMidStream(row));
  }
}

function addSession(edge: Edge, session: Session, continues: boolean): void {
  const begun = continues
    ? edge.sessions.find(({ machinePort, at }) => machinePort === session.machinePort && at <= session.at)
    : undefined;
  if (begun !== undefined) {
    begun.seconds += session.seconds;
    begun.sentBytes += session.sentBytes;
    begun.receivedBytes += session.receivedBytes;
    begun.uids.push(...session.uids);
    return;
  }
  edge.sessions.push(session);
  if (edge.sessions.length <= maxSessions) return;
  edge.sessions.shift();
  edge.forgotten++;
}
