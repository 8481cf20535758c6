import { execFileSync } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nasty, nastyNotification } from '../../test/build/notification.ts';
import { describeNeeding } from '../../test/support/machine.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { slackNotifier } from './slack/slack.ts';
import { type SmtpOptions, smtpNotifier } from './smtp/smtp.ts';
import { cutBytes } from './syslog/rfc5424.ts';
import { type SyslogOptions, syslogNotifier } from './syslog/syslog.ts';
import { webhookNotifier } from './webhook/webhook.ts';

removeTemporaryFolders();

const secret = async (): Promise<string> => 'hunter2';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const control = /[\u0000-\u0008\u000b-\u001f\u007f\u202e]/;

describe('an HTTP channel', () => {
  let server: Server;
  let url = '';
  let answers: { status: number; headers?: Record<string, string> }[] = [];
  let got: { headers: IncomingMessage['headers']; body: string }[] = [];
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => void waits.push(ms);
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString('utf8')));
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        const { status, headers = {} } = answers.shift() ?? { status: 200 };
        if (status !== 0) response.writeHead(status, headers).end('ok');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-token?key=hunter2`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  afterEach(() => {
    [answers, got, waits.length] = [[], [], 0];
  });
  const hook = (options = {}): ReturnType<typeof webhookNotifier> =>
    webhookNotifier({ channel: 'hook', url: async () => url, secret, ...options }, () => new Date('2026-11-29T10:00:00Z'), wait);

  it('gets the notification in JSON, signed over its time and its very bytes', async () => {
    await hook().send(nastyNotification);
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    const expected = createHmac('sha256', 'hunter2').update(`1795946400.${body}`).digest('hex');
    expect(headers).toMatchObject({
      'vedette-timestamp': '1795946400',
      'vedette-signature': `v1=${expected}`,
      'vedette-id': nastyNotification.id,
    });
    expect(JSON.parse(body)).toEqual({ schema: 1, event: 'case', ...nastyNotification });
  });

  it('is asked again, with growing pauses, where that can help, under the same id', async () => {
    answers = [{ status: 503 }, { status: 429, headers: { 'retry-after': '7' } }, { status: 200 }];
    await hook().send(nastyNotification);
    expect(waits).toEqual([500, 7000]);
    expect(new Set(got.map(({ headers }) => headers['vedette-id'])).size).toBe(1);
  });

  it('that refuses is not asked again, and is told of without secrets', async () => {
    for (const status of [400, 302]) {
      answers = [{ status, headers: { location: 'http://127.0.0.1:1/' } }];
      const sent = hook().send(nastyNotification);
      await expect(sent).rejects.toMatchObject({
        code: 'notify-failed',
        message: expect.stringContaining(`hook: not delivered (HTTP ${status})`),
      });
      await sent.catch((error: Error) =>
        expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/hunter2|secret-token/),
      );
    }
    expect(got).toHaveLength(2);
  });

  it('that does not answer fails in time', async () => {
    answers = [{ status: 0 }];
    await expect(hook({ timeoutMs: 100, attempts: 1 }).send(nastyNotification)).rejects.toMatchObject({
      details: { reason: 'no answer within 0.1 s' },
    });
    const gone = webhookNotifier({ channel: 'hook', url: async () => 'http://127.0.0.1:1/hunter2', attempts: 2 }, () => new Date(), wait);
    await expect(gone.send(nastyNotification)).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
  });

  it('to Slack shows text as text: no mention, no link, no control characters', async () => {
    await slackNotifier({ channel: 'chat', url: async () => url }, wait).send(nastyNotification);
    const message = JSON.parse(got[0]?.body ?? '') as { text: string; blocks: { text: { type: string; text: string } }[] };
    expect(message.text).not.toMatch(/[<>]/);
    expect(message.blocks.map(({ text }) => text.type)).toEqual(['plain_text', 'plain_text']);
    for (const { text } of message.blocks) expect(text.text.replaceAll('\n', '')).not.toMatch(control);
    expect(message.blocks[1]?.text.text).toContain('HIGH 10.0.1.12 Reverse shell');
  });
});

describe('syslog', () => {
  const sender = { version: '0.1.0', hostname: 'net 1' };
  const options = (port: number, rest: Partial<SyslogOptions> = {}): SyslogOptions => ({
    ...{ channel: 'siem', host: '127.0.0.1', port, transport: 'udp', format: 'rfc5424', facility: 'local0', timeoutMs: 2000, ...rest },
  });
  /** Messages that one sending puts into a UDP socket. */
  async function datagrams(rest: Partial<SyslogOptions>, count: number): Promise<string[]> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const all = new Promise<string[]>((resolve) => {
      const messages: string[] = [];
      socket.on('message', (message) => messages.push(message.toString('utf8')) === count && resolve(messages));
    });
    await syslogNotifier(options(socket.address().port, rest), sender).send(nastyNotification);
    const messages = await all;
    socket.close();
    return messages;
  }

  it('gets one message of RFC 5424 for a case, with what is known as structured data', async () => {
    const [message = ''] = await datagrams({}, 1);
    const shape =
      /^<130>1 2026-11-29T10:00:00\.000Z net_1 vedette - case \[vedette@32473((?: \w+="(?:[^"\\\]]|\\["\\\]])*")+)\] \ufeff(.*)$/u;
    expect(message).toMatch(shape);
    expect(message).toContain(' case="case-2026-001" severity="critical"');
    expect(message).not.toMatch(control);
  });

  it('gets one CEF event for each finding, with a signature id that stays', async () => {
    const [one = '', two = ''] = await datagrams({ format: 'cef' }, 2);
    expect(one).toMatch(
      /^<131>1 \S+ net_1 vedette - finding - CEF:0\|Vedette\|vedette\|0\.1\.0\|D31\|Reverse shell .*\|8\|externalId=D31-1 src=10\.0\.1\.12 /,
    );
    // The header ends at the seventh bar that is not escaped; in the extension every equals sign of a value is.
    expect(one.split(/(?<!\\)\|/)).toHaveLength(8 + (one.split(' msg=')[1]?.split('|').length ?? 1) - 1);
    expect(one.split(' msg=')[1]).toContain('\\=');
    expect(two).toContain('|D02|Port scan|5|externalId=D02-1 shost=web-1');
  });

  it('goes over TCP with the number of its bytes before it', async () => {
    const got: Buffer[] = [];
    const server = createTcpServer((socket) => socket.on('data', (part: Buffer) => got.push(part)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await syslogNotifier(options((server.address() as AddressInfo).port, { transport: 'tcp' }), sender).send(nastyNotification);
    server.close();
    const bytes = Buffer.concat(got);
    const space = bytes.indexOf(' ');
    expect(Number(bytes.subarray(0, space).toString())).toBe(bytes.length - space - 1);
  });

  it('that nobody takes is an error', async () => {
    await expect(syslogNotifier(options(1, { transport: 'tcp' }), sender).send(nastyNotification)).rejects.toMatchObject({
      code: 'notify-failed',
      details: { reason: 'ECONNREFUSED' },
    });
  });

  it('is cut between characters', () => {
    expect(cutBytes('aæøå', 4).toString('utf8')).toBe('aæ');
    expect(cutBytes('aæ', 3).toString('utf8')).toBe('aæ');
  });
});

describeNeeding('over TLS', { tools: ['openssl'] }, () => {
  let folder = '';
  const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');
  beforeAll(() => {
    folder = temporaryFolder();
    for (const name of ['good', 'other']) {
      const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
      execFileSync('openssl', ['req', '-x509', ...key, '-out', `${name}.pem`, ...names, '-days', '2'], { cwd: folder, stdio: 'ignore' });
    }
  });

  it('syslog is delivered to whom the certificate names, and to nobody else', async () => {
    const got: string[] = [];
    const server = createTlsServer({ key: pem('good.key'), cert: pem('good.pem') }, (socket) => {
      socket.on('data', (part: Buffer) => got.push(part.toString('utf8')));
      socket.on('error', () => {});
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const { port } = server.address() as AddressInfo;
    const to = (ca: string): Promise<void> =>
      syslogNotifier(
        { channel: 'siem', host: 'localhost', port, transport: 'tls', format: 'rfc5424', facility: 'local0', ca, timeoutMs: 2000 },
        { version: '0', hostname: 'h' },
      ).send(nastyNotification);
    await to(pem('good.pem'));
    await expect(to(pem('other.pem'))).rejects.toMatchObject({ code: 'notify-failed' });
    server.close();
    expect(got.join('')).toContain('case="case-2026-001"');
  });

  describe('e-mail', () => {
    let server: SMTPServer;
    let mails: { from: string; to: string[]; text: string; user?: string; secure: boolean }[] = [];
    let port = 0;
    beforeAll(async () => {
      server = new SMTPServer({
        ...{ key: pem('good.key'), cert: pem('good.pem'), authOptional: true, disableReverseLookup: true, logger: false },
        onAuth: ({ username, password }, _, done) =>
          password === 'hunter2' ? done(null, { user: username ?? '' }) : done(new Error('Invalid hunter3')),
        onRcptTo: ({ address }, _, done) => (address.startsWith('nobody') ? done(new Error('no such user')) : done()),
        onData(stream, session, done) {
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('end', () => {
            const { mailFrom, rcptTo } = session.envelope;
            mails.push({
              ...{ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) },
              ...{ text: Buffer.concat(parts).toString('latin1'), secure: session.secure },
              ...(session.user !== undefined && { user: String(session.user) }),
            });
            done();
          });
        },
      });
      server.on('error', () => {});
      await new Promise<void>((resolve) => void server.listen(0, 'localhost', () => resolve()));
      ({ port } = server.server.address() as AddressInfo);
    });
    afterAll(() => void server.close(() => {}));
    afterEach(() => {
      mails = [];
    });
    const mailer = (rest: Partial<SmtpOptions> = {}): ReturnType<typeof smtpNotifier> =>
      smtpNotifier(
        {
          ...{ channel: 'team', host: 'localhost', port, security: 'starttls', from: 'vedette@example.org', to: ['soc@example.org'] },
          ...{ user: 'vedette', password: secret, ca: pem('good.pem'), timeoutMs: 3000, ...rest },
        },
        'net-1',
      );

    it('arrives once at those who are named, over TLS, with nothing of the wire in its headers', async () => {
      await mailer().send(nastyNotification);
      expect(mails).toMatchObject([{ from: 'vedette@example.org', to: ['soc@example.org'], secure: true, user: 'vedette' }]);
      const [head = '', ...body] = (mails[0]?.text ?? '').split('\r\n\r\n');
      expect(head).not.toMatch(/^(?:bcc|cc):/im);
      expect(head).toMatch(new RegExp(`^Message-ID: <${nastyNotification.id}@vedette.invalid>$`, 'm'));
      expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
      const text = body.join('\r\n\r\n');
      expect(text.split('text/html')[1]).not.toContain('<img');
      expect(text.replace(/[\r\n\t]/g, '')).not.toMatch(control);
    });

    it('is not sent to a server with another certificate, nor in the clear', async () => {
      await expect(mailer({ ca: pem('other.pem') }).send(nastyNotification)).rejects.toMatchObject({ code: 'notify-failed' });
      const plain = new SMTPServer({ hideSTARTTLS: true, authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true });
      await new Promise<void>((resolve) => void plain.listen(0, 'localhost', () => resolve()));
      const { port: open } = plain.server.address() as AddressInfo;
      await expect(mailer({ port: open }).send(nastyNotification)).rejects.toMatchObject({ code: 'notify-failed' });
      plain.close(() => {});
      expect(mails).toEqual([]);
    });

    it('that is refused says why, without the password and without what the server said of it', async () => {
      for (const [rest, reason] of [
        [{ password: async () => 'hunter3' }, /EAUTH/],
        [{ to: ['nobody@example.org'] }, /EENVELOPE/],
        [{ port: 1 }, /ECONNREFUSED|ESOCKET/],
      ] as const) {
        const sent = mailer(rest).send(nastyNotification);
        await expect(sent).rejects.toMatchObject({ code: 'notify-failed', details: { reason: expect.stringMatching(reason) } });
        await sent.catch((error: Error) => expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain('hunter'));
      }
    });
  });
});

it('uses text that needs neutralising', () => {
  expect(nasty).toMatch(control);
  expect(randomUUID()).not.toBe(nastyNotification.id);
});
