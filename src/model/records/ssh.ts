import { column, connectionColumns, contextColumn, defineRecord, ours, type RowOf, required } from './record.ts';

/** One SSH session. */
export const ssh = defineRecord('ssh', 'One SSH session.', {
  ...connectionColumns,
  version: column('count', 'Protocol major version.'),
  auth_success: column('bool', 'Authentication succeeded, judged by packet sizes; unset when unknown.'),
  auth_attempts: required('count', 'Authentication attempts seen.'),
  direction: column('enum', 'INBOUND or OUTBOUND by local addresses.'),
  client: column('string', 'Client banner.'),
  server: column('string', 'Server banner.'),
  cipher_alg: column('string', 'Cipher.'),
  mac_alg: column('string', 'MAC algorithm.'),
  compression_alg: column('string', 'Compression.'),
  kex_alg: column('string', 'Key exchange.'),
  host_key_alg: column('string', 'Host key algorithm.'),
  host_key_fingerprint: column('string', 'SHA-256 fingerprint of the host key, cut to 32 characters as Zeek 8.2 does.'),
  host_key_sha256: ours('string', 'Whole SHA-256 fingerprint of the host key, as OpenSSH prints it.'),
  hassh: ours('string', 'HASSH fingerprint of the client, MD5.'),
  hassh_server: ours('string', 'HASSH fingerprint of the server, MD5.'),
  ...contextColumn,
});

export type SshRecord = RowOf<typeof ssh>;
