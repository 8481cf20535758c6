import { column, defineRecord, type RowOf, required } from './record.ts';

/** What an OCSP reply says about one certificate. */
export const ocsp = defineRecord('ocsp', 'What an OCSP reply says about one certificate.', {
  ts: required('time', 'When it was seen.'),
  id: required('string', 'Identifier of the file that carried it.'),
  hashAlgorithm: required('string', 'Algorithm of the two hashes.'),
  issuerNameHash: required('string', 'Hash of the name of the issuer, hexadecimal.'),
  issuerKeyHash: required('string', 'Hash of the key of the issuer, hexadecimal.'),
  serialNumber: required('string', 'Serial number of the certificate, hexadecimal.'),
  certStatus: required('string', 'State of the certificate: good, revoked or unknown.'),
  revoketime: column('time', 'When it was revoked.'),
  revokereason: column('string', 'Why it was revoked.'),
  thisUpdate: required('time', 'When the statement was known to be true.'),
  nextUpdate: column('time', 'When a newer statement will be there.'),
});

export type OcspRecord = RowOf<typeof ocsp>;
