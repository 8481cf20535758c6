import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { client, hex, type Part, probe, runSession, server } from '../../../../test/build/run-session.ts';
import type { Analyzer } from '../analyzer.ts';
import { ssl } from './ssl.ts';

/** The two records that open RFC 8448 §3 (simple 1-RTT handshake), cut after the ServerHello. */
const clientHello = hex(`16030100c4010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302
  010000910000000b0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381d
  e560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e040305030603020308040805080604010501060102010402
  050206020202002d00020101001c00024001`);
const serverHello = hex(`160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e0033002400
  1d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304`);
const applicationData = (length: number): string => hex(`170303${length.toString(16).padStart(4, '0')}`) + '\x99'.repeat(length);

const recorded = (name: string): Part[] =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [string, string])
    .map(([side, digits]) => (side === 'client' ? client(hex(digits)) : server(hex(digits))));

/** The analyzer as a new engine has it: nothing remembered. */
const fresh = (): Analyzer => ssl.instance?.({ emit: () => {}, wake: () => {} }) ?? ssl;
const run = (parts: readonly Part[]) => runSession(fresh(), parts, { serverPort: 443 });
const rowsOf = (parts: readonly Part[], name: string) =>
  run(parts)
    .rows.filter((one) => one.name === name)
    .map((one) => one.row);

