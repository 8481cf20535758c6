// A file sent from one IRC user to another over a connection that was announced by DCC.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { FileStream } from '../../files/file-stream.ts';
import type { Analyzer, Flow, Session } from '../analyzer.ts';

/** The receiver acknowledges with counts; what the sender (who listens) sends is the file. */
class IrcDccDataSession implements Session {
  readonly #flow: Flow;
  #file: FileStream | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
    flow.confirm();
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    if (fromClient) return;
    this.#file ??= this.#flow.openFile({ source: 'IRC_DATA', fromClient, at, depth: 0 });
    this.#file.push(bytes.u8, start, end, at);
  }

  onGap(fromClient: boolean, count: number, at: EpochMicros): void {
    if (!fromClient) this.#file?.gap(count, at);
  }

  onClose(at: EpochMicros): void {
    this.#file?.close(at);
  }
}

/** IRC file transfer; started only by announcement. */
export const ircDccData: Analyzer = {
  name: 'irc-dcc-data',
  transports: ['tcp'],
  ports: {},
  spec: 'https://www.irchelp.org/protocol/dccspec.html',
  probe: () => 'no',
  open: (flow) => new IrcDccDataSession(flow),
};
