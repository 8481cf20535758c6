// Joins an end that payloads named with what the machine did: cause and effect may come in either order, minutes apart.
import type { CallbackKind } from '../../payload/sign.ts';
import type { Machine, NamedEnd } from './named-ends.ts';
import type { NamesSeen } from './names-seen.ts';
import type { Edge, OutboundSessions, Session } from './outbound-sessions.ts';

/** Ports of those that payloads leave out: LDAP, RMI and DNS for look-ups; web, FTP and TFTP for downloads. */
const defaultPorts: Readonly<Partial<Record<CallbackKind, readonly number[]>>> = {
  'look-up': [389, 636, 1099, 53, 80, 443],
  download: [80, 443, 21, 69, 8080],
  fetch: [80, 443, 21],
};

/** What the machine did about an end. */
export interface Match {
  readonly remote: string;
  readonly port: number;
  readonly proto: string;
  readonly sessions: readonly Session[];
  readonly forgotten: number;
  /** The machine spoke with this end before the first attempt by more than the window. */
  readonly knownBefore: boolean;
  /** The payload named the port, not only the host. */
  readonly portNamed: boolean;
  /** The payload named a host whose address is known from a name. */
  readonly byName: boolean;
}

/** Whether the session began within the window of an attempt, or was open at one. */
const isNear = (session: Session, end: NamedEnd, window: number): boolean =>
  end.attempts.some(({ at }) => Math.abs(session.at - at) <= window || (session.at <= at && at <= session.at + session.seconds * 1e6));

function fits({ callback }: NamedEnd, edge: Edge): boolean {
  if (callback.kind === 'ping') return edge.proto === 'icmp';
  if (edge.proto === 'icmp') return false;
  if (callback.port !== undefined) return edge.port === callback.port;
  return defaultPorts[callback.kind]?.includes(edge.port) ?? true;
}

/** The connections that answer the end, oldest first; undefined when there is none. `window` in microseconds. */
export function matchOf(machine: Machine, end: NamedEnd, sessions: OutboundSessions, names: NamesSeen, window: number): Match | undefined {
  const { host, port } = end.callback;
  for (const remote of end.byName ? names.addresses(host, machine.context) : [host]) {
    for (const edge of sessions.edges(machine.address, remote, machine.context)) {
      if (!fits(end, edge)) continue;
      const near = edge.sessions.filter((session) => isNear(session, end, window));
      const first = Math.min(...near.map(({ at }) => at));
      if (near.length === 0) continue;
      return {
        remote,
        port: edge.port,
        proto: edge.proto,
        // From the first on, every session with that end belongs to the intruder.
        sessions: edge.sessions.filter(({ at }) => at >= first).sort((a, b) => a.at - b.at),
        forgotten: edge.forgotten,
        knownBefore: edge.firstAt < end.firstAt - window,
        portNamed: port !== undefined,
        byName: end.byName,
      };
    }
  }
  return undefined;
}
