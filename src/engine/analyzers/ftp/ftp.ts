// FTP's control connection: recognised by its first command; announces the data connections.
import { type Bytes, bytesOfLatin1 } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import { lineProbe, probeLines } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';
import { type DataEndpoint, extendedEndpoint, sixNumberEndpoint } from './ftp-addresses.ts';

const oneHour = 3600e6;
const fiveMinutes = 300e6;
/** Zeek's bound for a command word. */
const longestCommand = 100;
const space = 0x20;
const hyphen = 0x2d;
/** How a TLS handshake record begins in base64. */
const tlsRecord = 'FgM';
/** A command is a word of at least three printable characters (PWD, MKD); those that are acted on have four. */
const shortestCommand = 3;
const actedOn = 4;

const isPrintable = (byte: number): boolean => byte > 0x20 && byte < 0x7f;
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function skipBlanks(u8: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(u8[at] ?? 0)) at++;
  return at;
}

/** Three digits at `start`; 0 when they are none. */
function replyCode(u8: Uint8Array, start: number, end: number): number {
  if (end - start < 3 || !isDigit(u8[start]) || !isDigit(u8[start + 1]) || !isDigit(u8[start + 2])) return 0;
  return (u8[start] ?? 0) * 100 + (u8[start + 1] ?? 0) * 10 + (u8[start + 2] ?? 0) - 0x30 * 111;
}

class FtpSession extends LineSession {
  #confirmed = false;
  /** Code of a reply of several lines that is not complete. */
  #openReply = 0;
  #authMechanism = '';
  #awaitsPassive = false;
  /** Security tokens of the client that are TLS records. RFC 2228 §3, https://www.ogf.org/documents/GFD.20.pdf */
  #sentTls = false;

  protected line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (start === end) return;
    for (let i = start; i < end; i++) {
      if (bytes.u8[i] !== 0) continue;
      // Zero bytes are padding of the terminal protocol below. RFC 854.
      const padded = bytesOfLatin1(bytes.latin1(start, end).replaceAll('\0', ''));
      this.#line(fromClient, padded, 0, padded.u8.length);
      return;
    }
    this.#line(fromClient, bytes, start, end);
  }

  #line(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (fromClient) this.#command(bytes, start, end);
    else this.#reply(bytes, start, end);
  }

  /** A word, then behind white space its argument. */
  #command(bytes: Bytes, start: number, end: number): void {
    const { u8 } = bytes;
    const from = skipBlanks(u8, start, end);
    let to = from;
    while (to < end && isPrintable(u8[to] ?? 0)) to++;
    if (to - from < shortestCommand || (to < end && !isBlank(u8[to] ?? 0))) {
      if (this.#confirmed) this.flow.weird('FTP_invalid_command');
      return;
    }
    if (to - from > longestCommand) {
      this.#tooLong(to - from);
      return;
    }
    this.#confirm();
    if (to - from !== actedOn) return;
    this.#act(bytes.latin1(from, to).toUpperCase(), bytes, skipBlanks(u8, to, end), end);
  }

  #tooLong(length: number): void {
    if (!this.#confirmed) return;
    this.flow.markHistory('X');
    this.flow.weird('FTP_max_command_length_exceeded', `${length} > ${longestCommand}`);
  }

  #confirm(): void {
    if (this.#confirmed) return;
    this.#confirmed = true;
    this.flow.confirm();
    this.flow.setInactivity(oneHour);
  }

  /** `[start, end)` is the command's argument. */
  #act(command: string, bytes: Bytes, start: number, end: number): void {
    if (command === 'AUTH') this.#authMechanism = bytes.latin1(start, end);
    else if (command === 'PORT') this.#announce(sixNumberEndpoint(bytes.latin1(start, end)), false);
    else if (command === 'EPRT') this.#announce(extendedEndpoint(bytes.latin1(start, end)), false);
    else if (command === 'ADAT') this.#sentTls ||= bytes.latin1(start, end).startsWith(tlsRecord);
    else if (command === 'PASV' || command === 'EPSV') this.#awaitsPassive = true;
  }

  #reply(bytes: Bytes, start: number, end: number): void {
    const code = replyCode(bytes.u8, start, end);
    const separator = start + 3 < end ? bytes.u8[start + 3] : space;
    if (this.#openReply !== 0) {
      if (code !== this.#openReply || separator !== space) return;
      this.#openReply = 0;
    } else if (code < 100) {
      this.refuse(code === 0 ? 'non-numeric reply code' : 'invalid reply code');
      return;
    } else if (separator === hyphen) {
      this.#openReply = code;
      return;
    } else if (separator !== space) {
      this.refuse('invalid reply line');
      return;
    }
    this.#answer(code, bytes, Math.min(start + 4, end), end);
  }

  #answer(code: number, bytes: Bytes, start: number, end: number): void {
    if (code === 234 && this.#authMechanism === 'TLS') this.yieldTo('ssl');
    if (this.#sentTls && this.#authMechanism === 'GSSAPI') this.#exchange(code, bytes.latin1(start, end));
    if (!this.#awaitsPassive || (code !== 227 && code !== 229)) return;
    this.#awaitsPassive = false;
    const text = bytes.latin1(start, end);
    this.#announce(code === 227 ? sixNumberEndpoint(text) : extendedEndpoint(text), true);
  }

  /** GridFTP carries a TLS handshake in its security tokens. */
  #exchange(code: number, text: string): void {
    if (code === 335 && text.startsWith(`ADAT=${tlsRecord}`)) this.flow.confirm('ssl');
    else if (code === 235) this.flow.confirm('gridftp');
  }

  /** @param passive the server waits for the client; else the client for the server. */
  #announce(endpoint: DataEndpoint | undefined, passive: boolean): void {
    if (endpoint === undefined) return;
    const { clientAddress, serverAddress } = this.flow;
    this.flow.expect({
      clientAddress: passive ? clientAddress : serverAddress,
      serverAddress: endpoint.address ?? (passive ? serverAddress : clientAddress),
      serverPort: endpoint.port,
      analyzer: 'ftp-data',
      lifetime: fiveMinutes,
    });
  }
}

/** USER in the first two lines. */
const client = lineProbe('u', (lines) => lines.slice(0, 2).some((line) => /^ *user /i.test(line)));
/** A greeting, then that somebody is in or needs a password. */
const server = lineProbe(
  '12',
  ([greeting = '', answer = '']) => /^ *(?:120|220)[^0-9]/.test(greeting) && /^ *(?:230|331)[^0-9]/.test(answer),
);

/** File Transfer Protocol, control connection. */
export const ftp: Analyzer = {
  name: 'ftp',
  transports: ['tcp'],
  ports: { tcp: [21, 2811] },
  spec: 'RFC 959, RFC 2228, RFC 2428',
  bothSides: true,
  probe: (fromClient, bytes, start, end) => probeLines(fromClient ? client : server, bytes, start, end),
  open: (flow) => new FtpSession(flow),
};
