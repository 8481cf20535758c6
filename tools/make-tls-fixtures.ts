// Makes the certificates and recorded TLS conversations that tests of src/engine/x509 and src/engine/analyzers/ssl read.
// Needs the openssl program. Keys are thrown away. Run it from the root of the repository; what it makes is committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer as createRelay, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTls, type SecureVersion } from 'node:tls';

const certificates = 'src/engine/x509/fixtures';
const conversations = 'src/engine/analyzers/ssl/fixtures';
const work = mkdtempSync(join(tmpdir(), 'tls-fixtures-'));

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });

interface Wanted {
  readonly name: string;
  readonly key: readonly string[];
  readonly subject: string;
  readonly days: string;
  readonly extensions?: readonly string[];
}

/** What differs between them is what the tests look at: key types, odd names, far dates, alternative names of every kind. */
const wanted: readonly Wanted[] = [
  {
    name: 'rsa-names',
    key: ['-newkey', 'rsa:2048'],
    subject: '/C=NO/O=Fjord, Fjell & Sønn \\\\ Co/CN=www.example.com',
    days: '825',
    extensions: [
      'subjectAltName=DNS:www.example.com,DNS:*.example.org,IP:192.0.2.7,IP:2001:db8::7,URI:https://example.com/,email:ops@example.com',
      'basicConstraints=critical,CA:TRUE,pathlen:3',
    ],
  },
  {
    name: 'ec-384',
    key: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'],
    subject: '/CN=#first last /O=a+OU=b',
    days: '36500',
  },
  { name: 'ed25519', key: ['-newkey', 'ed25519'], subject: '/DC=example/UID=someone/1.2.3.4=odd', days: '10' },
];

function makeCertificate({ name, key, subject, days, extensions = [] }: Wanted): void {
  const added = extensions.flatMap((extension) => ['-addext', extension]);
  openssl(
    ...['req', '-x509', '-nodes', '-utf8', '-subj', subject, '-days', days, ...key, ...added],
    ...['-keyout', join(work, `${name}.key`), '-out', join(work, `${name}.pem`)],
  );
  openssl('x509', '-in', join(work, `${name}.pem`), '-outform', 'DER', '-out', `${certificates}/${name}.der`);
}

const listening = (server: { listen(port: number, host: string, then: () => void): unknown; address(): unknown }): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));

/** One TLS conversation over a relay that writes down what passes. */
async function record(file: string, version: SecureVersion, clientName: string | undefined): Promise<void> {
  const pem = (name: string) => ({ key: readFileSync(join(work, `${name}.key`)), cert: readFileSync(join(work, `${name}.pem`)) });
  const echo = createTls(
    {
      ...pem('rsa-names'),
      maxVersion: version,
      minVersion: version,
      ALPNProtocols: ['h2', 'http/1.1'],
      requestCert: clientName !== undefined,
      rejectUnauthorized: false,
    },
    (socket) => socket.pipe(socket),
  );
  const port = await listening(echo);
  const parts: [string, string][] = [];
  const pass = (side: string, from: Socket, to: Socket): void => {
    from.on('data', (data) => {
      parts.push([side, data.toString('hex')]);
      to.write(data);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  };
  const relay = createRelay((near) => {
    const far = connect(port, '127.0.0.1');
    pass('client', near, far);
    pass('server', far, near);
  });
  const relayPort = await listening(relay);
  await new Promise<void>((resolve, reject) => {
    const socket = connectTls(
      {
        port: relayPort,
        host: '127.0.0.1',
        servername: 'www.example.com',
        rejectUnauthorized: false,
        ALPNProtocols: ['h2'],
        ...(clientName === undefined ? {} : pem(clientName)),
      },
      () => socket.write('hello'),
    );
    socket.on('data', () => socket.end());
    socket.on('close', () => resolve());
    socket.on('error', reject);
  });
  relay.close();
  echo.close();
  writeFileSync(`${conversations}/${file}`, `${parts.map((part) => JSON.stringify(part)).join('\n')}\n`);
}

for (const one of wanted) makeCertificate(one);
await record('tls12-client-certificate.ndjson', 'TLSv1.2', 'ec-384');
await record('tls13.ndjson', 'TLSv1.3', undefined);
rmSync(work, { recursive: true });
