// An X.509 certificate, as far as records and detectors want it. RFC 5280 §4.1; values as Zeek 8.2.2 logs them.
import type { EpochMicros } from '../../base/units.ts';
import { readTime } from './asn1-time.ts';
import { DerReader, DerTag, integerHex } from './der.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { type CertificateExtensions, readExtensions } from './extensions.ts';
import { algorithmNames } from './object-names.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';

export interface Certificate extends PublicKey, CertificateExtensions {
  /** Length of the certificate itself in bytes; what follows it in its container does not belong to it. */
  readonly byteLength: number;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Upper-case hexadecimal. */
  readonly serial: string;
  readonly subject: string;
  readonly issuer: string;
  /** Last commonName of the subject, unescaped. */
  readonly commonName: string | undefined;
  readonly notBefore: EpochMicros;
  readonly notAfter: EpochMicros;
  /** Long name of the signature algorithm; empty when it has none. */
  readonly signatureAlgorithm: string;
}

/** Context tags of TBSCertificate. */
const versionTag = 0xa0;
const extensionsTag = 0xa3;

/** Content bounds of a name. */
type Span = readonly [start: number, end: number];

interface Fields {
  version: number;
  serial: string;
  issuer: Span;
  notBefore: EpochMicros;
  notAfter: EpochMicros;
  subject: Span;
  key: PublicKey;
}

/** The fields from version to subjectPublicKeyInfo; leaves the reader behind them. Undefined when one is missing. */
function readFields(tbs: DerReader): Fields | undefined {
  if (!tbs.next()) return undefined;
  let version = 1;
  if (tbs.tag === versionTag) {
    const inner = tbs.inner();
    if (!inner.expect(DerTag.integer)) return undefined;
    version = inner.smallInteger() + 1;
    if (!tbs.next()) return undefined;
  }
  if (tbs.tag !== DerTag.integer) return undefined;
  const serial = integerHex(tbs.bytes, tbs.contentStart, tbs.contentEnd);
  if (!tbs.expect(DerTag.sequence)) return undefined; // signature algorithm, repeated outside
  if (!tbs.expect(DerTag.sequence)) return undefined;
  const issuer: Span = [tbs.contentStart, tbs.contentEnd];
  if (!tbs.expect(DerTag.sequence)) return undefined;
  const validity = tbs.inner();
  if (!validity.next()) return undefined;
  const notBefore = readTime(validity);
  if (!validity.next()) return undefined;
  const notAfter = readTime(validity);
  if (!tbs.expect(DerTag.sequence)) return undefined;
  const subject: Span = [tbs.contentStart, tbs.contentEnd];
  if (!tbs.expect(DerTag.sequence)) return undefined;
  const key = readPublicKey(tbs.inner());
  return key === undefined ? undefined : { version, serial, issuer, notBefore, notAfter, subject, key };
}

const noExtensions: CertificateExtensions = { subjectAlternativeName: undefined, basicConstraints: undefined };

/** The extensions behind the fields; undefined when something else than optional fields follows. */
function readTail(tbs: DerReader): CertificateExtensions | undefined {
  let extensions = noExtensions;
  while (tbs.next()) {
    if (tbs.tag !== extensionsTag) continue; // issuerUniqueID, subjectUniqueID
    const list = tbs.inner();
    if (!list.expect(DerTag.sequence)) return undefined;
    const read = readExtensions(list.inner());
    if (read === undefined) return undefined;
    extensions = read;
  }
  return tbs.atEnd ? extensions : undefined;
}

/**
 * Reads the certificate that begins at `start`. Undefined when it is damaged in its frame; a damaged value inside gives an
 * unset or empty field. What is returned refers to no bytes of the buffer.
 */
export function readCertificate(bytes: Uint8Array, start: number, end: number): Certificate | undefined {
  const outer = new DerReader(bytes, start, end);
  if (!outer.expect(DerTag.sequence)) return undefined;
  const parts = outer.inner();
  if (!parts.expect(DerTag.sequence)) return undefined;
  const tbs = parts.inner();
  const fields = readFields(tbs);
  const extensions = fields === undefined ? undefined : readTail(tbs);
  if (fields === undefined || extensions === undefined || !parts.expect(DerTag.sequence)) return undefined;
  const algorithm = parts.inner();
  if (!algorithm.expect(DerTag.objectIdentifier) || !parts.expect(DerTag.bitString)) return undefined;
  const subject = readDistinguishedName(bytes, fields.subject[0], fields.subject[1]);
  return {
    byteLength: outer.contentEnd - start,
    version: fields.version,
    serial: fields.serial,
    subject: subject.text,
    issuer: readDistinguishedName(bytes, fields.issuer[0], fields.issuer[1]).text,
    commonName: subject.commonName,
    notBefore: fields.notBefore,
    notAfter: fields.notAfter,
    signatureAlgorithm: algorithmNames.get(algorithm.objectIdentifier()) ?? '',
    ...fields.key,
    ...extensions,
  };
}
