// DHCP. One row a conversation, which spans connections: the client broadcasts from 0.0.0.0, the server answers from its address.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { Analyzer, AnalyzerHost, Flow, Session } from '../analyzer.ts';
import { Conversations } from './conversations.ts';
import { DhcpMessage } from './message.ts';

class DhcpSession implements Session {
  readonly #flow: Flow;
  readonly #message: DhcpMessage;
  readonly #conversations: Conversations;
  /** The conversations are this connection's own and end with it. */
  readonly #isAlone: boolean;

  constructor(flow: Flow, message: DhcpMessage, conversations: Conversations, isAlone: boolean) {
    this.#flow = flow;
    this.#message = message;
    this.#conversations = conversations;
    this.#isAlone = isAlone;
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    const flow = this.#flow;
    const message = this.#message;
    const result = message.read(bytes, start, end);
    if (result !== 'sound') {
      flow.reject(result === 'broken' ? 'DHCP message is cut short' : 'bad cookie');
      return;
    }
    this.#conversations.add(flow, fromClient, message, at);
    flow.confirm();
    if (message.type === 0) flow.reject('no DHCP message type option');
  }

  onClose(_at: EpochMicros): void {
    if (this.#isAlone) this.#conversations.finish();
  }
}

const description = {
  name: 'dhcp',
  transports: ['udp'],
  ports: { udp: [67, 68, 4011] },
  spec: 'RFC 2131, RFC 2132, RFC 4702',
  // Zeek goes by the port alone.
  probe: () => 'no',
} as const satisfies Partial<Analyzer>;

function withMemory(host: AnalyzerHost): Analyzer {
  const message = new DhcpMessage();
  const conversations = new Conversations(host);
  return {
    ...description,
    open: (flow) => new DhcpSession(flow, message, conversations, false),
    onTime: (now) => conversations.onTime(now),
    onFinish: () => conversations.finish(),
  };
}

/** Without `instance` each connection is a conversation of its own. */
export const dhcp: Analyzer = {
  ...description,
  open: (flow) =>
    new DhcpSession(flow, new DhcpMessage(), new Conversations({ emit: (name, row) => flow.emit(name, row), wake: () => {} }), true),
  instance: withMemory,
};