describe('ssl', () => {
  it('reads the hellos of RFC 8448 and takes application data of both sides for an established connection', () => {
    const parts = [client(clientHello), server(serverHello), server(applicationData(40)), client(applicationData(30))];
    expect(rowsOf(parts, 'ssl')).toMatchObject([
      {
        ts: 1000,
        version: 'TLSv13',
        cipher: 'TLS_AES_128_GCM_SHA256',
        curve: 'x25519',
        server_name: 'server',
        resumed: false,
        established: true,
        ssl_history: 'Cs',
      },
    ]);
  });

  it('asks for no more bytes once both sides encrypt', () => {
    const flow = run([client(clientHello), server(serverHello), server(applicationData(40)), client(applicationData(30))]);
    expect([flow.finished, flow.services]).toEqual([true, ['ssl']]);
  });

  it('reads a TLS 1.2 handshake with certificates of both sides', () => {
    const rows = rowsOf(recorded('tls12-client-certificate.ndjson'), 'ssl');
    expect(rows).toMatchObject([
      {
        version: 'TLSv12',
        server_name: 'www.example.com',
        next_protocol: 'h2',
        established: true,
        sni_matches_cert: true,
        subject: 'CN=www.example.com,O=Fjord\\\\, Fjell & S\\\\C3\\\\B8nn \\\\\\\\ Co,C=NO',
      },
    ]);
    expect(rows[0]?.['ssl_history']).toMatch(/^CsxkrnXGY?It?i$|^CsxkrnXGYIti$/);
    const certificates = rowsOf(recorded('tls12-client-certificate.ndjson'), 'x509');
    expect(certificates).toMatchObject([
      { 'certificate.key_type': 'rsa', host_cert: true, client_cert: false },
      { 'certificate.curve': 'secp384r1', host_cert: true, client_cert: true },
    ]);
    expect(rows[0]).toMatchObject({
      cert_chain_fps: [certificates[0]?.['fingerprint']],
      client_cert_chain_fps: [certificates[1]?.['fingerprint']],
    });
  });

  it('reads a TLS 1.3 handshake', () => {
    expect(rowsOf(recorded('tls13.ndjson'), 'ssl')).toMatchObject([
      { version: 'TLSv13', established: true, server_name: 'www.example.com' },
    ]);
  });

  it('logs a certificate once a day and role', () => {
    const analyzer = fresh();
    const parts = recorded('tls12-client-certificate.ndjson');
    const count = (): number => runSession(analyzer, parts).rows.filter(({ name }) => name === 'x509').length;
    expect([count(), count()]).toEqual([2, 0]);
  });

  it('gives the same rows however the bytes are cut', () => {
    const parts = recorded('tls12-client-certificate.ndjson');
    const whole = rowsOf(parts, 'ssl').map(({ ts: _, ...row }) => row);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (size) => {
        const cut = parts.flatMap(([fromClient, text]): Part[] =>
          (text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []).map((piece) => [fromClient, piece]),
        );
        expect(rowsOf(cut, 'ssl').map(({ ts: _, ...row }) => row)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('logs what it knows of a connection that ends anywhere', () => {
    const text = clientHello + clientHello;
    for (let end = 0; end <= text.length; end++) {
      const rows = rowsOf([client(text.slice(0, end))], 'ssl');
      expect(rows.length).toBe(end < clientHello.length ? 0 : 1);
    }
  });

  it('keeps the last alert, and takes a session id that is repeated for a resumption', () => {
    const withId = (type: string, random: string, rest: string): string => {
      const body = `0303${random.repeat(32)}04aabbccdd${rest}`;
      const length = (body.length / 2).toString(16).padStart(6, '0');
      const record = (body.length / 2 + 4).toString(16).padStart(4, '0');
      return hex(`160303${record}${type}${length}${body}`);
    };
    const rows = rowsOf(
      [client(withId('01', '11', '0002002f0100')), server(withId('02', '22', '002f00')), server(hex('15030300020228'))],
      'ssl',
    );
    expect(rows).toMatchObject([
      { version: 'TLSv12', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA', resumed: true, last_alert: 'handshake_failure', ssl_history: 'Csl' },
    ]);
  });

  it('gives up on what turns into something else, with the row as it stands', () => {
    const flow = run([client(clientHello), server('HTTP/1.1 400 Bad Request\r\n\r\n')]);
    expect(flow.rejected).toBe('Invalid version late in TLS connection. Packet reported version: 21588');
    expect(flow.services).toEqual([]);
    expect(flow.rows).toMatchObject([{ name: 'ssl', row: { established: false, ssl_history: 'C', server_name: 'server' } }]);
  });

  it('says nothing of a connection on its port that is not TLS', () => {
    const flow = run([client('GET / HTTP/1.1\r\n\r\n')]);
    expect([flow.rows, flow.rejected !== undefined]).toEqual([[], true]);
  });

  it('reads nothing of a connection whose beginning was not seen', () => {
    expect(runSession(ssl, [client(clientHello)], { seenFromStart: false }).rows).toEqual([]);
  });

  it('survives a hello with a hundred thousand extensions', () => {
    const extensions = '\x12\x34\x00\x00'.repeat(100_000);
    const body = `\x03\x03${'r'.repeat(32)}\x00\x00\x02\x00\x2f\x01\x00\xff\xff${extensions}`;
    const message = `\x01${String.fromCharCode(body.length >> 16, (body.length >> 8) & 255, body.length & 255)}${body}`;
    const records = message.match(/[\s\S]{1,16000}/g) ?? [];
    const parts = records.map((text) => client(`\x16\x03\x03${String.fromCharCode(text.length >> 8, text.length & 255)}${text}`));
    expect(rowsOf(parts, 'ssl')).toMatchObject([{ ssl_history: 'C' }]);
  });

  it('survives random bytes behind a record header', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.constantFrom(20, 21, 22, 23, 24), fc.uint8Array({ maxLength: 120 })), { maxLength: 8 }),
        (list) => {
          run(list.map(([fromClient, type, body]) => [fromClient, String.fromCharCode(type, 3, 3, 0, body.length, ...body)]));
        },
      ),
    );
  });

  it('survives any change of a handshake', () => {
    const parts = recorded('tls12-client-certificate.ndjson');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(parts.length - 1), fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const texts = parts.map(([, text]) => text);
        for (const [part, at, value] of changes) {
          const text = texts[part] ?? '';
          const i = at % text.length;
          texts[part] = text.slice(0, i) + String.fromCharCode(value) + text.slice(i + 1);
        }
        run(parts.map(([fromClient], i): Part => [fromClient, texts[i] ?? '']));
      }),
      { numRuns: 200 },
    );
  });
});

describe('probe', () => {
  it('knows hellos by their sender and asks for more on every shorter prefix', () => {
    expect(probe(ssl, client(clientHello))).toBe('yes');
    expect(probe(ssl, server(serverHello))).toBe('yes');
    expect(probe(ssl, server(hex('15030100020170') + serverHello))).toBe('yes');
    expect(probe(ssl, server(clientHello))).toBe('no');
    for (let end = 0; end < 11; end++) expect(probe(ssl, client(clientHello.slice(0, end)))).toBe('more');
    expect(probe(ssl, client('SSH-2.0-x\r\n'))).toBe('no');
  });
});
