// MySQL at its port: recognised by the client's answer to the greeting; gives way to TLS when the client asks for it.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, needMore } from '../../stream/frame-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Three bytes of length, least significant first, and a sequence number. */
const headerLength = 4;
const clientSsl = 0x0800;
/** Largest greeting that is believed. */
const longestGreeting = 1 << 12;

class MysqlSession extends FrameSession {
  /** Protocol version of the greeting: 9 or 10; 0 before it. */
  #version = 0;

  protected frameLength(_fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    return end - start < headerLength ? needMore : headerLength + (bytes.view.getUint32(start, true) & 0xffffff);
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (!fromClient) {
      if (bytes.u8[start + 3] === 0) this.#greet(bytes, start + headerLength, end);
      return;
    }
    const at = start + headerLength;
    if (this.#version === 0 || end - at < (this.#version === 10 ? 32 : 6)) {
      this.refuse('no greeting before the log-in');
      return;
    }
    this.flow.confirm();
    if (this.#version === 10 && (bytes.view.getUint32(at, true) & clientSsl) !== 0) this.yieldTo('ssl');
    else this.finish();
  }

  /** Version, text of the server's version, connection number, … ; 255 begins an error instead. */
  #greet(bytes: Bytes, at: number, end: number): void {
    const version = bytes.u8[at] ?? 0;
    const nameEnd = bytes.u8.indexOf(0, at + 1);
    if (version === 0xff) this.finish();
    else if ((version !== 9 && version !== 10) || nameEnd < 0 || nameEnd + 4 >= end) this.refuse('no greeting');
    else this.#version = version;
  }
}

/** MySQL client/server protocol. */
export const mysql: Analyzer = {
  name: 'mysql',
  transports: ['tcp'],
  ports: { tcp: [1434, 3306] },
  spec: 'MySQL 9 reference: client/server protocol',
  probe: () => 'no',
  open: (flow) => new MysqlSession(flow, longestGreeting),
};
