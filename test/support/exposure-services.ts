// Services of the exposure lab, in one process of a namespace: `KIND@ADDRESS:PORT` for each; says `ready` when all listen.
// Kinds: ssh, redis (banners), http, https (with the certificate that the arguments name), silent, udp (answers anything).
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server } from 'node:net';

const page: RequestListener = (_, response) => {
  response.writeHead(200, { server: 'lab-httpd/1.0', 'content-type': 'text/html' }).end('<title>Shop of <b>acme</title>');
};

const says = (text: string): Server =>
  createServer((socket) => {
    socket.on('error', () => {});
    socket.write(text);
  });

const [key, certificate, ...services] = process.argv.slice(2);

function listen(kind: string, address: string, port: number): Promise<void> {
  if (kind === 'udp') {
    const socket = createSocket('udp4');
    socket.on('message', (message, { address: to, port: toPort }) => socket.send(message, toPort, to));
    return new Promise((resolve) => socket.bind(port, address, resolve));
  }
  const servers: Readonly<Record<string, () => Server>> = {
    ssh: () => says('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'),
    redis: () => says('-DENIED Redis is running in protected mode\r\n'),
    silent: () => createServer((socket) => socket.on('error', () => {})),
    http: () => createHttp(page),
    https: () => createHttps({ key: readFileSync(key ?? ''), cert: readFileSync(certificate ?? '') }, page),
  };
  return new Promise((resolve, reject) => {
    const server = servers[kind]?.();
    if (server === undefined) throw new Error(`no service ${kind}`);
    server.once('error', reject).listen(port, address, resolve);
  });
}

await Promise.all(
  services.map((service) => {
    const [kind = '', end = ''] = service.split('@');
    const cut = end.lastIndexOf(':');
    return listen(kind, end.slice(0, cut), Number(end.slice(cut + 1)));
  }),
);
process.stdout.write('ready\n');
