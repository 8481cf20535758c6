// SMTP: recognised by a client's command; gives way to TLS after STARTTLS.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import { lineProbe, probeLines } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';

const commands = new Set(
  'EHLO HELO MAIL RCPT DATA QUIT RSET VRFY EXPN HELP NOOP TURN SEND SOML SAML STARTTLS BDAT ETRN ERROR AUTH X-ANONYMOUSTLS'.split(' '),
);
const upgrades = new Set(['STARTTLS', 'X-ANONYMOUSTLS']);

class SmtpSession extends LineSession {
  #inData = false;
  #lastCommand = '';
  /** Code of a reply of several lines that is not complete. */
  #openReply = 0;

  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (fromClient) this.#command(bytes, start, end);
    else this.#reply(bytes.latin1(start, Math.min(end, start + 4)));
  }

  #command(bytes: Bytes, start: number, end: number): void {
    if (this.#inData) {
      if (end - start === 1 && bytes.u8[start] === 0x2e) this.#inData = false;
      return;
    }
    const word = /^[!-~]{4,14}/.exec(bytes.latin1(start, Math.min(end, start + 16)))?.[0].toUpperCase() ?? '';
    if (!commands.has(word)) return;
    this.flow.confirm();
    this.#lastCommand = word;
    // From the mail on nothing can change what the service is.
    if (word === 'RCPT') this.finish();
  }

  #reply(text: string): void {
    const code = /^\d{3}/.test(text) ? Number(text.slice(0, 3)) : 0;
    if (code < 100 || code > 599) {
      this.refuse(`reply code ${code} out of range`);
      return;
    }
    const isContinuation = this.#openReply === code;
    this.#openReply = text[3] === '-' ? code : 0;
    if (isContinuation) return;
    if (code === 354) this.#inData = true;
    else if (code === 220 && upgrades.has(this.#lastCommand)) this.yieldTo('ssl');
  }
}

const client = lineProbe('he', (lines) => lines.slice(0, 2).some((line) => /^\s*(?:helo|ehlo)/i.test(line)));
const server = lineProbe('2', ([greeting = ''], complete) => /^\s*220(?:[\s-]|$)/.test(greeting) && (complete > 0 || greeting.length > 3));

/** Simple Mail Transfer Protocol. */
export const smtp: Analyzer = {
  name: 'smtp',
  transports: ['tcp'],
  ports: { tcp: [25, 587] },
  spec: 'RFC 5321, RFC 3207',
  bothSides: true,
  probe: (fromClient, bytes, start, end) => probeLines(fromClient ? client : server, bytes, start, end),
  open: (flow) => new SmtpSession(flow),
};
