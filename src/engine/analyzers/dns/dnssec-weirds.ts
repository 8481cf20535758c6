// What is wrong with DNSSEC parameters, by Zeek's names. RFC 4034, RFC 8624; IANA "DNS Security Algorithm Numbers".
import type { CountWeird } from './name-reader.ts';

/** Algorithms that are fine, or at least known: bit n is algorithm n. */
const KNOWN_ALGORITHMS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16].reduce((bits, algorithm) => bits | (1 << algorithm), 0);

const oddAlgorithms = new Map([
  [1, 'NotRecommended'],
  [252, 'Indirect'],
  [253, 'PrivateDNS'],
  [254, 'PrivateOID'],
]);

/** A signature or key with an algorithm that is not for zones, or unknown. */
export function countSigningAlgorithm(record: 'RRSIG' | 'DNSKEY', algorithm: number, weird: CountWeird): void {
  if (algorithm < 32 && (KNOWN_ALGORITHMS >>> algorithm) & 1) return;
  weird(`DNSSEC_${record}_${oddAlgorithms.get(algorithm) ?? 'unknown'}_ZoneSignAlgo`, `${algorithm}`);
}

/** Flags of a key beyond zone key (bit 7), revoked (bit 8) and entry point (bit 15); RFC 4034 §2.1, RFC 5011 §7. */
export function countKeyFlags(flags: number, protocol: number, weird: CountWeird): void {
  if ((flags & 0xfe7e) !== 0) weird('DNSSEC_DNSKEY_Invalid_Flag', `${flags}`);
  if ((flags & 0x0181) === 0x0181) weird('DNSSEC_DNSKEY_Revoked_KSK', `${flags}`);
  if (protocol !== 3) weird('DNSSEC_DNSKEY_Invalid_Protocol', `${protocol}`);
}

/** Digest type of a delegation that is reserved or unknown. */
export function countDigest(digest: number, weird: CountWeird): void {
  if (digest === 0) weird('DNSSEC_DS_ReservedDigestType', '0');
  else if (digest > 4) weird('DNSSEC_DS_unknown_DigestType', `${digest}`);
}
