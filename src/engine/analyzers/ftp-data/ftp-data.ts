// A data connection that an FTP control connection announced: its content is one file.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { FileStream } from '../../files/file-stream.ts';
import type { Analyzer, Flow, Session } from '../analyzer.ts';

class FtpDataSession implements Session {
  readonly #flow: Flow;
  #fromClient: FileStream | undefined;
  #fromServer: FileStream | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
    flow.confirm();
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    this.#file(fromClient, at).push(bytes.u8, start, end, at);
  }

  onGap(fromClient: boolean, count: number, at: EpochMicros): void {
    this.#file(fromClient, at).gap(count, at);
  }

  onEnd(fromClient: boolean, at: EpochMicros): void {
    (fromClient ? this.#fromClient : this.#fromServer)?.close(at);
  }

  onClose(at: EpochMicros): void {
    this.#fromClient?.close(at);
    this.#fromServer?.close(at);
  }

  #file(fromClient: boolean, at: EpochMicros): FileStream {
    const known = fromClient ? this.#fromClient : this.#fromServer;
    if (known !== undefined) return known;
    const file = this.#flow.openFile({ source: 'FTP_DATA', fromClient, at, depth: 0 });
    if (fromClient) this.#fromClient = file;
    else this.#fromServer = file;
    return file;
  }
}

/** FTP data connection; started only by announcement. */
export const ftpData: Analyzer = {
  name: 'ftp-data',
  transports: ['tcp'],
  ports: {},
  spec: 'RFC 959 §3.2',
  probe: () => 'no',
  open: (flow) => new FtpDataSession(flow),
};
