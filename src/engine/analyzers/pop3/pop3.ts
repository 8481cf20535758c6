// POP3: recognised when the server agrees to USER, CAPA or STLS; gives way to TLS after STLS.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import { lineProbe, probeLines } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';

const commands = new Set('USER PASS APOP AUTH STAT LIST RETR DELE RSET NOOP LAST QUIT TOP CAPA UIDL STLS XSENDER'.split(' '));
/** Agreeing to one of these confirms the protocol. */
const telling = new Set(['USER', 'CAPA', 'STLS']);
/** Agreeing to one of these lets the user in; what follows is mail. */
const entering = new Set(['PASS', 'APOP', 'AUTH']);
/** Pipelined commands that wait for their reply. */
const mostPending = 10;

class Pop3Session extends LineSession {
  /** Commands whose reply is not complete; the first is being answered. */
  readonly #pending: string[] = [];
  #inList = false;

  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (start === end) return;
    if (!fromClient) {
      this.#reply(bytes, start, end);
      return;
    }
    const word = /^ *(\S+)/.exec(bytes.latin1(start, Math.min(end, start + 16)))?.[1]?.toUpperCase() ?? '';
    if (!commands.has(word)) return;
    if (this.#pending.length >= mostPending) this.finish();
    else this.#pending.push(word);
  }

  #reply(bytes: Bytes, start: number, end: number): void {
    if (this.#inList) {
      if (end - start === 1 && bytes.u8[start] === 0x2e) this.#inList = false;
      return;
    }
    const text = bytes.latin1(start, Math.min(end, start + 5)).toUpperCase();
    const agrees = /^\+?OK\b/.test(text);
    if (!agrees && !/^-?ERR\b/.test(text)) {
      // A plus sign alone asks for more of a log-in.
      if (!text.startsWith('+')) this.#unknown();
      return;
    }
    const command = this.#pending.shift();
    if (agrees && command !== undefined) this.#agreed(command);
  }

  #unknown(): void {
    this.flow.weird('pop3_server_command_unknown');
    this.refuse('unknown server command');
  }

  #agreed(command: string): void {
    if (telling.has(command)) this.flow.confirm();
    this.#inList = command === 'CAPA';
    if (command === 'STLS') this.yieldTo('ssl');
    else if (entering.has(command)) this.finish();
  }
}

const client = lineProbe('uacs', (lines) => lines.slice(0, 2).some((line) => /^\s*(?:(?:user|apop)\s|capa|auth|stls)/i.test(line)));
const server = lineProbe('+', ([greeting = '']) => greeting.startsWith('+OK'));

/** Post Office Protocol 3. */
export const pop3: Analyzer = {
  name: 'pop3',
  transports: ['tcp'],
  ports: { tcp: [110] },
  spec: 'RFC 1939, RFC 2449, RFC 2595',
  bothSides: true,
  probe: (fromClient, bytes, start, end) => probeLines(fromClient ? client : server, bytes, start, end),
  open: (flow) => new Pop3Session(flow),
};
