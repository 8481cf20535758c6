// What one engine remembers across TLS connections: certificates, and the fingerprints of hellos that it has seen before.
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
  /** Hashing costs ten times what looking up does. Emptied when it is full: what is frequent is soon back. */
  readonly #fingerprints = new Map<string, ClientFingerprints>();
  readonly #serverFingerprints = new Map<string, string>();

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
    const known = this.#fingerprints.get(key);
    if (known !== undefined) return known;
    const made = make(platform, hello, transport);
    if (this.#fingerprints.size >= maxHellos) this.#fingerprints.clear();
    this.#fingerprints.set(key, made);
    return made;
  }

  /** JA3S of the hello. */
  serverFingerprint(platform: Platform, hello: ServerHello): string {
    const text = ja3sText(hello);
    if (hello.extensions.length > maxNumbers) return ja3s(platform, text);
    const known = this.#serverFingerprints.get(text);
    if (known !== undefined) return known;
    const made = ja3s(platform, text);
    if (this.#serverFingerprints.size >= maxHellos) this.#serverFingerprints.clear();
    this.#serverFingerprints.set(text, made);
    return made;
  }
}
