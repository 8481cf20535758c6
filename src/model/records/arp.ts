import { contextColumn, defineRecord, ours, type RowOf, required } from './record.ts';

/** One ARP message (RFC 826). Zeek has no such log. */
export const arp = defineRecord('arp', 'One ARP message; Zeek has no such log.', {
  ts: required('time', 'When it was seen.'),
  operation: required('enum', 'request or reply.'),
  sender_mac: required('string', 'Hardware address of the sender.'),
  sender_addr: required('addr', 'Protocol address of the sender.'),
  target_mac: required('string', 'Hardware address of the target.'),
  target_addr: required('addr', 'Protocol address of the target.'),
  gratuitous: ours('bool', 'Sender and target address are equal.'),
  ...contextColumn,
});

export type ArpRecord = RowOf<typeof arp>;
