import { column, contextColumn, defineRecord, type RowOf, required } from './record.ts';

/** One file carried by a protocol. */
export const files = defineRecord('files', 'One file carried by a protocol.', {
  ts: required('time', 'When it was first seen.'),
  fuid: required('string', 'Identifier of the file.'),
  uid: column('string', 'Connection that carried it.'),
  'id.orig_h': column('addr', 'Address of the client.'),
  'id.orig_p': column('port', 'Port of the client.'),
  'id.resp_h': column('addr', 'Address of the server.'),
  'id.resp_p': column('port', 'Port of the server.'),
  source: required('string', 'Protocol that carried it: HTTP, SSL, …'),
  depth: required('count', 'Position within the connection.'),
  analyzers: column('set[string]', 'What looked at the content.'),
  mime_type: column('string', 'Content type by its first bytes.'),
  filename: column('string', 'Name that the protocol gave.'),
  duration: column('interval', 'Seconds of the transfer.'),
  local_orig: required('bool', 'Sender is local.'),
  is_orig: required('bool', 'Sent by the client.'),
  seen_bytes: required('count', 'Bytes seen.'),
  total_bytes: column('count', 'Bytes announced.'),
  missing_bytes: required('count', 'Bytes lost to gaps.'),
  overflow_bytes: required('count', 'Bytes that did not fit into reassembly.'),
  timedout: required('bool', 'Ended by time-out.'),
  parent_fuid: column('string', 'File that this one came out of.'),
  md5: column('string', 'MD5, hexadecimal; not of pictures, sound, fonts, HTML and style sheets.'),
  sha1: column('string', 'SHA-1, hexadecimal; of the same files as MD5.'),
  sha256: column('string', 'SHA-256, hexadecimal.'),
  extracted: column('string', 'Where it was stored.'),
  extracted_cutoff: column('bool', 'Stored only in part.'),
  extracted_size: column('count', 'Bytes stored.'),
  ...contextColumn,
});

export type FilesRecord = RowOf<typeof files>;
