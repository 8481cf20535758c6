import { column, defineRecord, type RowOf, required } from './record.ts';

/** Which packets the analysis was given. */
export const packetFilter = defineRecord('packet_filter', 'Which packets the analysis was given.', {
  ts: required('time', 'When it was installed.'),
  node: column('string', 'Node.'),
  filter: column('string', 'Filter in pcap syntax.'),
  init: column('bool', 'Part of the start.'),
  success: column('bool', 'Whether it was installed.'),
  failure_reason: column('string', 'Why it was not.'),
});

export type PacketFilterRecord = RowOf<typeof packetFilter>;
