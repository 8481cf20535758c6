// An OCSP reply. RFC 6960 §4.2.1; rows as Zeek 8.2.2 logs them.
import type { EpochMicros } from '../../base/units.ts';
import type { OcspRecord } from '../../model/records/ocsp.ts';
import { readTime } from './asn1-time.ts';
import { DerReader, DerTag, integerHex, upperHex } from './der.ts';
import { algorithmNames } from './object-names.ts';

/** id-pkix-ocsp-basic. */
const basicResponse = '1.3.6.1.5.5.7.48.1.1';

/** Statements that are read of one reply; a reply about one certificate is the rule. */
const maxStatements = 64;

/** Context tags: [0] responseBytes or nextUpdate; [0], [1], [2] of CertStatus and ResponderID. */
const context0 = 0xa0;
const statusGood = 0x80;
const statusRevoked = 0xa1;

/** CRLReason. RFC 5280 §5.3.1, printed as OpenSSL does. */
const revocationReasons: ReadonlyMap<number, string> = new Map([
  [0, 'unspecified'],
  [1, 'keyCompromise'],
  [2, 'cACompromise'],
  [3, 'affiliationChanged'],
  [4, 'superseded'],
  [5, 'cessationOfOperation'],
  [6, 'certificateHold'],
  [8, 'removeFromCRL'],
  [9, 'privilegeWithdrawn'],
  [10, 'aACompromise'],
]);

/** The `responses` of the basic response inside; undefined when there is none. */
function findStatements(bytes: Uint8Array, start: number, end: number): DerReader | undefined {
  const outer = new DerReader(bytes, start, end);
  if (!outer.expect(DerTag.sequence)) return undefined;
  const response = outer.inner();
  if (!response.expect(DerTag.enumerated) || !response.expect(context0)) return undefined;
  const wrapped = response.inner();
  if (!wrapped.expect(DerTag.sequence)) return undefined;
  const responseBytes = wrapped.inner();
  if (!responseBytes.expect(DerTag.objectIdentifier) || responseBytes.objectIdentifier() !== basicResponse) return undefined;
  if (!responseBytes.expect(DerTag.octetString)) return undefined;
  const basic = responseBytes.inner();
  if (!basic.expect(DerTag.sequence)) return undefined;
  const parts = basic.inner();
  if (!parts.expect(DerTag.sequence)) return undefined;
  // ResponseData: version [0] optional, responderID [1] or [2], producedAt, responses.
  for (const data = parts.inner(); data.next(); ) if (data.tag === DerTag.sequence) return data.inner();
  return undefined;
}

/** CertID: hash algorithm, the two hashes, serial number; undefined when damaged. */
function certificateId(id: DerReader) {
  if (!id.expect(DerTag.sequence)) return undefined;
  const algorithm = id.inner();
  if (!algorithm.expect(DerTag.objectIdentifier)) return undefined;
  const oid = algorithm.objectIdentifier();
  if (!id.expect(DerTag.octetString)) return undefined;
  const issuerNameHash = upperHex(id.bytes, id.contentStart, id.contentEnd);
  if (!id.expect(DerTag.octetString)) return undefined;
  const issuerKeyHash = upperHex(id.bytes, id.contentStart, id.contentEnd);
  if (!id.expect(DerTag.integer)) return undefined;
  const serialNumber = integerHex(id.bytes, id.contentStart, id.contentEnd);
  return { hashAlgorithm: algorithmNames.get(oid) ?? oid, issuerNameHash, issuerKeyHash, serialNumber };
}

/** CertStatus: the current element of `single`. */
function certificateStatus(single: DerReader): Pick<OcspRecord, 'certStatus' | 'revoketime' | 'revokereason'> {
  if (single.tag !== statusRevoked) {
    return { certStatus: single.tag === statusGood ? 'good' : 'unknown', revoketime: undefined, revokereason: undefined };
  }
  const info = single.inner();
  const revoketime = info.next() ? readTime(info) : undefined;
  const wrapped = info.expect(context0) ? info.inner() : undefined;
  const reason = wrapped?.expect(DerTag.enumerated) === true ? wrapped.smallInteger() : undefined;
  const revokereason = reason === undefined ? undefined : (revocationReasons.get(reason) ?? '(UNKNOWN)');
  return { certStatus: 'revoked', revoketime, revokereason };
}

function statementRow(single: DerReader, at: EpochMicros, fuid: string): OcspRecord | undefined {
  if (!single.expect(DerTag.sequence)) return undefined;
  const id = certificateId(single.inner());
  if (id === undefined || !single.next()) return undefined;
  const status = certificateStatus(single);
  if (!single.expect(DerTag.generalizedTime)) return undefined;
  const thisUpdate = readTime(single);
  const next = single.expect(context0) ? single.inner() : undefined;
  const nextUpdate = next?.next() === true ? readTime(next) : undefined;
  return { ts: at, id: fuid, ...id, ...status, thisUpdate, nextUpdate };
}

/** One row for each certificate that the reply in `[start, end)` speaks about; none when it is damaged or an error reply. */
export function ocspRows(bytes: Uint8Array, start: number, end: number, at: EpochMicros, fuid: string): OcspRecord[] {
  const rows: OcspRecord[] = [];
  const statements = findStatements(bytes, start, end);
  if (statements === undefined) return rows;
  while (rows.length < maxStatements && statements.expect(DerTag.sequence)) {
    const row = statementRow(statements.inner(), at, fuid);
    if (row === undefined) break;
    rows.push(row);
  }
  return rows;
}
