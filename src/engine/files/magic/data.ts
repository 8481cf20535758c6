// Keys, certificates, captures, databases, updates: what programs exchange among themselves.
import { literal, oneOf, pattern, type Rule, test } from './rule.ts';

/** Object identifier SHA-1 (1.3.14.3.2.26), which begins the first CertID of an OCSP request; RFC 6960 §4.1.1. */
const ocspRequestMark = '\x06\x05+\x0e\x03\x02\x1a';
/** Object identifier id-pkix-ocsp-basic; RFC 6960 §4.2.1. */
const ocspResponseMark = '\x06\x09+\x06\x01\x05\x05\x070\x01\x01';

/** The mark stands behind 11 to 19 bytes of DER headers. */
const ocsp = (type: string, mark: string): Rule =>
  test(type, 71, undefined, (text) => {
    for (let at = 11; at <= 19; at++) if (text.charCodeAt(at) === 0x06 && text.startsWith(mark, at)) return true;
    return false;
  });

export const data: readonly Rule[] = [
  ocsp('application/ocsp-request', ocspRequestMark),
  ocsp('application/ocsp-response', ocspResponseMark),
  test(
    'application/pkcs7-signature',
    100,
    'M',
    (text) => text.startsWith('MIME-Version:') && text.includes('protocol="application/pkcs7-signature"'),
  ),
  literal('application/x-pem', 0, '-----BEGIN CERTIFICATE-----'),
  literal('application/pgp-keys', 330, '---BEGIN PGP PUBLIC KEY BLOCK-', 2),
  literal('application/pgp-signature', 280, '-----BEGIN PGP SIGNATURE-'),
  literal('application/pgp', 260, '-----BEGIN PGP MESSAGE-'),
  oneOf('application/x-pgp-keyring', 50, ['\x99\0', '\x95\x01', '\x95\0']),
  literal('application/x-gnupg-keyring', 50, '\x99\x01'),
  oneOf('text/PGP', 50, ['\xa6\0', '\x85\x02']),
  oneOf('application/vnd.tcpdump.pcap', 70, ['\xa1\xb2\xc3\xd4', '\xd4\xc3\xb2\xa1']),
  pattern('application/vnd.tcpdump.pcap', 100, '\n', String.raw`^\n\r\r\n.{4}(?:\x1a\+<M|M<\+\x1a)`),
  literal('application/x-ms-shortcut', 49, 'L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F'),
  literal('application/vnd.ms-pol', 49, 'PReg'),
  literal('application/vnd.ms-reg', 49, 'REGEDIT4'),
  literal('application/vnd.ms-reg', 49, `\xff\xfe${[...'Windows Registry Editor Version 5.00'].join('\0')}`),
  literal('application/vnd.ms-regf', 49, 'regf'),
  literal('application/vnd.apple-afpinfo', 0, 'AFP'),
  literal('application/bsdiff', 100, 'BSDIFF'),
  literal('application/bindiff', 100, 'DIFF'),
  literal('application/x-kaspavdb', 100, 'KLZF'),
  literal('application/x-kaspavupdate', 100, 'KLD2'),
  literal('application/mssql-bak', 100, 'MSSQLBAK'),
  literal('application/mtf', 100, 'TAPE'),
  literal('application/bplist', 100, 'bplist'),
  literal('application/x-game-mpq', 100, 'MPQ\x1a'),
  literal('application/x-blizgame', 100, 'BLTE'),
  literal('application/map-tile', 100, 'VMP4'),
  literal('application/msqm', 100, 'MSQM'),
  literal('application/x-vim-tmp', 100, 'b0VIM'),
  literal('application/x-hdf', 110, '\x89HDF\r\n\x1a\n'),
  literal('application/x-hdf', 70, '\x0e\x03\x13\x01'),
  literal('application/dicom', 70, 'DICM', 128),
  oneOf('application/x-dbm', 70, ['a\x15\x06\0', '\0\x06\x15a']),
  oneOf('application/x-gdbm', 70, ['GDBM', '\xce\x9aW\x13', '\x13W\x9a\xce']),
  ...['hash:\0', 'btree:\x01', 'fixed:\x02', 'table:\x03'].map((kind) =>
    pattern(
      `application/x-tokyocabinet-${kind.slice(0, kind.indexOf(':'))}`,
      40,
      'T',
      `^ToKyO CaBiNeT\\n.{18}${kind.slice(kind.indexOf(':') + 1)}`,
    ),
  ),
  pattern('application/vnd.fdo.journal', 80, 'L', String.raw`^LPKSHHRH.{8}[\0-\x03].{7}[^\0]{48}`),
  pattern('application/x-ichitaro4', 40, 'D', String.raw`^DOC.{40}\x14`),
  pattern('application/x-ichitaro5', 40, 'D', String.raw`^DOC.{40}\x15`),
  pattern('application/x-ichitaro6', 40, 'D', String.raw`^DOC.{40}\x16`),
  oneOf('application/vnd.cups-raster', 40, ['3SaR', 'RaS3']),
  pattern('application/marc', 50, '0123456789', '^[0-9]{5}[acdn]w'),
];
