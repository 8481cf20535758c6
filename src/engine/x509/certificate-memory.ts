// What one engine remembers of certificates: each is parsed once, and logged once a day and role.
import type { EpochMicros } from '../../base/units.ts';
import type { X509Record } from '../../model/records/x509.ts';
import type { Platform } from '../platform.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { DerReader, DerTag } from './der.ts';

/** A certificate with its fingerprint. */
export interface SeenCertificate {
  /** SHA-256, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly certificate: Certificate;
}

/** How a certificate was used where it was seen. */
export interface CertificateRole {
  /** First of its chain: of the end entity itself. */
  readonly host: boolean;
  /** Sent by the client. */
  readonly client: boolean;
}

/** Parsed certificates that are kept; a busy network sees a few thousand different ones a day. */
const maxParsed = 4096;
/** Zeek's limits: a certificate is logged again after a day; a million of them are remembered. */
const relogAfterMicros = 86_400e6;
const maxLogged = 1_000_000;
/** Zeek 8.2 logs at most so many elements of a container of x509.log. */
const maxElements = 500;

const capped = (names: readonly string[] | undefined): readonly string[] | undefined =>
  names === undefined || names.length <= maxElements ? names : names.slice(0, maxElements);

/** Certificates seen by one engine. Both memories are bounded; the oldest entry gives way. */
export class CertificateMemory {
  readonly #parsed = new Map<string, SeenCertificate>();
  readonly #loggedAt = new Map<string, EpochMicros>();

  /** Reads the certificate in `[start, end)`, or remembers it. Undefined when it cannot be read. Costs one SHA-256 when known. */
  see(platform: Platform, bytes: Uint8Array, start: number, end: number): SeenCertificate | undefined {
    const outer = new DerReader(bytes, start, end);
    if (!outer.expect(DerTag.sequence)) return undefined;
    const fingerprint = platform.digestOf('sha256', bytes, start, outer.contentEnd);
    const known = this.#parsed.get(fingerprint);
    if (known !== undefined) return known;
    const certificate = readCertificate(bytes, start, end);
    if (certificate === undefined) return undefined;
    const seen = { fingerprint, certificate };
    if (this.#parsed.size >= maxParsed) dropOldest(this.#parsed);
    this.#parsed.set(fingerprint, seen);
    return seen;
  }

  /** Whether it is to be logged now; says so once a day, certificate and role. */
  isNews(seen: SeenCertificate, role: CertificateRole, at: EpochMicros): boolean {
    const key = `${seen.fingerprint}${role.host ? 'h' : '-'}${role.client ? 'c' : '-'}`;
    const last = this.#loggedAt.get(key);
    if (last !== undefined && at - last < relogAfterMicros) return false;
    if (last !== undefined) this.#loggedAt.delete(key);
    else if (this.#loggedAt.size >= maxLogged) dropOldest(this.#loggedAt);
    this.#loggedAt.set(key, at);
    return true;
  }
}

function dropOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

/** Whether the record lacks names because there were more than Zeek logs. */
export const namesAreCut = ({ subjectAlternativeName: names }: Certificate): boolean =>
  [names?.dns, names?.uri, names?.email, names?.ip].some((list) => (list?.length ?? 0) > maxElements);

/** The row of x509.log. */
export function certificateRow(seen: SeenCertificate, role: CertificateRole, at: EpochMicros, uid: string): X509Record {
  const { certificate } = seen;
  const names = certificate.subjectAlternativeName;
  return {
    ts: at,
    fingerprint: seen.fingerprint,
    'certificate.version': certificate.version,
    'certificate.serial': certificate.serial,
    'certificate.subject': certificate.subject,
    'certificate.issuer': certificate.issuer,
    'certificate.not_valid_before': certificate.notBefore,
    'certificate.not_valid_after': certificate.notAfter,
    'certificate.key_alg': certificate.keyAlgorithm,
    'certificate.sig_alg': certificate.signatureAlgorithm,
    'certificate.key_type': certificate.keyType,
    'certificate.key_length': certificate.keyBits,
    'certificate.exponent': certificate.exponent,
    'certificate.curve': certificate.curve,
    'san.dns': capped(names?.dns),
    'san.uri': capped(names?.uri),
    'san.email': capped(names?.email),
    'san.ip': capped(names?.ip),
    'basic_constraints.ca': certificate.basicConstraints?.ca,
    'basic_constraints.path_len': certificate.basicConstraints?.pathLength,
    host_cert: role.host,
    client_cert: role.client,
    uid,
  };
}
