// The conn record of a connection.
import { epochMicros } from '../../base/units.ts';
import type { ConnRecord } from '../../model/records/conn.ts';
import type { KnownAddress } from './address-book.ts';
import { communityId, type FlowEnd } from './community-id.ts';
import { connState } from './conn-state.ts';
import { type Connection, type Traffic, Transport } from './connection.ts';
import { EndState } from './endpoint.ts';
import { unreachableNames } from './unreachable.ts';

const protocolNames = ['tcp', 'udp', 'icmp', 'unknown_transport'] as const;

/** What a row needs beside the connection. */
export interface RowFacts {
  readonly uid: string;
  readonly client: KnownAddress;
  readonly server: KnownAddress;
  readonly context: string | undefined;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** `00:11:22:33:44:55`, or undefined. */
function macText({ macHigh, macLow }: Traffic): string | undefined {
  if (macHigh < 0) return undefined;
  const digits = hex(macHigh, 4) + hex(macLow >>> 0, 8);
  return `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:${digits.slice(6, 8)}:${digits.slice(8, 10)}:${digits.slice(10)}`;
}

const ends: { source: MutableEnd; target: MutableEnd } = { source: emptyEnd(), target: emptyEnd() };

type MutableEnd = { -readonly [K in keyof FlowEnd]: FlowEnd[K] };

function emptyEnd(): MutableEnd {
  return { w0: 0, w1: 0, w2: 0, w3: 0, port: 0 };
}

function idOf(connection: Connection): string {
  const { clientIsLow } = connection;
  const low = clientIsLow ? ends.source : ends.target;
  const high = clientIsLow ? ends.target : ends.source;
  low.w0 = connection.low0;
  low.w1 = connection.low1;
  low.w2 = connection.low2;
  low.w3 = connection.low3;
  low.port = connection.lowPort;
  high.w0 = connection.high0;
  high.w1 = connection.high1;
  high.w2 = connection.high2;
  high.w3 = connection.high3;
  high.port = connection.highPort;
  return communityId(ends.source, ends.target, connection.protocol, connection.ipVersion === 4);
}

/** Payload bytes of the client and of the server. */
export function payloadBytes(connection: Connection, ofClient: boolean): number {
  if (connection.transport !== Transport.tcp) return Math.max(0, (ofClient ? connection.client : connection.server).payload);
  const { clientEnd, serverEnd } = connection;
  if (ofClient) return clientEnd?.size(serverEnd?.state ?? EndState.inactive) ?? 0;
  return serverEnd?.size(clientEnd?.state ?? EndState.inactive) ?? 0;
}

/** A row of the connection as it is now. */
export function connRow(connection: Connection, facts: RowFacts): ConnRecord {
  const micros = connection.lastAt - connection.startedAt;
  const lasted = micros > 0;
  const { client, server } = connection;
  return {
    ts: epochMicros(connection.startedAt),
    uid: facts.uid,
    'id.orig_h': facts.client.text,
    'id.orig_p': connection.clientPort,
    'id.resp_h': facts.server.text,
    'id.resp_p': connection.serverPort,
    proto: protocolNames[connection.transport],
    service: connection.service === '' ? undefined : connection.service,
    duration: lasted ? micros / 1e6 : undefined,
    orig_bytes: lasted ? payloadBytes(connection, true) : undefined,
    resp_bytes: lasted ? payloadBytes(connection, false) : undefined,
    conn_state: connState(connection),
    local_orig: facts.client.isLocal,
    local_resp: facts.server.isLocal,
    missed_bytes: connection.missedBytes,
    history: connection.history.text === '' ? undefined : connection.history.text,
    orig_pkts: client.packets,
    orig_ip_bytes: client.ipBytes,
    resp_pkts: server.packets,
    resp_ip_bytes: server.ipBytes,
    tunnel_parents: connection.tunnelParents === null ? undefined : connection.tunnelParents.slice(),
    ip_proto: connection.protocol,
    community_id: idOf(connection),
    orig_l2_addr: macText(client),
    resp_l2_addr: macText(server),
    vlan: connection.vlan < 0 ? undefined : connection.vlan,
    inner_vlan: connection.innerVlan < 0 ? undefined : connection.innerVlan,
    carrier: connection.isCarrier ? true : undefined,
    duplicate_pkts: connection.duplicates === 0 ? undefined : connection.duplicates,
    icmp_unreachable: connection.unreachable === 0 ? undefined : unreachableNames[connection.unreachable],
    context: facts.context,
  };
}
