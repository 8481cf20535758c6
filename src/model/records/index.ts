// The explicit list of record types.
import { arp } from './arp.ts';
import { conn } from './conn.ts';
import { dhcp } from './dhcp.ts';
import { dns } from './dns.ts';
import { files } from './files.ts';
import { fragments } from './fragments.ts';
import { http } from './http.ts';
import { interaction } from './interaction.ts';
import { ntp } from './ntp.ts';
import { ocsp } from './ocsp.ts';
import { openConn } from './open-conn.ts';
import { packetFilter } from './packet-filter.ts';
import { quic } from './quic.ts';
import type { RowOf } from './record.ts';
import { ssh } from './ssh.ts';
import { ssl } from './ssl.ts';
import { tunnel } from './tunnel.ts';
import { weird } from './weird.ts';
import { x509 } from './x509.ts';

/** Every record type by the name of its log. */
export const recordTypes = {
  conn,
  open_conn: openConn,
  dns,
  http,
  ssl,
  x509,
  files,
  ssh,
  dhcp,
  ntp,
  quic,
  ocsp,
  tunnel,
  weird,
  packet_filter: packetFilter,
  arp,
  fragments,
  interaction,
} as const;

export type RecordTypes = typeof recordTypes;
export type RecordName = keyof RecordTypes;
/** The row of a log by name. */
export type RecordRow<N extends RecordName> = RowOf<RecordTypes[N]>;

/** Takes records as they complete. Rows are handed over: the giver keeps no reference and the taker may keep them. */
export interface RecordSink {
  emit<N extends RecordName>(name: N, row: RecordRow<N>): void;
}
