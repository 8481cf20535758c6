// RDP over UDP: recognised by the answer to its first datagram.
import type { Bytes } from '../../../base/bytes.ts';
import type { Analyzer, Flow, Session } from '../analyzer.ts';

/** The first datagrams are padded to the path's size. [MS-RDPEUDP] §3.1.5.1. */
const synLength = 1232;
const nothingReceived = 0xffffffff;
const flagSyn = 0x01;
const flagAck = 0x04;

const isSyn = (bytes: Bytes, start: number, end: number): boolean =>
  end - start === synLength && bytes.view.getUint32(start) === nothingReceived && ((bytes.u8[start + 7] ?? 0) & flagSyn) !== 0;

class RdpeudpSession implements Session {
  readonly #flow: Flow;
  #asked = false;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (fromClient) {
      if (!this.#asked && !isSyn(bytes, start, end)) this.#flow.reject('no SYN');
      this.#asked = true;
      return;
    }
    const flags = end - start >= 8 ? (bytes.u8[start + 7] ?? 0) : 0;
    if (!this.#asked || (flags & flagSyn) === 0 || (flags & flagAck) === 0) return;
    this.#flow.confirm();
    this.#flow.done();
  }

  onClose(): void {}
}

/** Remote Desktop Protocol over UDP. */
export const rdpeudp: Analyzer = {
  name: 'rdpeudp',
  transports: ['udp'],
  ports: {},
  spec: '[MS-RDPEUDP]',
  probe: (fromClient, bytes, start, end) => (fromClient && isSyn(bytes, start, end) ? 'yes' : 'no'),
  open: (flow) => new RdpeudpSession(flow),
};
