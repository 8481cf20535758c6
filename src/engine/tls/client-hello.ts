// ClientHello of SSL 3.0 to TLS 1.3 and DTLS. RFC 8446 §4.1.2, RFC 6347 §4.2.1, RFC 6066 §3, RFC 7301.
import type { Bytes } from '../../base/bytes.ts';
import { Extension } from './extension.ts';
import { HelloReader } from './hello-reader.ts';
import { TlsVersion } from './names.ts';

/** What a ClientHello offers. Everything before the first damage is filled. */
export interface ClientHello {
  /** `legacy_version`. */
  version: number;
  /** Raw characters; empty when it is absent or all zero. */
  sessionId: string;
  cipherSuites: readonly number[];
  /** Types in the order of the message. */
  extensions: number[];
  groups: readonly number[];
  pointFormats: readonly number[];
  signatureAlgorithms: readonly number[];
  supportedVersions: readonly number[];
  /** First host name, fit for a record. */
  serverName: string | undefined;
  /** How many host names. */
  serverNames: number;
  /** First application protocol: fit for a record, and as raw characters. */
  protocol: string | undefined;
  rawProtocol: string;
  /** How many application protocols. */
  protocols: number;
  /** A session ticket that is not empty. */
  offersTicket: boolean;
  offersPsk: boolean;
  /** The message ended where it should not: nothing behind that point was read. */
  damaged: boolean;
}

const emptyHello = (): ClientHello => ({
  version: 0,
  sessionId: '',
  cipherSuites: [],
  extensions: [],
  groups: [],
  pointFormats: [],
  signatureAlgorithms: [],
  supportedVersions: [],
  serverName: undefined,
  serverNames: 0,
  protocol: undefined,
  rawProtocol: '',
  protocols: 0,
  offersTicket: false,
  offersPsk: false,
  damaged: false,
});

const randomBytes = 32;

/** Raw characters of a session id of at most 32 bytes; empty when all are zero. */
export function readSessionId(reader: HelloReader): string {
  const id = reader.take(reader.u8());
  if (id.left > 32) return '';
  const text = id.bytes.latin1(id.at, id.end);
  return /^\0*$/.test(text) ? '' : text;
}

/** Reads the body of a ClientHello, `[start, end)` without the handshake header. Allocates; called once a handshake. */
export function readClientHello(bytes: Bytes, start: number, end: number): ClientHello {
  const hello = emptyHello();
  const reader = new HelloReader(bytes, start, end);
  hello.version = reader.u16();
  reader.skip(randomBytes);
  hello.sessionId = readSessionId(reader);
  if (hello.version === TlsVersion.dtls10 || hello.version === TlsVersion.dtls12) reader.skip(reader.u8()); // cookie
  hello.cipherSuites = reader.numbers(reader.u16());
  reader.skip(reader.u8()); // compression methods
  if (!reader.damaged && reader.left > 0) readExtensions(reader, hello);
  hello.damaged = reader.damaged;
  return hello;
}

function readExtensions(reader: HelloReader, hello: ClientHello): void {
  reader.u16(); // total length; as Zeek, the message's own end counts
  while (!reader.damaged && reader.left > 0) {
    const type = reader.u16();
    const content = reader.take(reader.u16());
    if (reader.damaged) return;
    hello.extensions.push(type);
    if (content.left > 0) readExtension(type, content, hello);
    reader.damaged = content.damaged;
  }
}

function readExtension(type: number, content: HelloReader, hello: ClientHello): void {
  switch (type) {
    case Extension.serverName:
      readServerNames(content, hello);
      break;
    case Extension.supportedGroups:
      hello.groups = content.numbers(content.u16());
      break;
    case Extension.pointFormats: {
      const formats = content.take(content.u8());
      hello.pointFormats = [...formats.bytes.u8.subarray(formats.at, formats.end)];
      content.damaged ||= formats.damaged;
      break;
    }
    case Extension.signatureAlgorithms:
      content.u16();
      hello.signatureAlgorithms = content.numbers(content.left & ~1);
      break;
    case Extension.applicationProtocols:
      readProtocols(content, hello);
      break;
    case Extension.supportedVersions:
      hello.supportedVersions = content.numbers(content.u8());
      break;
    case Extension.sessionTicket:
      hello.offersTicket = true;
      break;
    case Extension.preSharedKey:
      hello.offersPsk = true;
      break;
  }
}

function readServerNames(content: HelloReader, hello: ClientHello): void {
  const list = content.take(content.u16());
  while (!list.damaged && list.left > 0) {
    if (list.u8() !== 0) break; // not a host name: its form is not known, so the rest cannot be read
    const name = list.take(list.u16());
    if (list.damaged) break;
    hello.serverNames++;
    if (hello.serverName === undefined) hello.serverName = name.bytes.text(name.at, name.end);
  }
  content.damaged ||= list.damaged;
}

function readProtocols(content: HelloReader, hello: ClientHello): void {
  const list = content.take(content.u16());
  while (!list.damaged && list.left > 0) {
    const name = list.take(list.u8());
    if (list.damaged) break;
    hello.protocols++;
    if (hello.protocol !== undefined) continue;
    hello.protocol = name.bytes.text(name.at, name.end);
    hello.rawProtocol = name.bytes.latin1(name.at, name.end);
  }
  content.damaged ||= list.damaged;
}
