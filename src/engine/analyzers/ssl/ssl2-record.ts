// Messages of SSL 2.0, as far as ssl.log shows them. draft-hickman-netscape-ssl-00 §2.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { HelloReader } from '../../tls/hello-reader.ts';
import { TlsVersion } from '../../tls/names.ts';
import type { TlsHandshake } from '../../tls/tls-handshake.ts';

/** Bytes of the length field: two, and no padding in what is read here. */
const lengthBytes = 2;

const Message = { error: 0, clientHello: 1, clientMasterKey: 2, serverHello: 4 } as const;

/** Length of the record at `i`, its length field included. */
export const ssl2RecordLength = (bytes: Bytes, i: number): number => lengthBytes + (bytes.view.getUint16(i) & 0x7fff);

/** Reads the record in `[start, end)`. */
export function readSsl2Record(
  handshake: TlsHandshake,
  fromClient: boolean,
  bytes: Bytes,
  start: number,
  end: number,
  at: EpochMicros,
): void {
  if (handshake.encrypts(fromClient)) {
    handshake.encryptedRecord(at);
    return;
  }
  handshake.log.touch(at);
  const reader = new HelloReader(bytes, start + lengthBytes, end);
  switch (reader.u8()) {
    case Message.error:
      handshake.alert(fromClient, reader.u16());
      break;
    case Message.clientHello:
      handshake.ssl2ClientHello();
      break;
    case Message.clientMasterKey:
      handshake.startEncryption(true);
      handshake.startEncryption(false);
      handshake.encryptedRecord(at);
      break;
    case Message.serverHello:
      readServerHello(handshake, fromClient, reader, at);
      break;
    default:
      handshake.violation('unknown SSL 2.0 message');
  }
}

/** session-id-hit, certificate type, version, lengths of certificate, ciphers and connection id, then these. */
function readServerHello(handshake: TlsHandshake, fromClient: boolean, reader: HelloReader, at: EpochMicros): void {
  reader.u16();
  if (reader.u16() !== TlsVersion.ssl2) {
    handshake.violation('Invalid version in SSL server hello');
    return;
  }
  const certificateBytes = reader.u16();
  const cipherBytes = reader.u16();
  reader.u16();
  const certificate = reader.take(certificateBytes);
  const ciphers = reader.take(cipherBytes);
  if (reader.damaged) {
    handshake.violation('damaged SSL 2.0 server hello');
    return;
  }
  handshake.ssl2ServerHello(ciphers.left < 3 ? 0 : ciphers.u24());
  if (certificate.left > 0) handshake.certificate(fromClient, true, reader.bytes, certificate.at, certificate.end, at);
}
