// The conn record of a connection.
import { epochMicros } from '../../base/units.ts';
import type { ConnRecord } from '../../model/records/conn.ts';
import type { KnownAddress } from './address-book.ts';
import { communityId, type FlowEnd } from './community-id.ts';
import { connState } from './conn-state.ts';
import { type Connection, RareFacts, Transport } from './connection.ts';
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

const ends: { source: MutableEnd; target: MutableEnd } = { source: emptyEnd(), target: emptyEnd() };

type MutableEnd = { -readonly [K in keyof FlowEnd]: FlowEnd[K] };

function emptyEnd(): MutableEnd {
  return { w0: 0, w1: 0, w2: 0, w3: 0, port: 0 };
}

function idOf(connection: Connection): string {
  const { clientIsLow, upper } = connection;
  const low = clientIsLow ? ends.source : ends.target;
  const high = clientIsLow ? ends.target : ends.source;
  low.w0 = upper?.low0 ?? 0;
  low.w1 = upper?.low1 ?? 0;
  low.w2 = upper?.low2 ?? 0xffff;
  low.w3 = connection.low3;
  low.port = connection.lowPort;
  high.w0 = upper?.high0 ?? 0;
  high.w1 = upper?.high1 ?? 0;
  high.w2 = upper?.high2 ?? 0xffff;
  high.w3 = connection.high3;
  high.port = connection.highPort;
  return communityId(ends.source, ends.target, connection.protocol, !connection.isIpv6);
}

/** Payload bytes of the client and of the server. */
export function payloadBytes(connection: Connection, ofClient: boolean): number {
  if (connection.transport !== Transport.tcp) return Math.max(0, ofClient ? connection.clientPayload : connection.serverPayload);
  const { clientEnd, serverEnd } = connection;
  if (ofClient) return clientEnd?.size(serverEnd?.state ?? EndState.inactive) ?? 0;
  return serverEnd?.size(clientEnd?.state ?? EndState.inactive) ?? 0;
}

/** For connections without rare facts. */
const usual = new RareFacts();

const textOrUnset = (text: string): string | undefined => (text === '' ? undefined : text);
const countOrUnset = (count: number): number | undefined => (count <= 0 ? undefined : count);
const idOrUnset = (id: number): number | undefined => (id < 0 ? undefined : id);

/** A row of the connection as it is now. */
export function connRow(connection: Connection, facts: RowFacts): ConnRecord {
  const micros = connection.lastAt - connection.startedAt;
  const lasted = micros > 0;
  const rare = connection.rare ?? usual;
  return {
    ts: epochMicros(connection.startedAt),
    uid: facts.uid,
    'id.orig_h': facts.client.text,
    'id.orig_p': connection.clientPort,
    'id.resp_h': facts.server.text,
    'id.resp_p': connection.serverPort,
    proto: protocolNames[connection.transport],
    service: textOrUnset(connection.service),
    duration: lasted ? micros / 1e6 : undefined,
    orig_bytes: lasted ? payloadBytes(connection, true) : undefined,
    resp_bytes: lasted ? payloadBytes(connection, false) : undefined,
    conn_state: connState(connection),
    local_orig: facts.client.isLocal,
    local_resp: facts.server.isLocal,
    missed_bytes: rare.missedBytes,
    history: textOrUnset(connection.history.text),
    orig_pkts: connection.clientPackets,
    orig_ip_bytes: connection.clientIpBytes,
    resp_pkts: connection.serverPackets,
    resp_ip_bytes: connection.serverIpBytes,
    tunnel_parents: rare.tunnelParents.length === 0 ? undefined : rare.tunnelParents.slice(),
    ip_proto: connection.protocol,
    community_id: idOf(connection),
    orig_l2_addr: textOrUnset(connection.clientMac),
    resp_l2_addr: textOrUnset(connection.serverMac),
    vlan: idOrUnset(connection.vlan),
    inner_vlan: idOrUnset(connection.innerVlan),
    carrier: connection.isCarrier ? true : undefined,
    duplicate_pkts: countOrUnset(rare.duplicates),
    icmp_unreachable: textOrUnset(unreachableNames[rare.unreachable] ?? ''),
    context: facts.context,
  };
}
