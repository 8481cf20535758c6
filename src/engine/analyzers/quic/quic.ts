// QUIC: what its Initial packets show. RFC 9000, RFC 9001, RFC 9369, drafts 22 to 34. Everything later is encrypted for good.
import { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { type TlsCarrier, TlsHandshake } from '../../tls/tls-handshake.ts';
import { TlsLog } from '../../tls/tls-log.ts';
import { TlsMemory } from '../../tls/tls-memory.ts';
import type { Analyzer, Flow, Session, Verdict } from '../analyzer.ts';
import { CryptoStream } from './crypto-stream.ts';
import { type FrameHandler, readFrames } from './frames.ts';
import { InitialKeys, initialSalt, quicVersion1, quicVersion2 } from './initial-keys.ts';
import { LongHeader } from './long-header.ts';
import { openInitial } from './open-initial.ts';
import { QuicLog } from './quic-log.ts';

const longForm = 0x80;
/** Set in every packet of these versions; what lacks it is something else on the same ports (STUN, RTP). RFC 9443. */
const fixedBit = 0x40;
/** Discarded packets that get a letter. */
const maxDiscardedMarks = 100;
const messageHeaderBytes = 4;

const header = new LongHeader();

class QuicSession implements Session, TlsCarrier, FrameHandler {
  readonly transport = 'q';
  readonly #flow: Flow;
  readonly #memory: TlsMemory;
  readonly #log: QuicLog;
  readonly #tlsLog: TlsLog;
  #tls: TlsHandshake;
  #keys: InitialKeys | undefined;
  #client = new CryptoStream();
  #server = new CryptoStream();
  #over = false;
  #opened = 0;
  #discarded = 0;
  #clientShort = 0;
  #serverShort = 0;
  /** Of the packet that is being read, for the frame handlers. */
  #fromClient = true;
  #at: EpochMicros;

  constructor(flow: Flow, memory: TlsMemory) {
    this.#flow = flow;
    this.#memory = memory;
    this.#at = flow.startedAt;
    this.#log = new QuicLog(flow);
    this.#tlsLog = new TlsLog(flow);
    this.#tls = this.#newTls();
  }

  #newTls(): TlsHandshake {
    return new TlsHandshake(this.#flow, this, this.#memory, this.#tlsLog);
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    if (this.#over) return;
    this.#fromClient = fromClient;
    this.#at = at;
    for (let i = start; i < end; ) {
      const first = bytes.view.getUint8(i);
      if ((first & fixedBit) === 0) {
        this.#discard();
        return;
      }
      if ((first & longForm) === 0) {
        this.#shortPacket();
        return;
      }
      if (!this.#longPacket(bytes, i, end)) return;
      i = header.packetEnd;
    }
  }

  onClose(): void {
    this.#tls.close();
    this.#log.write();
  }

  confirm(): void {
    this.#flow.confirm('ssl');
  }

  /** The TLS inside is broken; that is no reason to doubt QUIC. */
  reject(): void {}

  done(): void {}

  onClientHello(hello: Parameters<NonNullable<TlsCarrier['onClientHello']>>[0]): void {
    if (!this.#log.isOpen) return;
    this.#log.offer(hello.serverName, hello.protocol, this.#tlsLog.ja4);
    this.#log.mark('s', true);
    if (hello.protocols > 1) this.#flow.weird('QUIC_many_protocols');
  }

  onServerHello(): void {
    this.#log.mark('s', false);
  }

  onCrypto(offset: number, bytes: Bytes, start: number, end: number): void {
    const stream = this.#fromClient ? this.#client : this.#server;
    if (stream.finished) return;
    if (!stream.write(offset, bytes.u8, start, end)) {
      this.#violation('CRYPTO data out of bounds');
      return;
    }
    if (!stream.finished) return;
    const { message } = stream;
    this.#tlsLog.touch(this.#at);
    this.#tls.message(this.#fromClient, message.view.getUint8(0), message, messageHeaderBytes, stream.messageLength, this.#at);
    stream.release();
    if (this.#client.finished && this.#server.finished) this.#keys = undefined;
  }

  onConnectionClose(): void {
    this.#log.mark('c', this.#fromClient);
    this.#log.write();
  }

  #violation(reason: string): false {
    this.#over = true;
    this.#flow.reject(reason);
    return false;
  }

  #discard(): void {
    this.#discarded++;
    if (this.#opened > 0 && this.#discarded <= maxDiscardedMarks) this.#log.mark('x', this.#fromClient);
  }

  /** Counts; the history gets a letter at 1, 2, 4, 8, … packets of a side. */
  #shortPacket(): void {
    const count = this.#fromClient ? ++this.#clientShort : ++this.#serverShort;
    if ((count & (count - 1)) !== 0) return;
    if (this.#log.isOpen) this.#log.mark('o', this.#fromClient);
    else this.#flow.weird('QUIC_spurious_short_packet_threshold_crossed', String(count));
  }

  /** Reads the packet at `start`; false when nothing more of the datagram can be read. */
  #longPacket(bytes: Bytes, start: number, end: number): boolean {
    if (!header.read(bytes, start, end)) return this.#violation('packet does not fit into its datagram');
    const fromClient = this.#fromClient;
    switch (header.type) {
      case 'initial':
        this.#log.see(fromClient, bytes, header, this.#at);
        this.#log.mark('i', fromClient);
        return this.#initial(bytes, start);
      case 'handshake':
        this.#log.see(fromClient, bytes, header, this.#at);
        this.#log.mark('h', fromClient);
        return true;
      case 'zero-rtt':
        this.#log.see(fromClient, bytes, header, this.#at);
        this.#log.mark('z', fromClient);
        return true;
      case 'retry':
        this.#retry(bytes);
        return true;
      case 'unknown-version':
        if (!this.#log.isOpen) this.#log.see(fromClient, bytes, header, this.#at);
        this.#log.mark('u', fromClient);
        this.#log.write();
        return this.#violation('unhandled QUIC version');
    }
  }

  /** The server wants the client to begin anew, with keys of another connection id. */
  #retry(bytes: Bytes): void {
    if (!this.#log.isOpen) this.#log.see(this.#fromClient, bytes, header, this.#at);
    this.#log.mark('r', this.#fromClient);
    this.#log.write();
    this.#keys = undefined;
    this.#client = new CryptoStream();
    this.#server = new CryptoStream();
    this.#tls = this.#newTls();
  }

  #initial(bytes: Bytes, start: number): boolean {
    const fromClient = this.#fromClient;
    const stream = fromClient ? this.#client : this.#server;
    // Without the client's first connection id there are no keys; with the hello known there is nothing left to see.
    if (stream.finished || (!fromClient && this.#keys === undefined)) return true;
    const { platform } = this.#flow;
    const { version, payloadStart, packetEnd } = header;
    const salt = initialSalt(version);
    if (salt === undefined) return true;
    this.#keys ??= new InitialKeys(platform, salt, version, bytes.u8.slice(header.destinationStart, header.destinationEnd));
    const keys = fromClient ? this.#keys.client : this.#keys.server;
    const frames = openInitial(platform, keys, bytes, start, payloadStart, packetEnd);
    if (frames === undefined) return this.#violation('decryption failed');
    this.#flow.confirm();
    this.#opened++;
    return readFrames(new Bytes(frames), this) ? !this.#over : this.#violation('frame that does not belong into an Initial packet');
  }
}

/** An Initial packet of version 1 or 2 by its first five bytes. */
function looksLikeInitial(bytes: Bytes, start: number, end: number): Verdict {
  if (end - start < 5) return 'no';
  const kind = bytes.view.getUint8(start) & 0xf0;
  const version = bytes.view.getUint32(start + 1);
  return (kind === 0xc0 && version === quicVersion1) || (kind === 0xd0 && version === quicVersion2) ? 'yes' : 'no';
}

const withMemory = (memory: TlsMemory): Analyzer => ({
  name: 'quic',
  transports: ['udp'],
  // HTTP/3, DNS over QUIC and its port of the drafts.
  ports: { udp: [443, 853, 784] },
  spec: 'RFC 9000, RFC 9001, RFC 9369',
  probe: (_fromClient, bytes, start, end) => looksLikeInitial(bytes, start, end),
  open: (flow) => new QuicSession(flow, memory),
  instance: () => withMemory(new TlsMemory()),
});

export const quic: Analyzer = withMemory(new TlsMemory());
