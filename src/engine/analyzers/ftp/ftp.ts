// FTP's control connection: recognised by its first command; announces the data connections.
import type { Bytes } from '../../../base/bytes.ts';
import { LineSession } from '../../stream/line-session.ts';
import { lineProbe, probeLines } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';
import { type DataEndpoint, extendedEndpoint, sixNumberEndpoint } from './ftp-addresses.ts';

const oneHour = 3600e6;
const fiveMinutes = 300e6;
/** Zeek's bound for a command word. */
const longestCommand = 100;
/** How a TLS handshake record begins in base64. */
const tlsRecord = 'FgM';
/** A word of at least three printable characters (PWD, MKD), then its argument. */
const commandLine = /^\s*([!-~]{3,})(?:\s+(.*))?$/s;

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
    // Zero bytes are padding of the terminal protocol below. RFC 854.
    const text = bytes.latin1(start, end).replaceAll('\0', '');
    if (fromClient) this.#command(text);
    else this.#reply(text);
  }

  #command(text: string): void {
    const parts = commandLine.exec(text);
    const word = parts?.[1] ?? '';
    if (word === '') {
      if (this.#confirmed) this.flow.weird('FTP_invalid_command');
      return;
    }
    if (word.length > longestCommand) {
      this.#tooLong(word.length);
      return;
    }
    this.#confirm();
    this.#act(word.toUpperCase(), parts?.[2] ?? '');
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

  #act(command: string, argument: string): void {
    if (command === 'AUTH') this.#authMechanism = argument;
    else if (command === 'PORT') this.#announce(sixNumberEndpoint(argument), false);
    else if (command === 'EPRT') this.#announce(extendedEndpoint(argument), false);
    else if (command === 'ADAT') this.#sentTls ||= argument.startsWith(tlsRecord);
    else if (command === 'PASV' || command === 'EPSV') this.#awaitsPassive = true;
  }

  #reply(text: string): void {
    const code = /^\d{3}/.test(text) ? Number(text.slice(0, 3)) : 0;
    const separator = text[3] ?? ' ';
    if (this.#openReply !== 0) {
      if (code !== this.#openReply || separator !== ' ') return;
      this.#openReply = 0;
    } else if (code < 100) {
      this.refuse(code === 0 ? 'non-numeric reply code' : 'invalid reply code');
      return;
    } else if (separator === '-') {
      this.#openReply = code;
      return;
    } else if (separator !== ' ') {
      this.refuse('invalid reply line');
      return;
    }
    this.#answer(code, text.slice(4));
  }

  #answer(code: number, text: string): void {
    if (code === 234 && this.#authMechanism === 'TLS') this.yieldTo('ssl');
    if (this.#sentTls && this.#authMechanism === 'GSSAPI') this.#exchange(code, text);
    if (!this.#awaitsPassive || (code !== 227 && code !== 229)) return;
    this.#awaitsPassive = false;
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
