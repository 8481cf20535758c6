// Mail of a scan in a real SMTP server on loopback, and what happens without one. Scans services of this test on loopback.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../support/repository.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const main = join(repository, 'src/main.ts');

interface Received {
  readonly to: readonly string[];
  readonly body: string;
}

/** Headers unfolded, quoted-printable and base64 of the parts undone as far as the assertions need. */
function partsOf(body: string): { readonly headers: string; readonly text: string }[] {
  const boundaries = [...body.matchAll(/boundary="([^"]+)"/g)].map(([, boundary]) => boundary ?? '');
  return body.split(new RegExp(`^--(?:${boundaries.join('|')})(?:--)?\\r?$`, 'm')).map((part) => {
    const cut = part.indexOf('\r\n\r\n');
    const headers = part
      .slice(0, cut)
      .replace(/\r\n[ \t]+/g, ' ')
      .trim();
    const raw = part.slice(cut + 4);
    const isBase64 = /transfer-encoding: base64/i.test(headers);
    const plain = raw.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return { headers, text: isBase64 ? Buffer.from(raw, 'base64').toString('utf8') : plain };
  });
}

describe('mail of a scan', () => {
  const folder = temporaryFolder();
  const received: Received[] = [];
  const services: Server[] = [];
  const ports: number[] = [];
  let smtp: SMTPServer;
  let smtpPort = 0;

  const startSmtp = (port: number): Promise<number> => {
    smtp = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
      onData(stream, session, done) {
        let body = '';
        stream.on('data', (bytes: Buffer) => (body += bytes.toString('utf8')));
        stream.on('end', () => {
          received.push({ to: session.envelope.rcptTo.map(({ address }) => address), body });
          done();
        });
      },
    });
    return new Promise((resolve) => smtp.listen(port, '127.0.0.1', () => resolve((smtp.server.address() as { port: number }).port)));
  };
  const stopSmtp = (): Promise<void> => new Promise((resolve) => smtp.close(() => resolve()));

  const listen = (address: string, port: number): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 lab\r\n');
    });
    services.push(server);
    return new Promise((resolve) => server.listen(port, address, () => resolve((server.address() as { port: number }).port)));
  };

  /** The server of the mails is in this process: the program must run beside it. */
  function vedette(
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const child = spawn(process.execPath, [main, 'exposure', ...args, '--state', join(folder, 'state')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  }
  const night = (...args: readonly string[]): ReturnType<typeof vedette> =>
    vedette(
      ...['scan', '127.0.0.11', '127.0.0.12', '127.0.0.13', '--engine', 'connect', '--tcp', ports.join(',')],
      ...['--inventory', join(folder, 'inventory.yaml'), '--config', join(folder, 'vedette.yaml'), '--policy', join(folder, 'policy.yaml')],
      ...['--mail', 'admins', ...args],
    );

  beforeAll(async () => {
    smtpPort = await startSmtp(0);
    ports.push(await listen('127.0.0.11', 0));
    ports.push(await listen('127.0.0.12', 0));
    await listen('127.0.0.13', ports[0] ?? 0);
    writeFileSync(
      join(folder, 'vedette.yaml'),
      `notify: {admins: {type: smtp, host: 127.0.0.1, port: ${smtpPort}, security: none, from: vedette@cloud.example, to: [ops@cloud.example], timeoutSeconds: 5}}\n`,
    );
    writeFileSync(join(folder, 'policy.yaml'), 'contacts: {acme: [alice@acme.example]}\n');
    writeFileSync(
      join(folder, 'inventory.yaml'),
      `projects: [acme, {name: globex, id: p-globex}]
networks: [{name: net-a, project: acme}, {name: net-g, project: globex}]
machines:
  - {name: shop-1, project: acme, ports: [{network: net-a, addresses: [10.0.0.5], floating: 127.0.0.11}]}
  - {name: secret-of-globex, project: globex, ports: [{network: net-g, addresses: [10.0.0.6], floating: 127.0.0.12}]}
`,
    );
  });
  afterAll(async () => {
    for (const server of services) server.close();
    await stopSmtp();
  });

  it('has text, HTML and attachments for administrators, and for a project only what is its own', async () => {
    const { code, stderr, stdout } = await night('--mail-projects');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 mails sent');
    expect(received.map(({ to }) => to)).toEqual([['ops@cloud.example'], ['alice@acme.example']]);
    const [digest, own] = received.map(({ body }) => partsOf(body));
    const part = (parts: typeof digest, type: string): string => parts?.find(({ headers }) => headers.includes(type))?.text ?? '';
    const lines = part(digest, 'text/plain').trim().split('\r\n');
    expect(lines).toEqual([
      expect.stringMatching(/^new +high +127\.0\.0\.13:\d+\/tcp .*UNOWNED/),
      expect.stringMatching(/^new +low +127\.0\.0\.11:\d+\/tcp .*machine shop-1, project acme/),
      expect.stringMatching(/^new +low +127\.0\.0\.12:\d+\/tcp .*machine secret-of-globex, project globex/),
    ]);
    expect(part(digest, 'text/html')).toContain('<table>');
    expect(received[0]?.body).toMatch(/^Subject: \[vedette\] exposure \d{4}-\d\d-\d\d: 3 new, 3 open/m);
    expect(JSON.parse(part(digest, 'application/json'))).toMatchObject({ schema: 1, kind: 'exposure-report' });
    expect(digest?.some(({ headers }) => /attachment; filename=exposure-\S+\.html/.test(headers))).toBe(true);
    const all = (own ?? []).map(({ text }) => text).join('\n');
    expect(all).toContain('shop-1');
    expect(all).not.toMatch(/globex|127\.0\.0\.12|127\.0\.0\.13/);
  });

  it('is not sent when nothing changed, unless asked for', async () => {
    const before = received.length;
    expect((await night()).code).toBe(0);
    expect(received).toHaveLength(before);
    expect((await night('--mail-always')).code).toBe(0);
    expect(received).toHaveLength(before + 1);
  });

  it('waits when the server is down: the report is kept, the error is one line, and it goes out later', async () => {
    await stopSmtp();
    const before = received.length;
    await listen('127.0.0.11', ports[1] ?? 0);
    const { code, stdout, stderr } = await night('--json');
    expect(code).toBe(4);
    expect(stderr).toMatch(
      new RegExp(
        `^vedette: 127\\.0\\.0\\.1:${smtpPort}: the mail could not be sent \\([^)]+\\); report \\S+ is kept, and vedette exposure mail tries again\\n$`,
      ),
    );
    const { id } = JSON.parse(stdout) as { id: string };
    const [day = '', time = ''] = id.split('T');
    expect(existsSync(join(folder, 'state/exposure', day, time, 'report.json'))).toBe(true);
    expect(await vedette('mail', '--config', join(folder, 'vedette.yaml'))).toMatchObject({ code: 4, stdout: '' });
    await startSmtp(smtpPort);
    expect(await vedette('mail', '--config', join(folder, 'vedette.yaml'))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^sent: \[vedette\]/),
    });
    expect(received).toHaveLength(before + 1);
    expect(await vedette('mail', '--config', join(folder, 'vedette.yaml'))).toMatchObject({ code: 0, stdout: 'nothing waits\n' });
  });
});

