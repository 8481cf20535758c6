import { column, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** Something that a protocol should not do; a counted fact, never a failure. */
export const weird = defineRecord('weird', 'Something that a protocol should not do; a counted fact, never a failure.', {
  ts: required('time', 'When it was seen.'),
  uid: column('string', 'Connection that it belongs to; unset for a packet of no connection.'),
  'id.orig_h': column('addr', 'Address of the client, or of the sender of the packet.'),
  'id.orig_p': column('port', 'Port of the client; 0 for a packet of no connection.'),
  'id.resp_h': column('addr', 'Address of the server, or of the receiver of the packet.'),
  'id.resp_p': column('port', 'Port of the server; 0 for a packet of no connection.'),
  name: required('string', 'Name of what happened.'),
  addl: column('string', 'Further facts.'),
  notice: required('bool', 'Whether it became a notice.'),
  peer: column('string', 'Node that saw it.'),
  source: column('string', 'Analyzer that saw it.'),
  ...contextColumn,
});

export type WeirdRecord = RowOf<typeof weird>;
