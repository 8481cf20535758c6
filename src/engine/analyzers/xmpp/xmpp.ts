// XMPP: recognised by the client's stream header; gives way to TLS after STARTTLS.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import { probePattern } from '../../stream/text-probe.ts';
import type { Analyzer, Flow, Session } from '../analyzer.ts';

/** Enough of a segment to find the element it begins with. */
const looksAt = 1024;
/** Characters kept of what a side said last: an element's name may be cut by a segment's end. Shorter than the longest name. */
const keeps = 13;
/** After these no STARTTLS can come. RFC 6120 §5. */
const lateElements = /<(?:success|message|presence|db:result|db:verify)[\s/>]/;

class XmppSession implements Session {
  readonly #flow: Flow;
  #wantsTls = false;
  #clientTail = '';
  #serverTail = '';

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, _at: EpochMicros): void {
    const head = bytes.latin1(start, Math.min(end, start + looksAt));
    const text = (fromClient ? this.#clientTail : this.#serverTail) + head;
    const tail = (end - start > looksAt ? bytes.latin1(end - keeps, end) : text).slice(-keeps);
    if (fromClient) this.#clientTail = tail;
    else this.#serverTail = tail;
    this.#look(fromClient, text);
  }

  onGap(fromClient: boolean): void {
    if (fromClient) this.#clientTail = '';
    else this.#serverTail = '';
  }

  onFlip(): void {
    const tail = this.#clientTail;
    this.#clientTail = this.#serverTail;
    this.#serverTail = tail;
  }

  #look(fromClient: boolean, text: string): void {
    if (fromClient && text.includes('<stream:stream')) this.#flow.confirm();
    if (lateElements.test(text)) this.#flow.done();
    else if (fromClient) this.#wantsTls ||= text.includes('<starttls');
    else if (text.includes('<proceed')) {
      // Agreement to nothing must not be taken for one to a later question.
      this.#serverTail = '';
      if (this.#wantsTls) this.#flow.handOver('ssl');
    }
  }

  onClose(): void {}
}

const header = /^(?:<\?xml[^?>]*\?>[\n\r ]*)?<stream:stream [^>]*xmlns='jabber:/;

/** Extensible Messaging and Presence Protocol. */
export const xmpp: Analyzer = {
  name: 'xmpp',
  transports: ['tcp'],
  ports: { tcp: [5222, 5269] },
  spec: 'RFC 6120',
  probe: (_fromClient, bytes, start, end) => (bytes.u8[start] === 0x3c ? probePattern(header, bytes, start, end) : 'no'),
  open: (flow) => new XmppSession(flow),
};
