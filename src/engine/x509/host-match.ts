// Whether a certificate covers a host name. RFC 2818 §3.1 and RFC 6125 §6.4, read as Zeek 8.2.2 does.
import type { Certificate } from './certificate.ts';

/** Labels that a name must have for a wildcard in the first one to count: `*.example.com` has three. */
const minWildcardLabels = 3;

/** A certificate's name against a host name: the first label may end in `*`, which spans the rest of one label. */
function nameCovers(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  const dot = pattern.indexOf('.');
  if (dot < 1 || pattern[dot - 1] !== '*' || pattern.split('.').length < minWildcardLabels) return false;
  const hostDot = host.indexOf('.');
  if (hostDot < 0 || pattern.slice(dot) !== host.slice(hostDot)) return false;
  const prefix = pattern.slice(0, dot - 1);
  return !prefix.includes('*') && host.slice(0, hostDot).startsWith(prefix);
}

/**
 * Whether one of the certificate's names covers the host. Alternative names win: with any of them the common name does not count.
 * Upper and lower case differ, as in Zeek.
 * @param host as the client sent it, escaped for a record like the certificate's names
 */
export function certificateCovers(certificate: Certificate, host: string): boolean {
  const names = certificate.subjectAlternativeName;
  if (names === undefined) return certificate.commonName !== undefined && nameCovers(certificate.commonName, host);
  return (names.dns?.some((name) => nameCovers(name, host)) ?? false) || (names.ip?.includes(host) ?? false);
}
