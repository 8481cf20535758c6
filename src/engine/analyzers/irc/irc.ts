// IRC: recognised by a client's line; announces DCC transfers, gives way to TLS after STARTTLS.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import { type LineTest, lineProbe, probeLines } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';

const fiveMinutes = 300e6;
const longestLine = 512;
/** Reply to STARTTLS: go ahead. */
const startTls = '670';

class IrcSession extends LineSession {
  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (end - start > longestLine) return;
    const text = bytes.latin1(start, end).trimStart();
    if (text.length < 3) return;
    const space = text.indexOf(' ');
    if (text.startsWith(':') && space < 0) return;
    if (fromClient) this.flow.confirm();
    this.#read(text.startsWith(':') ? text.slice(space + 1).trimStart() : text);
  }

  #read(message: string): void {
    if (message.length < 3) this.refuse('line too short');
    else if (/^\d/.test(message)) this.#readReply(message);
    else if (/^PRIVMSG /i.test(message)) this.#readPrivate(message);
  }

  #readReply(message: string): void {
    if (!/^\d{3} /.test(message)) this.refuse('invalid reply number');
    else if (message.startsWith(startTls)) this.yieldTo('ssl');
  }

  /** `PRIVMSG target :\x01DCC SEND file address port size\x01`, the address as a decimal number. */
  #readPrivate(message: string): void {
    const [, kind, , address = '', port = ''] =
      message
        .replaceAll('\x01', '')
        .match(/DCC .*/)?.[0]
        .split(/ +/) ?? [];
    if (kind !== 'SEND' || !/^\d{1,10}$/.test(address) || !/^\d{1,5}$/.test(port)) return;
    const number = Number(address);
    if (Number(port) === 0 || Number(port) > 65535) {
      this.flow.weird('irc_invalid_dcc_port');
      return;
    }
    if (number > 0xffffffff) return;
    this.flow.expect({
      clientAddress: undefined,
      serverAddress: [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.'),
      serverPort: Number(port),
      analyzer: 'irc-dcc-data',
      lifetime: fiveMinutes,
    });
  }
}

const user = /^ *user +\S/i;
const nick = /^ *nick +/i;

/** USER and NICK in a row, in either order, among the first three lines. */
const isRegistration: LineTest = (lines, complete) =>
  lines.slice(1, complete).some((line, i) => {
    const before = lines[i] ?? '';
    return (user.test(before) && nick.test(line)) || (nick.test(before) && user.test(line));
  });
const isReply: LineTest = (lines) => lines.slice(0, 2).some((line) => /^(?::[^ ]+ )?[0-9]{3} /.test(line));
const isServerLink: LineTest = (lines, complete) =>
  lines.slice(0, Math.min(2, complete)).some((line) => /^ *server +[^ ]+ +[0-9]+ +:/i.test(line));

const client = lineProbe('uns', (lines, complete) => isRegistration(lines, complete) || isServerLink(lines, complete));
const server = lineProbe(':0123456789s', (lines, complete) => isReply(lines, complete) || isServerLink(lines, complete));

/** Internet Relay Chat. */
export const irc: Analyzer = {
  name: 'irc',
  transports: ['tcp'],
  ports: { tcp: [6666, 6667, 6668, 6669] },
  spec: 'RFC 2812; DCC; https://ircv3.net/specs/deprecated/tls',
  bothSides: true,
  probe: (fromClient, bytes, start, end) => probeLines(fromClient ? client : server, bytes, start, end),
  open: (flow) => new IrcSession(flow),
};
