// Asks with the sockets of the operating system: listen, then speak HTTP, then TLS. Three connections at most a port.
import { connect } from 'node:net';
import type { ServiceEvidence } from '../../model/exposure.ts';
import { type ServiceProber, spokenText } from '../service-prober.ts';
import { askTls } from './ask-tls.ts';
import { parseHttpAnswer } from './http-answer.ts';

const listenMs = 700;
const answerMs = 2500;
const maxAnswer = 8192;
/** Ports where TLS is the first thing that is spoken: asked first, so that their logs show no broken handshake. */
const tlsFirst = new Set([443, 465, 636, 993, 995, 2376, 6443, 8443, 10250]);

/** First bytes of a TLS alert record. RFC 8446 §5.1. */
const tlsAlert = '\u0015\u0003';

interface Heard {
  /** Before we said anything, and after. */
  readonly banner: string;
  readonly answer: string;
}

/** The adapter. Every question names its sender. */
export class SocketProber implements ServiceProber {
  readonly #userAgent: string;

  /** @param version of this program, for the name that it gives */
  constructor(version: string) {
    this.#userAgent = `vedette-exposure/${version}`;
  }

  async probe(address: string, port: number, signal: AbortSignal): Promise<ServiceEvidence> {
    const host = address.includes(':') ? `[${address}]` : address;
    const question = `GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${this.#userAgent}\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
    if (!tlsFirst.has(port)) {
      const plain = evidenceOf(await hear({ address, port }, question, signal));
      // A server of TLS answers plain HTTP with an alert, with nothing, or with a page that says 400.
      if (plain.banner !== undefined || (plain.http !== undefined && plain.http.status !== 400)) return plain;
      if (signal.aborted) return plain;
      return { ...plain, ...(await this.#overTls(address, port, question)) };
    }
    const secured = await this.#overTls(address, port, question);
    return secured.tls !== undefined || signal.aborted ? secured : evidenceOf(await hear({ address, port }, question, signal));
  }

  async #overTls(address: string, port: number, question: string): Promise<ServiceEvidence> {
    const heard = await askTls({ address, port }, { question, timeoutMs: answerMs });
    if (heard === undefined) return {};
    const http = parseHttpAnswer(heard.answer);
    return { tls: heard.tls, ...(http !== undefined && { http }) };
  }
}

function evidenceOf({ banner, answer }: Heard): ServiceEvidence {
  const http = parseHttpAnswer(answer);
  if (http !== undefined) return { http };
  const said = spokenText(banner === '' ? answer : banner);
  if (said === '' || answer.startsWith(tlsAlert)) return {};
  return { banner: said, ...(said.startsWith('SSH-') && { ssh: spokenText(banner.split('\n')[0] ?? '') }) };
}

/** Listens for a while; asks when nothing came. */
function hear(target: { readonly address: string; readonly port: number }, question: string, signal: AbortSignal): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port });
    let [banner, answer] = ['', ''];
    let hasAsked = false;
    const end = (): void => {
      clearTimeout(patience);
      clearTimeout(limit);
      signal.removeEventListener('abort', end);
      socket.destroy();
      resolve({ banner, answer });
    };
    const patience = setTimeout(() => {
      hasAsked = true;
      socket.write(question);
    }, listenMs);
    const limit = setTimeout(end, listenMs + answerMs);
    signal.addEventListener('abort', end, { once: true });
    socket.on('data', (bytes: Buffer) => {
      if (hasAsked) answer += bytes.toString('utf8');
      else banner += bytes.toString('utf8');
      if (!hasAsked || answer.length > maxAnswer) end();
    });
    socket.once('end', end);
    socket.once('error', end);
  });
}
