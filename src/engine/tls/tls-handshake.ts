// The handshake of TLS, whatever carries it: records over TCP, datagrams, or QUIC's CRYPTO frames. RFC 8446 §4, RFC 5246 §7.
import type { Bytes } from '../../base/bytes.ts';
import type { EpochMicros } from '../../base/units.ts';
import type { Flow } from '../analyzers/analyzer.ts';
import { certificateRow, namesAreCut } from '../x509/certificate-memory.ts';
import { cipherSuiteName, isAnonymous, namesCurve } from './cipher-suites.ts';
import { type ClientHello, readClientHello } from './client-hello.ts';
import type { HelloTransport } from './fingerprints.ts';
import { HandshakeType, historyLetter, isKnownMessage } from './handshake-type.ts';
import { HelloReader } from './hello-reader.ts';
import { alertName, groupName, isClassicVersion, isKnownVersion, isTls13, TlsVersion, versionName } from './names.ts';
import { readServerHello, type ServerHello } from './server-hello.ts';
import { TlsLog } from './tls-log.ts';
import type { TlsMemory } from './tls-memory.ts';

/** What the carrier of a handshake does when it hears of its progress. */
export interface TlsCarrier {
  readonly transport: HelloTransport;
  /** A ClientHello was read: this is TLS. */
  confirm(): void;
  /** It is not, or no longer: nothing more will be read. */
  reject(reason: string): void;
  /** Both sides encrypt from here on: nothing more can be read. */
  done(): void;
  /** What the client offers, for carriers that log it themselves. Only a hello that was read to its end. */
  onClientHello?(hello: ClientHello): void;
  onServerHello?(): void;
}

/** Encrypted records that both sides have sent decide whether the handshake was finished. */
export class TlsHandshake {
  readonly log: TlsLog;
  /** Version that the server chose; 0 before. */
  version = 0;
  /** Hellos came against the direction of the connection: roles are swapped. */
  flipped = false;
  /** Nothing more is read. */
  over = false;
  readonly #flow: Flow;
  readonly #carrier: TlsCarrier;
  readonly #memory: TlsMemory;
  #cipher = -1;
  #sessionId = '';
  #offersTicketWithoutId = false;
  #offersPsk = false;
  #keyExchanged = false;
  #alertedUnclear = false;
  /** By sender: client's side of the connection first. */
  #encrypts: [boolean, boolean] = [false, false];

  /** @param log goes on with the row of an earlier handshake of the same connection. */
  constructor(flow: Flow, carrier: TlsCarrier, memory: TlsMemory, log = new TlsLog(flow)) {
    this.#flow = flow;
    this.#carrier = carrier;
    this.#memory = memory;
    this.log = log;
  }

  /** The client by role, given who sent it. */
  isClient(fromClient: boolean): boolean {
    return fromClient !== this.flipped;
  }

  encrypts(fromClient: boolean): boolean {
    return this.#encrypts[fromClient ? 0 : 1];
  }

  startEncryption(fromClient: boolean): void {
    this.#encrypts[fromClient ? 0 : 1] = true;
  }

  /** Something that is no TLS, or broken TLS: the row is written as it stands. */
  violation(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.log.write();
    this.#carrier.reject(reason);
  }

