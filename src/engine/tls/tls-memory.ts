// What one engine remembers across TLS connections: certificates, and the fingerprints of hellos that it has seen before.
import { Memo } from '../../base/memo.ts';
import type { Platform } from '../platform.ts';
import { CertificateMemory } from '../x509/certificate-memory.ts';
import type { ClientHello } from './client-hello.ts';
import { type HelloTransport, ja3, ja3s, ja3sText, ja4, sane } from './fingerprints.ts';
import type { ServerHello } from './server-hello.ts';

export interface ClientFingerprints {
  readonly ja3: string;
  readonly ja4: string;
}

/** Different hellos that are kept; a few programs make most of them. Browsers that shuffle their extensions fill the rest. */
const maxHellos = 1024;
/** Numbers in a hello that is kept; real ones have about a hundred. */
const maxNumbers = 1000;

/** Numbers of 16 bits as characters: a key, not a text. */
const packed = (values: readonly number[]): string => String.fromCharCode(...values);

const make = (platform: Platform, hello: ClientHello, transport: HelloTransport): ClientFingerprints => ({
  ja3: ja3(platform, hello),
  ja4: ja4(platform, hello, transport),
});

export class TlsMemory {
  readonly certificates = new CertificateMemory();
  /** Hashing costs ten times what looking up does. */
  readonly #fingerprints = new Memo<string, ClientFingerprints>(maxHellos);
  readonly #serverFingerprints = new Memo<string, string>(maxHellos);

  fingerprints(platform: Platform, hello: ClientHello, transport: HelloTransport): ClientFingerprints {
    const lists = [
      hello.cipherSuites,
      hello.extensions,
      hello.groups,
      hello.pointFormats,
      hello.signatureAlgorithms,
      hello.supportedVersions,
    ];
    if (lists.reduce((sum, list) => sum + list.length, 0) > maxNumbers) return make(platform, hello, transport);
    let key = `${transport}${hello.version},${hello.rawProtocol}`;
    // The length before each list keeps lists apart.
    for (const list of lists) {
      const values = sane(list);
      key += String.fromCharCode(values.length) + packed(values);
    }
    return this.#fingerprints.get(key) ?? this.#fingerprints.set(key, make(platform, hello, transport));
  }

  /** JA3S of the hello. */
  serverFingerprint(platform: Platform, hello: ServerHello): string {
    const text = ja3sText(hello);
    if (hello.extensions.length > maxNumbers) return ja3s(platform, text);
    return this.#serverFingerprints.get(text) ?? this.#serverFingerprints.set(text, ja3s(platform, text));
  }
}
