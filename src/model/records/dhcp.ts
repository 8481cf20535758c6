import { column, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** One DHCP conversation. */
export const dhcp = defineRecord('dhcp', 'One DHCP conversation.', {
  ts: required('time', 'When it began.'),
  uids: column('set[string]', 'Connections of the conversation.'),
  client_addr: column('addr', 'Address of the client.'),
  server_addr: column('addr', 'Address of the server.'),
  mac: column('string', 'Hardware address of the client.'),
  host_name: column('string', 'Host name option (12).'),
  client_fqdn: column('string', 'Client FQDN option (81).'),
  domain: column('string', 'Domain name option (15).'),
  requested_addr: column('addr', 'Address asked for.'),
  assigned_addr: column('addr', 'Address given.'),
  lease_time: column('interval', 'Seconds of the lease.'),
  client_message: column('string', 'Message of the client (option 56).'),
  server_message: column('string', 'Message of the server (option 56).'),
  msg_types: column('vector[string]', 'Message types in order.'),
  duration: column('interval', 'Seconds from first to last message.'),
  ...contextColumn,
});

export type DhcpRecord = RowOf<typeof dhcp>;
