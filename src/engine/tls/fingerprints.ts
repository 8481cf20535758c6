// JA3, JA3S (Salesforce, 2017, BSD-3) and JA4 (FoxIO, 2023, BSD-3): what a hello tells about the program behind it.
import type { Platform } from '../platform.ts';
import type { ClientHello } from './client-hello.ts';
import { Extension } from './extension.ts';
import { isGrease, TlsVersion } from './names.ts';
import type { ServerHello } from './server-hello.ts';

const encoder = new TextEncoder();

function digestText(platform: Platform, algorithm: 'md5' | 'sha256', text: string): string {
  const bytes = encoder.encode(text);
  return platform.digestOf(algorithm, bytes, 0, bytes.length);
}

/** Without GREASE; the list itself where it holds none. */
export const sane = (values: readonly number[]): readonly number[] =>
  values.some(isGrease) ? values.filter((value) => !isGrease(value)) : values;

/** MD5 of `version,ciphers,extensions,groups,point formats`, numbers in the hello's order joined by `-`, GREASE left out. */
export function ja3(platform: Platform, hello: ClientHello): string {
  const { version, cipherSuites, extensions, groups, pointFormats } = hello;
  const lists = [cipherSuites, extensions, groups].map((list) => sane(list).join('-'));
  return digestText(platform, 'md5', `${version},${lists.join(',')},${pointFormats.join('-')}`);
}

/** What JA3S hashes: `version,cipher,extensions`, decimal. github.com/salesforce/ja3. */
export const ja3sText = (hello: ServerHello): string => `${hello.version},${hello.cipherSuite},${hello.extensions.join('-')}`;

/** JA3S: MD5 of `ja3sText` in hexadecimal. */
export const ja3s = (platform: Platform, text: string): string => digestText(platform, 'md5', text);

/** How the hello travelled: over TCP, in QUIC, in DTLS. */
export type HelloTransport = 't' | 'q' | 'd';

const versionCodes: ReadonlyMap<number, string> = new Map([
  [TlsVersion.ssl2, 's2'],
  [TlsVersion.ssl3, 's3'],
  [TlsVersion.tls10, '10'],
  [TlsVersion.tls11, '11'],
  [TlsVersion.tls12, '12'],
  [TlsVersion.tls13, '13'],
  [TlsVersion.dtls10, 'd1'],
  [TlsVersion.dtls12, 'd2'],
  [TlsVersion.dtls13, 'd3'],
]);

const twoDigits = (count: number): string => String(Math.min(count, 99)).padStart(2, '0');
const fourHex = (value: number): string => value.toString(16).padStart(4, '0');
const isAlphanumeric = (character: string): boolean => /^[0-9A-Za-z]$/.test(character);
const byteHex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0');

/** First and last character of the first application protocol, of its hexadecimal form where one is no letter or digit. */
function protocolCode(raw: string): string {
  const first = raw.charAt(0);
  const last = raw.charAt(raw.length - 1);
  if (raw === '') return '00';
  if (isAlphanumeric(first) && isAlphanumeric(last)) return first + last;
  return byteHex(first).charAt(0) + byteHex(last).charAt(1);
}

const shortHash = (platform: Platform, text: string): string =>
  text === '' ? '000000000000' : digestText(platform, 'sha256', text).slice(0, 12);

/**
 * `{t|q|d}{version}{d|i}{ciphers}{extensions}{protocol}_{hash of sorted ciphers}_{hash of sorted extensions and signature algorithms}`.
 * The counts take in SNI and ALPN, the hash does not; GREASE is left out everywhere.
 */
export function ja4(platform: Platform, hello: ClientHello, transport: HelloTransport): string {
  const ciphers = sane(hello.cipherSuites);
  const extensions = sane(hello.extensions);
  const offered = sane(hello.supportedVersions);
  const version = offered.length === 0 ? hello.version : highestVersion(offered);
  const sni = extensions.includes(Extension.serverName) ? 'd' : 'i';
  const head = `${transport}${versionCodes.get(version) ?? '00'}${sni}${twoDigits(ciphers.length)}${twoDigits(extensions.length)}`;
  const hashed = extensions.filter((type) => type !== Extension.serverName && type !== Extension.applicationProtocols);
  const sorted = hashed.map(fourHex).sort().join(',');
  const algorithms = sane(hello.signatureAlgorithms).map(fourHex).join(',');
  const tail = algorithms === '' ? sorted : `${sorted}_${algorithms}`;
  const cipherHash = shortHash(platform, ciphers.map(fourHex).sort().join(','));
  return `${head}${protocolCode(hello.rawProtocol)}_${cipherHash}_${sorted === '' ? '000000000000' : shortHash(platform, tail)}`;
}

/** The newest of some versions; DTLS counts downwards. */
function highestVersion(versions: readonly number[]): number {
  const isDatagram = versions.some((version) => version >> 8 === 0xfe);
  return isDatagram ? Math.min(...versions.filter((version) => version >> 8 === 0xfe)) : Math.max(...versions);
}