  /** An encrypted record: with both sides encrypting, the handshake is finished. */
  encryptedRecord(at: EpochMicros): void {
    if (this.over || !this.#encrypts[0] || !this.#encrypts[1]) return;
    this.over = true;
    this.log.touch(at);
    this.log.established = true;
    this.log.write();
    this.#carrier.done();
  }

  changeCipherSpec(fromClient: boolean): void {
    // TLS 1.3 sends it for show only (RFC 8446 §D.4).
    if (isClassicVersion(this.version)) this.startEncryption(fromClient);
    const isClient = this.isClient(fromClient);
    this.log.mark('i', isClient);
    if (isClient && this.#offersTicketWithoutId && !this.#keyExchanged) this.log.resumed = true;
  }

  alert(fromClient: boolean, description: number): void {
    this.log.mark('l', this.isClient(fromClient));
    this.log.lastAlert = alertName(description);
  }

  heartbeat(fromClient: boolean): void {
    this.log.mark('b', this.isClient(fromClient));
  }

  /** Application data in clear. */
  earlyData(): void {
    if (this.log.version !== undefined && !this.log.established) this.#flow.weird('ssl_early_application_data');
  }

  /** One whole handshake message; `[start, end)` is its body. */
  message(fromClient: boolean, type: number, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const letter = this.#read(fromClient, type, bytes, start, end, at);
    if (this.over) return;
    if (letter === undefined) this.violation(`handshake message ${type} is damaged`);
    else this.log.mark(letter, this.isClient(fromClient));
  }

  /** The connection is gone. */
  close(): void {
    this.over = true;
    this.log.write();
  }

  /** Reads by type. @returns its letter in the history; undefined when the message is damaged. */
  #read(fromClient: boolean, type: number, bytes: Bytes, start: number, end: number, at: EpochMicros): string | undefined {
    let sound = true;
    let letter = historyLetter(type);
    switch (type) {
      case HandshakeType.helloRequest:
        this.#expectSender(false, fromClient);
        break;
      case HandshakeType.clientHello:
        this.#expectSender(true, fromClient);
        sound = this.#clientHello(readClientHello(bytes, start, end));
        break;
      case HandshakeType.serverHello: {
        this.#expectSender(false, fromClient);
        const hello = readServerHello(bytes, start, end);
        sound = this.#serverHello(hello);
        if (hello.isRetryRequest) letter = 'j';
        break;
      }
      case HandshakeType.certificate:
        sound = this.#certificateChain(fromClient, bytes, start, end, at);
        break;
      case HandshakeType.serverKeyExchange:
        sound = this.#serverKeyExchange(bytes, start, end);
        break;
      case HandshakeType.clientKeyExchange:
        if (this.isClient(fromClient)) this.#keyExchanged = true;
        break;
      case HandshakeType.certificateStatus:
        this.#certificateStatus(bytes, start, end, at);
        break;
      default:
        if (!isKnownMessage(type)) this.violation(`unknown handshake message (${type})`);
    }
    return sound ? letter : undefined;
  }

  /** DTLS behind STUN may be opened by either end: who sends the ClientHello is the client. */
  #expectSender(client: boolean, fromClient: boolean): void {
    if (this.isClient(fromClient) === client) return;
    if (this.flipped && !this.#alertedUnclear) {
      this.#alertedUnclear = true;
      this.#flow.weird('SSL_unclear_connection_direction');
    }
    this.flipped = !this.flipped;
    this.log.mark('^', true);
  }