describe('bad input of exposure commands', () => {
  const state = temporaryFolder();
  it.each<[string, readonly string[], number, RegExp]>([
    ['no targets and no inventory', ['scan'], 2, /nothing to scan/],
    ['a target that is an option of nmap', ['scan', '--', '-iL'], 2, /no address or range/],
    ['a name', ['scan', 'example.org'], 2, /names are not looked up/],
    ['ports that are none', ['scan', '127.0.0.1', '--tcp', '99999'], 2, /no port or range/],
    ['a channel that is none', ['scan', '127.0.0.1', '--tcp', '1', '--mail', 'nobody'], 2, /not a channel/],
    ['a policy that is none', ['scan', '127.0.0.1', '--policy', 'none.yaml'], 2, /no such file/],
    ['a missing inventory', ['scan', '127.0.0.1', '--inventory', 'none.yaml'], 2, /no such file/],
    ['missing records', ['scan', '127.0.0.1', '--engine', 'connect', '--tcp', '1', '--observed', 'none.pcap'], 2, /no such file/],
    ['a window that is none', ['scan', '127.0.0.1', '--window', 'night'], 2, /no time window/],
    ['a rate of nothing', ['scan', '127.0.0.1', '--rate', '0'], 2, /whole number/],
    ['nothing to go on with', ['scan', '--resume'], 2, /unfinished/],
    ['no report', ['report'], 2, /holds no exposure report/],
    ['a run that is none', ['report', '../../etc'], 2, /holds no exposure report/],
    [
      'a port that nobody saw',
      ['accept', '127.0.0.1:1', '--reason', 'x', '--expires', '30d'],
      2,
      /holds no exposure report|no report shows/,
    ],
    ['no reason', ['accept', '127.0.0.1:1', '--expires', '30d'], 2, /say why/],
    ['a date that is none', ['accept', '127.0.0.1:1', '--reason', 'x', '--expires', '2027-02-30'], 2, /no date/],
  ])('%s gives one line', async (_, args, code, sentence) => {
    const child = spawn(process.execPath, [
      main,
      'exposure',
      ...(args[1] === '--' ? ['scan', '--state', state, ...args.slice(1)] : [...args, '--state', state]),
    ]);
    let stderr = '';
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toMatch(/^vedette: [^\n]+\n$/);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(code);
  });
});
