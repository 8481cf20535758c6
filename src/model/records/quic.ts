import { column, connectionColumns, contextColumn, defineRecord, ours, type RowOf } from './record.ts';

/** One QUIC connection, from its Initial packets. */
export const quic = defineRecord('quic', 'One QUIC connection, from its Initial packets.', {
  ...connectionColumns,
  version: column('string', 'Version of the Initial packet.'),
  client_initial_dcid: column('string', 'First destination connection id, hexadecimal.'),
  client_scid: column('string', 'Source connection id of the client, hexadecimal.'),
  server_scid: column('string', 'Source connection id of the server, hexadecimal.'),
  server_name: column('string', 'Server name indication.'),
  client_protocol: column('string', 'First application protocol of the client (ALPN).'),
  history: column('string', 'Letters of the packets seen.'),
  ja4: ours('string', 'JA4 fingerprint of the client hello.'),
  ...contextColumn,
});

export type QuicRecord = RowOf<typeof quic>;