  #clientHello(hello: ClientHello): boolean {
    const { log } = this;
    if (hello.offersTicket) this.#offersTicketWithoutId = true;
    if (hello.offersPsk) this.#offersPsk = true;
    if (hello.serverName !== undefined) log.serverName = hello.serverName;
    if (hello.serverNames > 1) this.#flow.weird('SSL_many_server_names');
    if (hello.damaged) return false;
    if (!isKnownVersion(hello.version)) {
      this.violation(`unsupported client SSL version 0x${hello.version.toString(16).padStart(4, '0')}`);
      return true;
    }
    this.#carrier.confirm();
    if (hello.sessionId !== '') {
      this.#sessionId = hello.sessionId;
      this.#offersTicketWithoutId = false;
    }
    const fingerprints = this.#memory.fingerprints(this.#flow.platform, hello, this.#carrier.transport);
    log.ja3 = fingerprints.ja3;
    log.ja4 = fingerprints.ja4;
    this.#carrier.onClientHello?.(hello);
    return true;
  }

  #serverHello(hello: ServerHello): boolean {
    const { log } = this;
    if (hello.supportedVersion !== undefined) {
      if (this.version === 0) this.version = hello.supportedVersion;
      log.version = versionName(hello.supportedVersion);
    }
    if (this.version === 0) this.version = hello.version;
    if (hello.group !== undefined) log.curve = groupName(hello.group);
    if (hello.protocol !== undefined) log.protocol = hello.protocol;
    if (hello.choosesPsk && this.#offersPsk) log.resumed = true;
    if (hello.damaged) return false;
    if (!isKnownVersion(hello.version)) {
      this.violation(`unsupported server SSL version 0x${hello.version.toString(16).padStart(4, '0')}`);
      return true;
    }
    log.version ??= versionName(hello.version);
    this.#cipher = hello.cipherSuite;
    log.cipher = cipherSuiteName(hello.cipherSuite);
    log.ja3s = this.#memory.serverFingerprint(this.#flow.platform, hello);
    const repeatsId = this.#sessionId !== '' && this.#sessionId === hello.sessionId;
    if (repeatsId && !isTls13(hello.supportedVersion ?? hello.version)) log.resumed = true;
    this.#carrier.onServerHello?.();
    return true;
  }

  /** SSL 2.0 has hellos of its own; only what the record shows is taken from them. */
  ssl2ClientHello(): void {
    this.#carrier.confirm();
  }

  ssl2ServerHello(cipher: number): void {
    this.version = TlsVersion.ssl2;
    this.log.version ??= versionName(TlsVersion.ssl2);
    this.log.cipher = cipherSuiteName(cipher);
  }

  #certificateChain(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): boolean {
    const reader = new HelloReader(bytes, start, end);
    const list = reader.take(reader.u24());
    for (let i = 0; !list.damaged && list.left > 0; i++) {
      const one = list.take(list.u24());
      if (one.damaged) break;
      if (one.left === 0) this.#flow.weird('zero_length_certificate');
      else this.certificate(this.isClient(fromClient), i === 0, bytes, one.at, one.end, at);
    }
    return !list.damaged && !reader.damaged;
  }

  /** One certificate of a chain, the first one being the host's. */
  certificate(isClient: boolean, isFirst: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const flow = this.#flow;
    const seen = this.#memory.certificates.see(flow.platform, bytes.u8, start, end);
    this.log.addCertificate(seen, isClient);
    if (seen === undefined) {
      flow.weird('x509_cert_parse_error');
      return;
    }
    const role = { host: isFirst, client: isClient };
    if (!this.#memory.certificates.isNews(seen, role, at)) return;
    flow.emit('x509', certificateRow(seen, role, at, flow.uid));
    if (namesAreCut(seen.certificate)) flow.weird('log_container_field_truncated', 'X509::LOG');
  }

  /** RFC 8422 §5.4, RFC 5246 §7.4.3: only the curve is of interest, but what follows must fit for it to count. */
  #serverKeyExchange(bytes: Bytes, start: number, end: number): boolean {
    if (!namesCurve(this.#cipher)) return true;
    const reader = new HelloReader(bytes, start, end);
    const namedCurve = 3;
    if (reader.u8() !== namedCurve) return !reader.damaged;
    const curve = reader.u16();
    reader.skip(reader.u8());
    if (!isAnonymous(this.#cipher)) {
      if (this.version > TlsVersion.tls11 && this.version !== TlsVersion.dtls10) reader.u16(); // signature algorithm
      reader.skip(reader.u16());
    }
    if (!reader.damaged) this.log.curve = groupName(curve);
    return !reader.damaged;
  }

  /** A stapled OCSP reply. RFC 6066 §8. */
  #certificateStatus(bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const reader = new HelloReader(bytes, start, end);
    const ocsp = 1;
    const isOcsp = reader.u8() === ocsp;
    reader.u24();
    if (reader.damaged || reader.left === 0) {
      this.#flow.weird('SSL_zero_length_stapled_OCSP_message');
      return;
    }
    if (!isOcsp) return;
    const mimeType = 'application/ocsp-response';
    const file = this.#flow.openFile({ source: 'SSL', fromClient: false, at, depth: 0, mimeType });
    file.push(bytes.u8, reader.at, reader.end, at);
    file.close(at);
  }
}
