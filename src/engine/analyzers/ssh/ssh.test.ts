import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeFlow } from '../../../../test/build/fake-flow.ts';
import { Bytes, bytesOfLatin1 } from '../../../base/bytes.ts';
import { epochMicros } from '../../../base/units.ts';
import { ssh } from './ssh.ts';

const u32 = (value: number): string => String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const string = (text: string): string => u32(text.length) + text;
/** A packet as sent in the clear. */
const packet = (payload: string): string => `${u32(payload.length + 5)}\x04${payload}\0\0\0\0`;

interface Lists {
  kex?: string;
  hostKey?: string;
  cipher?: string;
  cipherToClient?: string;
  mac?: string;
  compression?: string;
}
const kexInit = ({ kex = 'curve25519-sha256', hostKey = 'ssh-ed25519', cipher = 'aes128-ctr', ...rest }: Lists = {}): string => {
  const { cipherToClient = cipher, mac = 'hmac-sha2-256', compression = 'none' } = rest;
  const lists = [kex, hostKey, cipher, cipherToClient, mac, mac, compression, compression, '', ''];
  return packet(`\x14${'c'.repeat(16)}${lists.map(string).join('')}\0${u32(0)}`);
};
const hostKey = 'the host key';
const reply = packet(`\x1f${string(hostKey)}${string('q')}${string('signature')}`);
const newKeys = packet('\x15');

type Part = [fromClient: boolean, text: string];
const clientBanner = 'SSH-2.0-OpenSSH_9.7\r\n';
const serverBanner = 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n';
const negotiation: Part[] = [
  [true, clientBanner],
  [false, serverBanner],
  [true, kexInit()],
  [false, kexInit()],
  [true, packet(`\x1e${string('q')}`)],
  [false, reply + newKeys],
  [true, newKeys],
];
const opaque = (length: number): string => 'x'.repeat(length);

function run(parts: readonly Part[], flow = new FakeFlow('ssh')): FakeFlow {
  const session = ssh.open(flow, true);
  let at = 1000;
  for (const [fromClient, text] of parts) {
    const bytes = bytesOfLatin1(text);
    if (!flow.finished) session.onBytes(fromClient, bytes, 0, bytes.u8.length, epochMicros(at++));
  }
  session.onClose(epochMicros(at));
  return flow;
}
const rowOf = (flow: FakeFlow): Record<string, unknown> | undefined => flow.rows[0]?.row;

