import { column, connectionColumns, contextColumn, defineRecord, ours, type RowOf, required } from './record.ts';

/** One TLS or DTLS handshake. */
export const ssl = defineRecord('ssl', 'One TLS or DTLS handshake.', {
  ...connectionColumns,
  version: column('string', 'Negotiated version.'),
  cipher: column('string', 'Cipher suite that the server chose.'),
  curve: column('string', 'Elliptic curve that the server chose.'),
  server_name: column('string', 'Server name indication of the client.'),
  resumed: required('bool', 'Session was resumed.'),
  last_alert: column('string', 'Last alert seen in clear.'),
  next_protocol: column('string', 'Application protocol that the server chose (ALPN).'),
  established: required('bool', 'The handshake finished.'),
  ssl_history: column('string', 'Letters of the handshake messages; upper case from the client.'),
  cert_chain_fps: column('vector[string]', 'SHA-256 fingerprints of the server certificates.'),
  client_cert_chain_fps: column('vector[string]', 'SHA-256 fingerprints of the client certificates.'),
  sni_matches_cert: column('bool', 'Server name is covered by the certificate.'),
  ja3: ours('string', 'JA3 fingerprint of the client, MD5.'),
  ja3s: ours('string', 'JA3S fingerprint of the server, MD5.'),
  ja4: ours('string', 'JA4 fingerprint of the client.'),
  subject: ours('string', 'Subject of the server certificate.'),
  issuer: ours('string', 'Issuer of the server certificate.'),
  ...contextColumn,
});

export type SslRecord = RowOf<typeof ssl>;
