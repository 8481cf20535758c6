// DTLS 1.0 to 1.3 over UDP: the record layer. RFC 6347 §4.1, RFC 9147 §4.
//
//   0      1       3       5                11      13
//   +------+-------+-------+-----------------+-------+------------------
//   | type |version| epoch | sequence number | length| fragment (length)
//   +------+-------+-------+-----------------+-------+------------------
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { TlsVersion } from '../../tls/names.ts';
import { type TlsCarrier, TlsHandshake } from '../../tls/tls-handshake.ts';
import { TlsMemory } from '../../tls/tls-memory.ts';
import type { Analyzer, Flow, Session, Verdict } from '../analyzer.ts';
import { FragmentBuffer, type FragmentOutcome } from './fragment-buffer.ts';

const headerBytes = 13;
/** type, length, message_seq, fragment_offset, fragment_length. RFC 6347 §4.2.2. */
const messageHeaderBytes = 12;
const maxAlerts = 10;
/** Records of an unknown version after which it is no DTLS. */
const maxVersionErrors = 10;

const ContentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;

const stunCookie = 0x2112a442;
const stunHeaderBytes = 20;

const isRecordVersion = (version: number): boolean => version === TlsVersion.dtls10 || version === TlsVersion.dtls12;

class DtlsSession implements Session {
  readonly #handshake: TlsHandshake;
  readonly #client = new FragmentBuffer();
  readonly #server = new FragmentBuffer();
  readonly #flow: Flow;
  #confirmed = false;
  #versionErrors = 0;

  constructor(flow: Flow, memory: TlsMemory) {
    this.#flow = flow;
    const carrier: TlsCarrier = {
      transport: 'd',
      confirm: () => {
        this.#confirmed = true;
        flow.confirm();
      },
      reject: (reason) => flow.reject(reason),
      done: () => flow.done(),
    };
    this.#handshake = new TlsHandshake(flow, carrier, memory);
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    // WebRTC talks STUN on the same ports.
    if (end - start > stunHeaderBytes && bytes.view.getUint32(start + 4) === stunCookie) return;
    let i = start;
    while (!this.#handshake.over && i < end) i = this.#record(fromClient, bytes, i, end, at);
  }

  onClose(): void {
    this.#handshake.close();
  }

  /** Reads the record at `i`. @returns where the next begins. */
  #record(fromClient: boolean, bytes: Bytes, i: number, end: number, at: EpochMicros): number {
    const handshake = this.#handshake;
    const { view } = bytes;
    const type = view.getUint8(i);
    if (handshake.version === TlsVersion.dtls13 && type >> 5 === 1) {
      // Unified header of DTLS 1.3: always encrypted, and its length may be left out. RFC 9147 §4.
      handshake.startEncryption(fromClient);
      handshake.encryptedRecord(at);
      return end;
    }
    if (i + headerBytes > end) return end;
    if (!this.#isVersionOk(view.getUint16(i + 1))) return end;
    const next = i + headerBytes + view.getUint16(i + 11);
    if (next > end) {
      handshake.violation('record longer than its datagram');
      return end;
    }
    if (view.getUint16(i + 3) !== 0) handshake.encryptedRecord(at);
    else {
      handshake.log.touch(at);
      this.#plainRecord(fromClient, bytes, i, next, at);
    }
    return next;
  }

  #isVersionOk(version: number): boolean {
    if (isRecordVersion(version)) {
      if (this.#confirmed) this.#versionErrors = 0;
      return true;
    }
    this.#versionErrors++;
    if (this.#confirmed) this.#handshake.violation(`Invalid version in DTLS connection. Packet reported version: ${version}`);
    else if (this.#versionErrors > maxVersionErrors) {
      this.#handshake.over = true;
      this.#flow.reject('not DTLS');
    }
    return false;
  }

  #plainRecord(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const handshake = this.#handshake;
    const type = bytes.view.getUint8(start);
    switch (type) {
      case ContentType.changeCipherSpec:
        handshake.changeCipherSpec(fromClient);
        break;
      case ContentType.alert:
        this.#alerts(fromClient, bytes, start + headerBytes, end);
        break;
      case ContentType.handshake:
        this.#fragment(fromClient, bytes, start, end, at);
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
  }

  /** One fragment of a handshake message: `[start, end)` is the record. */
  #fragment(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const { view } = bytes;
    const i = start + headerBytes;
    const data = i + messageHeaderBytes;
    if (data > end) {
      this.#handshake.violation('handshake header is cut');
      return;
    }
    const type = view.getUint8(i);
    const length = view.getUint32(i) & 0xffffff;
    const offset = view.getUint32(i + 5) & 0xffffff; // one byte before the field, cut off by the mask
    const fragmentLength = view.getUint32(i + 8) & 0xffffff;
    if (offset === 0 && fragmentLength === length) {
      const whole = Math.min(end, data + length);
      if (whole - data === length) this.#handshake.message(fromClient, type, bytes, data, whole, at);
      return;
    }
    const sequence = view.getUint16(start + 5) * 2 ** 32 + view.getUint32(start + 7);
    const buffer = fromClient ? this.#client : this.#server;
    const fragment = { messageSequence: view.getUint16(i + 4), length, offset, sequence };
    const outcome: FragmentOutcome = end - data === fragmentLength ? buffer.add(fragment, bytes.u8, data, end) : 'damaged';
    if (outcome === 'damaged') this.#handshake.violation('handshake fragments do not fit together');
    else if (outcome === 'complete') this.#handshake.message(fromClient, type, buffer.message, 0, length, at);
  }
}

/** A ClientHello in one record of epoch 0 with a small sequence number. */
function looksLikeClientHello(bytes: Bytes, start: number, end: number): Verdict {
  const { view } = bytes;
  const versionAt = start + headerBytes + messageHeaderBytes;
  if (end < versionAt + 2 || view.getUint8(start) !== ContentType.handshake) return 'no';
  if (!isRecordVersion(view.getUint16(start + 1)) || !isRecordVersion(view.getUint16(versionAt))) return 'no';
  const epochAndSequence = view.getUint32(start + 3) + view.getUint16(start + 7) + view.getUint8(start + 9);
  return epochAndSequence === 0 && view.getUint8(start + headerBytes) === 1 ? 'yes' : 'no';
}

const withMemory = (memory: TlsMemory): Analyzer => ({
  name: 'dtls',
  transports: ['udp'],
  ports: { udp: [443] },
  spec: 'RFC 6347, RFC 9147',
  probe: (_fromClient, bytes, start, end) => looksLikeClientHello(bytes, start, end),
  open: (flow) => new DtlsSession(flow, memory),
  instance: () => withMemory(new TlsMemory()),
});

export const dtls: Analyzer = withMemory(new TlsMemory());
