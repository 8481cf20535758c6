// Names of versions, groups and alerts as Zeek 8.2.2 prints them.

export const TlsVersion = {
  unknown: 0,
  ssl2: 0x0002,
  ssl3: 0x0300,
  tls10: 0x0301,
  tls11: 0x0302,
  tls12: 0x0303,
  tls13: 0x0304,
  dtls10: 0xfeff,
  dtls12: 0xfefd,
  dtls13: 0xfefc,
} as const;

const versions: ReadonlyMap<number, string> = new Map([
  [TlsVersion.ssl2, 'SSLv2'],
  [TlsVersion.ssl3, 'SSLv3'],
  [TlsVersion.tls10, 'TLSv10'],
  [TlsVersion.tls11, 'TLSv11'],
  [TlsVersion.tls12, 'TLSv12'],
  [TlsVersion.tls13, 'TLSv13'],
  [TlsVersion.dtls10, 'DTLSv10'],
  [TlsVersion.dtls12, 'DTLSv12'],
  [TlsVersion.dtls13, 'DTLSv13'],
]);

/** Drafts of TLS 1.3 were numbered 7F00 and up (RFC 8446 draft-22 §4.2.1.1). */
const isDraft13 = (version: number): boolean => Math.floor(version / 0xff) === 0x7f;

export const versionName = (version: number): string =>
  versions.get(version) ?? (isDraft13(version) ? `TLSv13-draft${version % 0x7f}` : `unknown-${version}`);

/** TLS 1.3 or a draft of it, by the number that the server chose. */
export const isTls13 = (version: number): boolean => version === TlsVersion.tls13 || isDraft13(version);

/** Versions in which ChangeCipherSpec starts encryption. Everything else, the unknown included, is taken for TLS 1.3, as Zeek does. */
export const isClassicVersion = (version: number): boolean =>
  version === TlsVersion.ssl2 ||
  (version >= TlsVersion.ssl3 && version <= TlsVersion.tls12) ||
  version === TlsVersion.dtls10 ||
  version === TlsVersion.dtls12;

/** First bytes of experimental versions: drafts of TLS 1.3 by the IETF, Google and Facebook. */
const experimental = new Set([0x7f, 0x7e, 0xfb]);

/** Whether a hello may name this version. */
export const isKnownVersion = (version: number): boolean => versions.has(version) || experimental.has(version >> 8);

/** RFC 8701: values that clients mix in to keep servers tolerant. */
export const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);

const runs = (entries: readonly (readonly [number, string])[]): ReadonlyMap<number, string> =>
  new Map(entries.flatMap(([first, text]) => text.split(/\s+/).map((name, i): [number, string] => [first + i, name])));

/** IANA: TLS Supported Groups. */
const groups = runs([
  [
    1,
    `sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 sect409k1 sect409r1 sect571k1
    sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1 secp224r1 secp256k1 secp256r1 secp384r1 secp521r1
    brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 x25519 x448 brainpoolP256r1tls13 brainpoolP384r1tls13 brainpoolP512r1tls13
    GC256A GC256B GC256C GC256D GC512A GC512B GC512C curveSM2`,
  ],
  [256, 'ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192'],
  [512, 'MLKEM512 MLKEM768 MLKEM1024'],
  [4587, 'SecP256r1MLKEM768 X25519MLKEM768 SecP384r1MLKEM1024'],
  [25497, 'X25519Kyber768Draft00 SecP256r1Kyber768Draft00'],
  [0xff01, 'arbitrary_explicit_prime_curves arbitrary_explicit_char2_curves'],
]);

const hex4 = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');

/** Name of a key exchange group. */
export const groupName = (group: number): string => groups.get(group) ?? (isGrease(group) ? `grease_0x${hex4(group)}` : `unknown-${group}`);

/** IANA: TLS Alerts. */
const alerts = runs([
  [0, 'close_notify'],
  [1, 'end_of_early_data'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac decryption_failed record_overflow'],
  [30, 'decompression_failure'],
  [
    40,
    `handshake_failure no_certificate bad_certificate unsupported_certificate certificate_revoked certificate_expired
    certificate_unknown illegal_parameter unknown_ca access_denied decode_error decrypt_error`,
  ],
  [60, 'export_restriction'],
  [70, 'protocol_version insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [
    109,
    `missing_extension unsupported_extension certificate_unobtainable unrecognized_name bad_certificate_status_response
    bad_certificate_hash_value unknown_psk_identity certificate_required`,
  ],
  [120, 'no_application_protocol'],
]);

export const alertName = (description: number): string => alerts.get(description) ?? `unknown-${description}`;
