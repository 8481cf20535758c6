import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { client, hex, type Part, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { dtls } from './dtls.ts';

const digits = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');

/** One record of epoch 0. RFC 6347 §4.1. */
const record = (type: number, sequence: number, body: string, epoch = 0): string =>
  hex(`${digits(type, 1)}fefd${digits(epoch, 2)}${digits(sequence, 6)}${digits(body.length / 2, 2)}${body}`);

/** A handshake message or a fragment of one. RFC 6347 §4.2.2. */
const message = (type: number, messageSequence: number, body: string, from = 0, to = body.length / 2): string =>
  digits(type, 1) +
  digits(body.length / 2, 3) +
  digits(messageSequence, 2) +
  digits(from, 3) +
  digits(to - from, 3) +
  body.slice(2 * from, 2 * to);

/** ClientHello with an empty session id and cookie, and one extension: server_name. */
const helloBody = `fefd${'11'.repeat(32)}00000002c02b0100000e0000000a0008000005612e6f7267`;
const serverBody = `fefd${'22'.repeat(32)}00c02b000000`;
const hello = record(22, 0, message(1, 0, helloBody));
const answer = record(22, 0, message(2, 0, serverBody));
const changeCipher = (sequence: number): string => record(20, sequence, '01');
const encrypted = record(22, 0, '99'.repeat(40), 1);

const run = (parts: readonly Part[]) => runSession(dtls, parts, { transport: 'udp' });
const row = (parts: readonly Part[]) => run(parts).rows.map((one) => one.row);

describe('dtls', () => {
  it('reads hellos and takes encrypted records behind two ChangeCipherSpecs for an established connection', () => {
    const parts = [client(hello), server(answer + changeCipher(1)), client(changeCipher(1) + encrypted)];
    expect(row(parts)).toMatchObject([
      {
        version: 'DTLSv12',
        cipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
        server_name: 'a.org',
        established: true,
        ssl_history: 'CsiI',
      },
    ]);
    expect(run(parts).services).toEqual(['dtls']);
  });

  it('puts fragments together in any order, duplicates among them', () => {
    const length = helloBody.length / 2;
    const fragments = [message(1, 0, helloBody, 0, 20), message(1, 0, helloBody, 20, 50), message(1, 0, helloBody, 50, length)];
    const records = fragments.map((fragment, i) => client(record(22, 4 + i, fragment)));
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (order) => {
        const parts = order.flatMap((i) => [records[i] ?? client(''), records[i] ?? client('')]);
        expect(row(parts.slice(0, -1))).toMatchObject([{ server_name: 'a.org', ssl_history: 'C' }]);
      }),
    );
  });

  it('swaps the roles where the hello comes against the direction of the connection', () => {
    expect(row([server(hello), client(answer)])).toMatchObject([{ version: 'DTLSv12', ssl_history: '^Cs' }]);
  });

  it('leaves STUN alone', () => {
    const stun = hex(`000100002112a442${'00'.repeat(12)}8022000474657374`);
    expect(row([client(stun), client(hello)])).toMatchObject([{ ssl_history: 'C' }]);
  });

  it('gives up on other traffic after a few datagrams, without a word', () => {
    const flow = run(new Array<Part>(20).fill(client('something else entirely')));
    expect([flow.rejected, flow.rows]).toEqual(['not DTLS', []]);
  });

  it('survives every truncation and random datagrams', () => {
    for (let end = 0; end < hello.length; end++) run([client(hello.slice(0, end))]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 60 })), { maxLength: 6 }), (list) => {
        run(
          list.map(([fromClient, bytes]) => [
            fromClient,
            `\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00${String.fromCharCode(bytes.length, ...bytes)}`,
          ]),
        );
      }),
    );
  });

  it('is known by its first hello', () => {
    expect(probe(dtls, client(hello))).toBe('yes');
    expect(probe(dtls, client(answer))).toBe('no');
  });
});
