// ServerHello and HelloRetryRequest of SSL 3.0 to TLS 1.3 and DTLS. RFC 8446 §4.1.3, §4.1.4.
import type { Bytes } from '../../base/bytes.ts';
import { readSessionId } from './client-hello.ts';
import { Extension } from './extension.ts';
import { HelloReader } from './hello-reader.ts';
import { TlsVersion } from './names.ts';

/** What a ServerHello chose. Everything before the first damage is filled. */
export interface ServerHello {
  /** `legacy_version`. */
  version: number;
  sessionId: string;
  cipherSuite: number;
  extensions: number[];
  /** Of the supported_versions extension. */
  supportedVersion: number | undefined;
  /** Group of the key share. */
  group: number | undefined;
  /** First application protocol, fit for a record. */
  protocol: string | undefined;
  choosesPsk: boolean;
  isRetryRequest: boolean;
  damaged: boolean;
}

const randomBytes = 32;

/** SHA-256 of "HelloRetryRequest", which stands where the random should be. RFC 8446 §4.1.3. */
const retryRandom =
  '\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c';

/** Up to its draft 21, TLS 1.3 had a ServerHello without session id and compression method. */
const isShortForm = (version: number): boolean => version === TlsVersion.tls13 || version >> 8 === 0x7f;

/** Reads the body of a ServerHello, `[start, end)` without the handshake header. */
export function readServerHello(bytes: Bytes, start: number, end: number): ServerHello {
  const reader = new HelloReader(bytes, start, end);
  const version = reader.u16();
  const random = reader.skip(randomBytes);
  const short = isShortForm(version);
  const hello: ServerHello = {
    version,
    sessionId: short ? '' : readSessionId(reader),
    cipherSuite: reader.u16(),
    extensions: [],
    supportedVersion: undefined,
    group: undefined,
    protocol: undefined,
    choosesPsk: false,
    isRetryRequest: !reader.damaged && bytes.latin1(random, random + randomBytes) === retryRandom,
    damaged: false,
  };
  if (!short) reader.u8(); // compression method
  if (!reader.damaged && reader.left > 0) readExtensions(reader, hello);
  hello.damaged = reader.damaged;
  return hello;
}

function readExtensions(reader: HelloReader, hello: ServerHello): void {
  reader.u16();
  while (!reader.damaged && reader.left > 0) {
    const type = reader.u16();
    const content = reader.take(reader.u16());
    if (reader.damaged) return;
    hello.extensions.push(type);
    if (content.left > 0) readExtension(type, content, hello);
    reader.damaged = content.damaged;
  }
}

function readExtension(type: number, content: HelloReader, hello: ServerHello): void {
  switch (type) {
    case Extension.supportedVersions:
      hello.supportedVersion = content.u16();
      break;
    case Extension.keyShare:
    case Extension.keyShareOld:
      hello.group = content.u16();
      break;
    case Extension.preSharedKey:
      hello.choosesPsk = true;
      break;
    case Extension.applicationProtocols: {
      const list = content.take(content.u16());
      const name = list.take(list.u8());
      if (!name.damaged) hello.protocol = name.bytes.text(name.at, name.end);
      content.damaged ||= name.damaged;
      break;
    }
  }
}
