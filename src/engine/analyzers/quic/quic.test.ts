import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { client, hex, type Part, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { nodePlatform } from '../../../platform/node-platform.ts';
import { InitialKeys, initialSalt, type PacketKeys, quicVersion1, quicVersion2 } from './initial-keys.ts';
import { quic } from './quic.ts';

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const connectionId = '8394c8f03e515708';

function keysOf(version: number, id = connectionId) {
  const salt = initialSalt(version);
  if (salt === undefined) throw new Error('no salt');
  return new InitialKeys(nodePlatform, salt, version, Buffer.from(id, 'hex'));
}

/** RFC 9001 A.2: the CRYPTO frame with the ClientHello. */
const helloFrame =
  `060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b65
78616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559f
edba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffffffff
ffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff`.replaceAll('\n', '');

/** RFC 9001 A.3: the server's Initial packet, as it stands there. */
const serverInitial = hex(`cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73
c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456c
bc42158407dd074ee`);

/** Protects a packet as its sender does. RFC 9001 §5.3, §5.4. */
function protect(keys: PacketKeys, headerHex: string, packetNumber: number, frames: Buffer): string {
  const header = Buffer.concat([Buffer.from(headerHex, 'hex'), Buffer.from([0, 0, 0, packetNumber])]);
  const nonce = Buffer.from(keys.iv);
  nonce[11] = (nonce[11] ?? 0) ^ packetNumber;
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonce).setAAD(header);
  const sealed = Buffer.concat([cipher.update(frames), cipher.final(), cipher.getAuthTag()]);
  const mask = nodePlatform.aes128Block(keys.headerProtection, sealed.subarray(0, 16));
  header[0] = (header[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < 4; i++) header[header.length - 4 + i] = (header[header.length - 4 + i] ?? 0) ^ (mask[1 + i] ?? 0);
  return Buffer.concat([header, sealed]).toString('latin1');
}

/** A client's Initial packet with these frames, padded to `size` bytes of payload. */
function clientInitial(frames: string, { version = quicVersion1, size = 1162, id = connectionId, number = 2 } = {}): string {
  const first = version === quicVersion2 ? 'd3' : 'c3';
  const length = (0x4000 + size + 4 + 16).toString(16);
  const header = `${first}${version.toString(16).padStart(8, '0')}${(id.length / 2).toString(16).padStart(2, '0')}${id}0000${length}`;
  return protect(keysOf(version, id).client, header, number, Buffer.concat([Buffer.from(frames, 'hex')], size));
}

const run = (parts: readonly Part[]) => runSession(quic, parts, { transport: 'udp', serverPort: 443, platform: nodePlatform });
const rows = (parts: readonly Part[], name: string) =>
  run(parts)
    .rows.filter((one) => one.name === name)
    .map((one) => one.row);

describe('InitialKeys', () => {
  it('derives the keys of RFC 9001 A.1', () => {
    const keys = keysOf(quicVersion1);
    expect([keys.client.key, keys.client.iv, keys.client.headerProtection].map(toHex)).toEqual([
      '1f369613dd76d5467730efcbe3b1a22d',
      'fa044b2f42a3fd3b46fb255c',
      '9f50449e04a0e810283a1e9933adedd2',
    ]);
    expect([keys.server.key, keys.server.iv, keys.server.headerProtection].map(toHex)).toEqual([
      'cf3a5331653c364c88f0f379b6067e37',
      '0ac1493ca1905853b0bba03e',
      'c206b8d9b9f0f37644430b490eeaa314',
    ]);
  });

  it('derives the keys of RFC 9369 A.1', () => {
    const { client: keys } = keysOf(quicVersion2);
    expect([keys.key, keys.iv, keys.headerProtection].map(toHex)).toEqual([
      '8b1a0bc121284290a29e0971b5cd045d',
      '91f73e2351d8fa91660e909f',
      '45b95e15235d6f45a6b19cbcb0294ba9',
    ]);
  });
});

describe('quic', () => {
  it('begins the packet of RFC 9001 A.2 with the bytes that stand there', () => {
    expect(Buffer.from(clientInitial(helloFrame).slice(0, 30), 'latin1').toString('hex')).toBe(
      'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8',
    );
  });

  it('reads the handshake of RFC 9001 appendix A', () => {
    const parts = [client(clientInitial(helloFrame)), server(serverInitial)];
    expect(rows(parts, 'quic')).toMatchObject([
      {
        ts: 1000,
        version: '1',
        client_initial_dcid: connectionId,
        client_scid: '',
        server_scid: 'f067a5502a4262b5',
        server_name: 'example.com',
        client_protocol: 'alpn',
        history: 'ISis',
      },
    ]);
    expect(rows(parts, 'ssl')).toMatchObject([
      {
        version: 'TLSv13',
        cipher: 'TLS_AES_128_GCM_SHA256',
        curve: 'x25519',
        server_name: 'example.com',
        established: false,
        ssl_history: 'Cs',
      },
    ]);
    expect(rows(parts, 'quic')[0]?.['ja4']).toMatch(/^q13d0211an_/);
    expect(run(parts).services).toEqual(['quic', 'ssl']);
  });

  it('reads version 2 and draft 29 with their own keys and packet types', () => {
    expect(rows([client(clientInitial(helloFrame, { version: quicVersion2 }))], 'quic')).toMatchObject([
      { version: 'quicv2', server_name: 'example.com' },
    ]);
    expect(rows([client(clientInitial(helloFrame, { version: 0xff00001d }))], 'quic')).toMatchObject([
      { version: 'draft-29', server_name: 'example.com' },
    ]);
  });

  it('puts a hello together from CRYPTO frames of several packets in any order', () => {
    const body = helloFrame.slice(8);
    const piece = (from: number, to: number): string =>
      `06${(0x4000 + from).toString(16)}${(0x4000 + to - from).toString(16)}${body.slice(2 * from, 2 * to)}`;
    const cuts = [piece(160, 241), piece(0, 90), piece(60, 170)].map((frame, i) => client(clientInitial(frame, { number: i, size: 400 })));
    expect(rows(cuts, 'quic')).toMatchObject([{ server_name: 'example.com', history: 'IIIS' }]);
  });

  it('begins a new row behind a Retry, with the keys of the new connection id', () => {
    const retry = hex('ff000000010008f067a5502a4262b5746f6b656e04a265ba2eff4d829058fb3f0f2496ba');
    const again = clientInitial(helloFrame, { id: 'f067a5502a4262b5' });
    expect(rows([client(clientInitial(helloFrame)), server(retry), client(again)], 'quic')).toMatchObject([
      { history: 'ISr', client_initial_dcid: connectionId },
      { history: 'IS', client_initial_dcid: 'f067a5502a4262b5' },
    ]);
  });

  it('ends a row with a CONNECTION_CLOSE', () => {
    expect(rows([client(clientInitial(`1c0a0000`))], 'quic')).toMatchObject([{ history: 'IC' }]);
  });

  it('counts short packets in powers of two, and marks other traffic on the port', () => {
    const short = client(`\x40${'\x77'.repeat(30)}`);
    const parts = [client(clientInitial(helloFrame)), short, short, short, short, short, server('\x01\x02')];
    expect(rows(parts, 'quic')).toMatchObject([{ history: 'ISOOOx' }]);
  });

  it('gives up on a packet that cannot be opened, and on an unknown version', () => {
    const broken = `${clientInitial(helloFrame).slice(0, 1190)}oops and so on`;
    const flow = run([client(broken.slice(0, 1200)), client(clientInitial(helloFrame))]);
    expect([flow.rejected, flow.services, flow.rows.length]).toEqual(['decryption failed', [], 1]);
    expect(rows([client(`\xc0\x12\x34\x56\x78\x01a\x01b${'x'.repeat(40)}`)], 'quic')).toMatchObject([
      { version: 'unknown-12345678', history: 'U' },
    ]);
  });

  it('survives every truncation', () => {
    const packet = clientInitial(helloFrame);
    for (let end = 0; end < packet.length; end += 7) run([client(packet.slice(0, end))]);
  });

  it('survives random frames in packets that open', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (frames) => void run([client(clientInitial(toHex(frames), { size: 300 }))])));
  });

  it('survives random datagrams', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ minLength: 1, maxLength: 60 })), { maxLength: 6 }), (list) => {
        run(list.map(([fromClient, bytes]) => [fromClient, `\xc0\x00\x00\x00\x01${String.fromCharCode(...bytes)}`]));
      }),
    );
  });
});

describe('probe', () => {
  it('knows Initial packets of versions 1 and 2', () => {
    expect(probe(quic, client(clientInitial(helloFrame)))).toBe('yes');
    expect(probe(quic, client(clientInitial(helloFrame, { version: quicVersion2 })))).toBe('yes');
    expect(probe(quic, client('\x12\x34\x01\x00\x00\x01'))).toBe('no');
    expect(probe(quic, client('\xc0'))).toBe('no');
  });
});