describe('ssh', () => {
  it('reports banners, algorithms, host key and HASSH of a negotiation', () => {
    const flow = run(negotiation);
    expect(flow.services).toEqual(['ssh']);
    expect(flow.inactivity).toBe(3600e6);
    expect(flow.rows).toHaveLength(1);
    const md5 = createHash('md5').update('curve25519-sha256;aes128-ctr;hmac-sha2-256;none').digest('hex');
    const sha256 = createHash('sha256').update(hostKey).digest('base64').replaceAll('=', '');
    expect(rowOf(flow)).toMatchObject({
      ts: 1000,
      version: 2,
      auth_success: undefined,
      auth_attempts: 0,
      client: 'SSH-2.0-OpenSSH_9.7',
      server: 'SSH-2.0-OpenSSH_9.2p1 Debian-2',
      cipher_alg: 'aes128-ctr',
      mac_alg: 'hmac-sha2-256',
      compression_alg: 'none',
      kex_alg: 'curve25519-sha256',
      host_key_alg: 'ssh-ed25519',
      host_key_fingerprint: `SHA256:${sha256.slice(0, 32)}`,
      host_key_sha256: `SHA256:${sha256}`,
      hassh: md5,
      hassh_server: md5,
    });
  });

  it('finds a log-in at the second try by sizes, and wants no more bytes', () => {
    const flow = run([
      ...negotiation,
      [true, opaque(48)],
      [false, opaque(48)],
      [false, opaque(64)],
      [false, opaque(64)],
      [false, opaque(32)],
    ]);
    expect(rowOf(flow)).toMatchObject({ auth_success: true, auth_attempts: 2 });
    expect(flow.finished).toBe(true);
  });

  it('counts failed tries and writes them at the end', () => {
    const failure: Part = [false, opaque(64)];
    const flow = run([...negotiation, [true, opaque(48)], [false, opaque(48)], failure, failure, failure]);
    expect(rowOf(flow)).toMatchObject({ auth_success: false, auth_attempts: 2 });
  });

  it('passes over a banner before the log-in', () => {
    const flow = run([
      ...negotiation,
      [true, opaque(48)],
      [false, opaque(48)],
      [false, opaque(400)],
      [false, opaque(64)],
      [false, opaque(32)],
    ]);
    expect(rowOf(flow)).toMatchObject({ auth_success: true, auth_attempts: 1 });
  });

  it('does not judge a compressed session', () => {
    const compression = 'zlib@openssh.com';
    const parts = [...negotiation];
    parts[2] = [true, kexInit({ compression })];
    parts[3] = [false, kexInit({ compression })];
    const flow = run([...parts, [true, opaque(48)], [false, opaque(48)], [false, opaque(32)]]);
    expect(rowOf(flow)).toMatchObject({ auth_success: undefined, auth_attempts: 0, compression_alg: compression });
  });

  it('takes encrypted bytes behind NEWKEYS in the same segment for the first answer', () => {
    const parts = [...negotiation];
    parts[6] = [true, newKeys + opaque(48)];
    const flow = run([...parts, [false, opaque(48)], [false, opaque(32)]]);
    expect(rowOf(flow)).toMatchObject({ auth_success: true, auth_attempts: 1 });
  });

  it('says when the ends have no algorithm in common, and when directions differ', () => {
    const parts = [...negotiation];
    parts[2] = [true, kexInit({ kex: 'ecdh-sha2-nistp256', cipher: 'a,b', cipherToClient: 'b' })];
    parts[3] = [false, kexInit({ cipher: 'b,a', cipherToClient: 'b,a' })];
    expect(rowOf(run(parts))).toMatchObject({
      kex_alg: 'Algorithm negotiation failed',
      cipher_alg: 'To server: a, to client: b',
    });
  });

  it('passes over lines of the server before its identification', () => {
    const parts: Part[] = [[false, 'Welcome\r\nplease wait\n'], ...negotiation];
    expect(rowOf(run(parts))).toMatchObject({ ts: 1001, server: 'SSH-2.0-OpenSSH_9.2p1 Debian-2' });
  });

  it('knows which versions go together', () => {
    const version = (client: string, server: string): unknown => {
      const flow = run([
        [false, `SSH-${server}-s\n`],
        [true, `SSH-${client}-c\n`],
      ]);
      return rowOf(flow)?.['version'] ?? flow.weirds[0];
    };
    expect(version('2.0', '2.0')).toBe(2);
    expect(version('1.99', '2.0')).toBe(2);
    expect(version('2.0', '1.99')).toBe(2);
    expect(version('1.99', '1.99')).toBe(2);
    expect(version('1.5', '1.99')).toBe(1);
    expect(version('1.5', '1.5')).toBe(1);
    expect(version('1.5', '2.0')).toBe('SSH_version_mismatch');
    expect(version('3.0', '2.0')).toBe('SSH_cannot_determine_version');
  });

  it('reads the host key of version 1 and confirms with the session key', () => {
    const number = (text: string): string => `${String.fromCharCode(0, text.length * 8)}${text}`;
    const packet1 = (payload: string): string => u32(payload.length + 4) + '\0'.repeat(8 - ((payload.length + 4) % 8)) + payload + u32(0);
    const keys = packet1(
      `\x02${'c'.repeat(8)}${u32(64)}${number('e')}${number('server')}${u32(64)}${number('E')}${number('M')}${'f'.repeat(12)}`,
    );
    const flow = run([
      [false, 'SSH-1.5-s\n'],
      [true, 'SSH-1.5-c\n'],
      [false, keys],
      [true, packet1('\x03secret')],
    ]);
    expect(flow.services).toEqual(['ssh']);
    expect(rowOf(flow)?.['host_key_sha256']).toBe(`SHA256:${createHash('sha256').update('ME').digest('base64').replaceAll('=', '')}`);
  });

  it('writes a row for a lone server banner without calling the service ssh', () => {
    const flow = run([[false, serverBanner]]);
    expect(flow.services).toEqual([]);
    expect(rowOf(flow)).toMatchObject({ version: undefined, server: 'SSH-2.0-OpenSSH_9.2p1 Debian-2' });
  });

  it('lets go of a client that speaks something else', () => {
    const flow = run([
      [true, 'GET / HTTP/1.1\r\n'],
      [false, serverBanner],
    ]);
    expect(flow).toMatchObject({ rows: [], services: [], finished: true });
  });

  it('gives up when bytes are missing and when the beginning was not seen', () => {
    const flow = new FakeFlow('ssh');
    ssh.open(flow, true).onGap?.(true, 10, epochMicros(0));
    expect(flow.finished).toBe(true);
    expect(run(negotiation, new FakeFlow('ssh', { seenFromStart: false })).rows).toEqual([]);
  });

  it('tells the direction only between local and remote', () => {
    const direction = (clientIsLocal: boolean, serverIsLocal: boolean): unknown =>
      rowOf(run([[false, serverBanner]], new FakeFlow('ssh', { clientIsLocal, serverIsLocal })))?.['direction'];
    expect(direction(true, false)).toBe('OUTBOUND');
    expect(direction(false, true)).toBe('INBOUND');
    expect(direction(true, true)).toBeUndefined();
  });

  it('asks for SSH-1. or SSH-2. elsewhere than at port 22', () => {
    const probe = (text: string): string => ssh.probe(true, bytesOfLatin1(text), 0, text.length);
    expect(probe('SSH-2.0-x')).toBe('yes');
    expect(probe('ssh-1.')).toBe('yes');
    expect(probe('SS')).toBe('more');
    expect(probe('SSH-3.0')).toBe('no');
  });

  it('says the same however the bytes are cut into segments', () => {
    const whole = rowOf(run(negotiation));
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(cuts, (sizes) => {
        let turn = 0;
        const parts = negotiation.flatMap(([fromClient, text]) => {
          const pieces: Part[] = [];
          for (let i = 0; i < text.length; ) {
            const size = sizes[turn++ % sizes.length] ?? 1;
            pieces.push([fromClient, text.slice(i, i + size)]);
            i += size;
          }
          return pieces;
        });
        const { ts: _, ...row } = rowOf(run(parts)) ?? {};
        const { ts: __, ...expected } = whole ?? {};
        expect(row).toEqual(expected);
      }),
    );
  });

  it('survives any bytes, any truncation', () => {
    const piece = fc.record({ fromClient: fc.boolean(), bytes: fc.uint8Array({ maxLength: 200 }), keep: fc.integer({ min: 0, max: 6 }) });
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const flow = new FakeFlow('ssh');
        const session = ssh.open(flow, true);
        for (const { fromClient, bytes, keep } of pieces) {
          for (const [side, text] of negotiation.slice(0, keep)) {
            const cut = bytesOfLatin1(text.slice(0, text.length - (bytes[0] ?? 0)));
            session.onBytes(side, cut, 0, cut.u8.length, epochMicros(0));
          }
          session.onBytes(fromClient, new Bytes(bytes), 0, bytes.length, epochMicros(0));
        }
        session.onClose(epochMicros(0));
        expect(flow.rows.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
