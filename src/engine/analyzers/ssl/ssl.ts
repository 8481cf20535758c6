// TLS 1.0 to 1.3, SSL 3.0 and the hellos of SSL 2.0 over TCP: the record layer. RFC 8446 §5, RFC 5246 §6.2, RFC 6101 appendix E.
//
//   0      1       3       5
//   +------+-------+-------+------------------
//   | type |version| length| fragment (length)
//   +------+-------+-------+------------------
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { CarryOver } from '../../stream/carry-over.ts';
import { isClassicVersion, TlsVersion } from '../../tls/names.ts';
import { type TlsCarrier, TlsHandshake } from '../../tls/tls-handshake.ts';
import { TlsMemory } from '../../tls/tls-memory.ts';
import type { Analyzer, Flow, Session, Verdict } from '../analyzer.ts';
import { readSsl2Record, ssl2RecordLength } from './ssl2-record.ts';

const headerBytes = 5;
const messageHeaderBytes = 4;
/** A record's length has 16 bits. */
const maxRecordBytes = headerBytes + 65_535;
/** Longest handshake message that is waited for; a certificate with thousands of names reaches 340 KB. */
const maxMessageBytes = 524_288;
/** Alerts that are read of one record. */
const maxAlerts = 10;

/** IANA: TLS ContentType. */
const ContentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;

const isRecordVersion = (version: number): boolean => version >= TlsVersion.ssl3 && version <= TlsVersion.tls12;

/** What one side has sent but could not be read yet. */
interface Side {
  readonly records: CarryOver;
  readonly messages: CarryOver;
}

const newSide = (): Side => ({ records: new CarryOver(maxRecordBytes), messages: new CarryOver(maxMessageBytes) });

/** One TLS connection. `feed` reads records from any place: a TCP stream, or what QUIC makes of its CRYPTO frames. */
class SslSession implements Session {
  readonly #handshake: TlsHandshake;
  /** Null once nothing more is read: a finished handshake must not hold memory for the life of its connection. */
  #client: Side | null = newSide();
  #server: Side | null = newSide();
  /** The first record fixes whether this is SSL 2.0 (2), something newer, or unknown (0). */
  #recordVersion = 0;

  constructor(flow: Flow, memory: TlsMemory) {
    const carrier: TlsCarrier = {
      transport: 't',
      confirm: () => flow.confirm(),
      reject: (reason) => flow.reject(reason),
      done: () => flow.done(),
    };
    this.#handshake = new TlsHandshake(flow, carrier, memory);
    // As Zeek: without its beginning a connection is not read.
    if (!flow.seenFromStart) this.#release();
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const side = fromClient ? this.#client : this.#server;
    if (side === null) return;
    const { records } = side;
    records.open(bytes, start, end);
    this.#readRecords(fromClient, side, at);
    if (!this.#handshake.over && !records.close()) this.#handshake.violation('record too long');
    if (this.#handshake.over) this.#release();
  }

  onGap(): void {
    this.#release();
  }

  onClose(): void {
    this.#handshake.close();
  }

  #release(): void {
    this.#client = null;
    this.#server = null;
  }

  #readRecords(fromClient: boolean, side: Side, at: EpochMicros): void {
    const window = side.records;
    while (!this.#handshake.over && window.end - window.position >= headerBytes) {
      const { bytes, position } = window;
      const isSsl2 = this.#checkHeader(fromClient, bytes, position);
      if (isSsl2 === undefined) return;
      const length = isSsl2 ? ssl2RecordLength(bytes, position) : headerBytes + bytes.view.getUint16(position + 3);
      if (length < headerBytes) {
        this.#handshake.violation('record too short');
        return;
      }
      if (window.end - position < length) return;
      window.position = position + length;
      if (isSsl2) readSsl2Record(this.#handshake, fromClient, bytes, position, position + length, at);
      else this.#record(fromClient, side, bytes, position, position + length, at);
    }
  }

  /** Whether the record at `i` is one of SSL 2.0; undefined after a violation. */
  #checkHeader(fromClient: boolean, bytes: Bytes, i: number): boolean | undefined {
    const { view } = bytes;
    const version = view.getUint16(i + 1);
    if (this.#recordVersion === TlsVersion.ssl2) return true;
    if (this.#recordVersion !== 0) {
      if (isRecordVersion(version)) return false;
      this.#handshake.violation(`Invalid version late in TLS connection. Packet reported version: ${version}`);
      return undefined;
    }
    const type = view.getUint8(i);
    if (type > 0x7f) return this.#checkSsl2Hello(fromClient, bytes, i);
    if (isRecordVersion(version) && type >= ContentType.changeCipherSpec && type <= 30) {
      this.#recordVersion = version;
      return false;
    }
    this.#handshake.violation(`Invalid version in TLS connection. Version: ${version}`);
    return undefined;
  }

  /** The two hellos of SSL 2.0; that of the client is also used to offer newer versions. */
  #checkSsl2Hello(fromClient: boolean, bytes: Bytes, i: number): boolean | undefined {
    const message = bytes.view.getUint8(i + 2);
    const version = bytes.view.getUint16(i + 3);
    if (message === 1 && fromClient && isClassicVersion(version)) return true;
    if (message === 4 && !fromClient && bytes.view.getUint8(i + 4) < 2) {
      this.#recordVersion = TlsVersion.ssl2;
      return true;
    }
    this.#handshake.violation('Invalid headers in SSL connection');
    return undefined;
  }

