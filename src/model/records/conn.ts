import { column, connectionColumns, contextColumn, defineRecord, ours, type RowOf, required } from './record.ts';

/** One connection (or flow without connections), written when its state is removed. */
export const conn = defineRecord('conn', 'One connection (or flow without connections), written when its state is removed.', {
  ...connectionColumns,
  proto: required('enum', 'Transport: tcp, udp, icmp, sctp or unknown_transport.'),
  service: column('string', 'Application protocols recognised by content, in order of confirmation, joined by commas.'),
  duration: column('interval', 'Seconds from first to last packet; unset for a single packet.'),
  orig_bytes: column('count', 'Payload bytes of the client; TCP: from sequence numbers.'),
  resp_bytes: column('count', 'Payload bytes of the server; TCP: from sequence numbers.'),
  conn_state: required('string', 'S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH.'),
  local_orig: required('bool', 'Whether the client address is local.'),
  local_resp: required('bool', 'Whether the server address is local.'),
  missed_bytes: required('count', 'Payload bytes that the capture lacks (gaps).'),
  history: column('string', 'Letters s h a d f r c g t w i q ^ x in order of appearance; upper case from the client.'),
  orig_pkts: required('count', 'Packets of the client.'),
  orig_ip_bytes: required('count', 'IP-level bytes of the client.'),
  resp_pkts: required('count', 'Packets of the server.'),
  resp_ip_bytes: required('count', 'IP-level bytes of the server.'),
  tunnel_parents: column('set[string]', 'Connections that carried this one, innermost last.'),
  ip_proto: required('count', 'IP protocol number.'),
  community_id: ours('string', 'Community ID v1 with seed 0.'),
  orig_l2_addr: ours('string', 'Hardware address that the client sent from, first seen.'),
  resp_l2_addr: ours('string', 'Hardware address that the server sent from, first seen.'),
  vlan: ours('int', 'Outer VLAN.'),
  inner_vlan: ours('int', 'Inner VLAN (QinQ).'),
  carrier: ours('bool', 'Carries a tunnel of the monitoring or of the network; never counted as traffic of a machine.'),
  duplicate_pkts: ours('count', 'Second copies of packets that another mirror delivered; not in the other counters.'),
  icmp_unreachable: ours('string', 'What an ICMP error said of this connection: port, host, net, proto, admin or other.'),
  ...contextColumn,
});

export type ConnRecord = RowOf<typeof conn>;
