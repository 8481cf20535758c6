// An HTTP server on loopback for tests of clients; it goes away with the test file.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What a request said, and how to answer it. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Answers with JSON (objects) or text. */
  answer(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): void;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const closers: (() => void)[] = [];
let registered = false;

/** Makes `afterAll` close every server of this file. */
export function closeServersAfterwards(): void {
  if (registered) return;
  registered = true;
  afterAll(() => {
    registered = false;
    for (const close of closers.splice(0)) close();
  });
}

/** Turns a handler of exchanges into a listener of Node. */
export function listenerOf(handle: (exchange: Exchange) => void, origin: () => string): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () =>
      handle({
        method: request.method ?? '',
        url: new URL(request.url ?? '/', origin()),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        answer: (status, body, headers = {}) => {
          const isText = typeof body === 'string';
          response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
          response.end(body === undefined ? '' : isText ? body : JSON.stringify(body));
        },
        request,
        response,
      }),
    );
  };
}

/** Starts a server; resolves to its origin, `http://127.0.0.1:PORT`. */
export async function localServer(handle: (exchange: Exchange) => void): Promise<string> {
  let origin = '';
  const server = createServer(listenerOf(handle, () => origin));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return origin;
}