  #record(fromClient: boolean, side: Side, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const handshake = this.#handshake;
    const type = bytes.view.getUint8(start);
    // In TLS 1.3 encryption begins without a word: application data is the sign of it.
    if (type === ContentType.applicationData && !isClassicVersion(handshake.version)) handshake.startEncryption(fromClient);
    if (handshake.encrypts(fromClient)) {
      handshake.encryptedRecord(at);
      return;
    }
    handshake.log.touch(at);
    this.#plainRecord(fromClient, type, side, bytes, start + headerBytes, end, at);
  }

  #plainRecord(fromClient: boolean, type: number, side: Side, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const handshake = this.#handshake;
    switch (type) {
      case ContentType.changeCipherSpec:
        handshake.changeCipherSpec(fromClient);
        break;
      case ContentType.alert:
        this.#alerts(fromClient, bytes, start, end);
        break;
      case ContentType.handshake:
        this.#messages(fromClient, side.messages, bytes, start, end, at);
        break;
      case ContentType.applicationData:
        handshake.earlyData();
        break;
      case ContentType.heartbeat:
        handshake.heartbeat(fromClient);
        break;
      default:
        handshake.violation(`unknown SSL record type (${type})`);
    }
  }

  #alerts(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const last = Math.min(end, start + 2 * maxAlerts);
    for (let i = start; i + 2 <= last; i += 2) this.#handshake.alert(fromClient, bytes.view.getUint8(i + 1));
    if ((last - start) % 2 !== 0) this.#handshake.violation('alert record of odd length');
  }

  /** Handshake messages run through records without regard to their bounds. */
  #messages(fromClient: boolean, messages: CarryOver, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    messages.open(bytes, start, end);
    while (!this.#handshake.over && messages.end - messages.position >= messageHeaderBytes) {
      const { bytes: window, position } = messages;
      const head = window.view.getUint32(position);
      const next = position + messageHeaderBytes + (head & 0xffffff);
      if (next > messages.end) break;
      messages.position = next;
      this.#handshake.message(fromClient, head >>> 24, window, position + messageHeaderBytes, next, at);
    }
    if (!messages.close()) this.#handshake.violation('handshake message too long');
  }
}

/** What may stand at an offset of a hello: `[offset, lowest, highest]`. Message type and minor version depend on the sender. */
const helloShape: readonly (readonly [number, number, number])[] = [
  [0, ContentType.handshake, ContentType.handshake],
  [1, 3, 3],
  [2, 0, 3],
];
const messageAt = 5;
const majorAt = 9;

/** Whether the bytes from `i` on are a record with this handshake message in it, as far as they are there. */
function looksLikeHello(bytes: Bytes, i: number, end: number, message: 1 | 2): Verdict {
  const { view } = bytes;
  const fits = (offset: number, low: number, high: number): boolean => {
    if (i + offset >= end) return true;
    const byte = view.getUint8(i + offset);
    return byte >= low && byte <= high;
  };
  if (!helloShape.every(([offset, low, high]) => fits(offset, low, high)) || !fits(messageAt, message, message)) return 'no';
  const isDraft = message === 2 && i + majorAt < end && view.getUint8(i + majorAt) === 0x7f;
  if (!isDraft && !fits(majorAt, 3, 3)) return 'no';
  if (!fits(majorAt + 1, 0, isDraft ? 0x50 : message + 2)) return 'no';
  return i + majorAt + 1 < end ? 'yes' : 'more';
}

const alertRecordBytes = 7;

/** A ServerHello, or a warning before it (unrecognized_name). */
function looksLikeServer(bytes: Bytes, start: number, end: number): Verdict {
  if (start < end && bytes.view.getUint8(start) === ContentType.alert) {
    if (start + 1 < end && bytes.view.getUint8(start + 1) !== 3) return 'no';
    return looksLikeHello(bytes, start + alertRecordBytes, end, 2);
  }
  return looksLikeHello(bytes, start, end, 2);
}

const withMemory = (memory: TlsMemory): Analyzer => ({
  name: 'ssl',
  transports: ['tcp'],
  ports: { tcp: [443, 563, 585, 614, 636, 989, 990, 992, 993, 995, 5223] },
  spec: 'RFC 8446, RFC 5246, RFC 6101',
  probe: (fromClient, bytes, start, end) => (fromClient ? looksLikeHello(bytes, start, end, 1) : looksLikeServer(bytes, start, end)),
  open: (flow) => new SslSession(flow, memory),
  instance: () => withMemory(new TlsMemory()),
});

export const ssl: Analyzer = withMemory(new TlsMemory());
