// IMAP at its port: recognised by greeting or first commands; gives way to TLS after STARTTLS.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Tag and command; both ends begin their lines so. RFC 3501 §2.2. */
const tagged = /^([!-~]{1,64}) ([A-Za-z]{1,16})/;
/** After these no STARTTLS can come. */
const lateCommands = new Set(['authenticate', 'login', 'examine', 'create', 'list', 'fetch']);

class ImapSession extends LineSession {
  #upgradeTag = '';

  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const parts = tagged.exec(bytes.latin1(start, Math.min(end, start + 96)));
    if (parts === null) return;
    const tag = parts[1] ?? '';
    const command = (parts[2] ?? '').toLowerCase();
    if (fromClient) this.#command(tag, command);
    else this.#response(tag, command);
  }

  #command(tag: string, command: string): void {
    if (command === 'starttls') this.#upgradeTag = tag;
    if (command === 'starttls' || command === 'capability') this.flow.confirm();
    if (!lateCommands.has(command)) return;
    this.flow.confirm();
    this.finish();
  }

  #response(tag: string, command: string): void {
    if (command !== 'ok') return;
    if (tag === '*') this.flow.confirm();
    else if (tag === this.#upgradeTag) this.yieldTo('ssl');
  }
}

/** Internet Message Access Protocol. */
export const imap: Analyzer = {
  name: 'imap',
  transports: ['tcp'],
  ports: { tcp: [143] },
  spec: 'RFC 3501',
  probe: () => 'no',
  open: (flow) => new ImapSession(flow),
};
