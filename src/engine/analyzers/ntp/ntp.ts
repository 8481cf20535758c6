// NTP: a row for each message that carries times. RFC 5905.
import { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { type Analyzer, connectionFields, type Flow, type Session } from '../analyzer.ts';
import { Mode, NtpMessage } from './message.ts';

class NtpSession implements Session {
  readonly #flow: Flow;
  readonly #message: NtpMessage;
  #clientFlipped = false;
  #serverFlipped = false;

  constructor(flow: Flow, message: NtpMessage) {
    this.#flow = flow;
    this.#message = message;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const message = this.#message;
    if (!message.read(bytes, start, end)) {
      this.#flow.reject('NTP packet is cut short');
      return;
    }
    this.#flow.confirm();
    const { mode } = message;
    this.#flip(fromClient, mode);
    if (mode <= Mode.BROADCAST) this.#write(message, mode, at);
  }

  onClose(_at: EpochMicros): void {
    // Each message was written when it came.
  }

  /** A server's packet from the client, or the other way round, shows who is who; believed once a side. */
  #flip(fromClient: boolean, mode: number): void {
    if (mode !== (fromClient ? Mode.SERVER : Mode.CLIENT)) return;
    if (fromClient ? this.#clientFlipped : this.#serverFlipped) return;
    if (fromClient) this.#clientFlipped = true;
    else this.#serverFlipped = true;
    this.#flow.flipEnds();
  }

  #write(message: NtpMessage, mode: number, at: EpochMicros): void {
    const flow = this.#flow;
    const timed = mode > 0;
    flow.emit('ntp', {
      ...connectionFields(flow, at),
      version: message.version,
      mode,
      stratum: timed ? message.stratum : undefined,
      poll: timed ? message.poll : undefined,
      precision: timed ? message.precision : undefined,
      root_delay: timed ? message.rootDelay : undefined,
      root_disp: timed ? message.rootDispersion : undefined,
      ref_id: timed ? message.referenceId : undefined,
      ref_time: timed ? message.referenceTime : undefined,
      org_time: timed ? message.originTime : undefined,
      rec_time: timed ? message.receiveTime : undefined,
      xmt_time: timed ? message.transmitTime : undefined,
      num_exts: message.extensions,
      context: flow.context,
    });
  }
}

const withMessage = (message: NtpMessage): Analyzer => ({
  name: 'ntp',
  transports: ['udp'],
  ports: { udp: [123] },
  spec: 'RFC 5905, RFC 5906',
  // Any 48 bytes could be NTP: Zeek goes by the port alone.
  probe: () => 'no',
  open: (flow) => new NtpSession(flow, message),
  instance: () => withMessage(new NtpMessage(new Bytes(new Uint8Array(0)))),
});

export const ntp: Analyzer = withMessage(new NtpMessage(new Bytes(new Uint8Array(0))));
