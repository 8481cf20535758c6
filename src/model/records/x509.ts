import { column, defineRecord, ours, type RowOf, required } from './record.ts';

/** One certificate, once a fingerprint and day. */
export const x509 = defineRecord('x509', 'One certificate, once a fingerprint and day.', {
  ts: required('time', 'When it was seen.'),
  fingerprint: required('string', 'SHA-256 of the certificate, hexadecimal.'),
  'certificate.version': column('count', 'Version.'),
  'certificate.serial': column('string', 'Serial.'),
  'certificate.subject': column('string', 'Subject.'),
  'certificate.issuer': column('string', 'Issuer.'),
  'certificate.not_valid_before': column('time', 'Not valid before.'),
  'certificate.not_valid_after': column('time', 'Not valid after.'),
  'certificate.key_alg': column('string', 'Key alg.'),
  'certificate.sig_alg': column('string', 'Sig alg.'),
  'certificate.key_type': column('string', 'Key type.'),
  'certificate.key_length': column('count', 'Key length.'),
  'certificate.exponent': column('string', 'Exponent.'),
  'certificate.curve': column('string', 'Curve.'),
  'san.dns': column('vector[string]', 'Subject alternative name: dns.'),
  'san.uri': column('vector[string]', 'Subject alternative name: uri.'),
  'san.email': column('vector[string]', 'Subject alternative name: email.'),
  'san.ip': column('vector[addr]', 'Subject alternative name: ip.'),
  'basic_constraints.ca': column('bool', 'Basic constraints: ca.'),
  'basic_constraints.path_len': column('count', 'Basic constraints: path len.'),
  host_cert: column('bool', 'Certificate of a server.'),
  client_cert: column('bool', 'Certificate of a client.'),
  uid: ours('string', 'Connection that showed it.'),
});

export type X509Record = RowOf<typeof x509>;
