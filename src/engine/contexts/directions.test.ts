import { describe, expect, test } from 'vitest';
import { decodeFrames } from '../../../test/build/decode-frames.ts';
import { capturePoint, echo, erspan2, ethernet, gre, inGre, ipv4, type Taken, tagged, tcp, udp } from '../../../test/build/frames.ts';
import { bytesOf } from '../../../test/build/wire-bytes.ts';

const there = { protocol: 6, source: '10.1.0.1', target: '10.1.0.2' };
const back = { protocol: 6, source: '10.1.0.2', target: '10.1.0.1' };
const syn = ipv4(tcp(40_000, 80, { sequence: 7000, flags: 2 }), { ...there, id: 1 });
const answer = ipv4(tcp(80, 40_000, { sequence: 500, acknowledged: 7001, flags: 0x12 }), { ...back, id: 2 });
const request = ipv4(tcp(40_000, 80, { sequence: 7001, acknowledged: 501, flags: 0x18 }, bytesOf('GET /')), { ...there, id: 3 });
const spaces = (frames: readonly (Uint8Array | Taken)[], points = [capturePoint()]): number[] =>
  decodeFrames(frames, points).packets.map(({ context }) => context);
const areOne = (contexts: readonly number[]): boolean => new Set(contexts).size === 1;

describe('a mirror that numbers its directions', () => {
  test('ERSPAN: TCP is one conversation from its first answer', () => {
    expect(
      areOne(
        spaces([inGre(erspan2(1, 1, ethernet(syn))), inGre(erspan2(2, 2, ethernet(answer))), inGre(erspan2(1, 1, ethernet(request)))]),
      ),
    ).toBe(true);
  });

  test('GRE keys: a ping', () => {
    const ping = ethernet(ipv4(echo(8, 5, 1), { ...there, protocol: 1 }));
    const pong = ethernet(ipv4(echo(0, 5, 1), { ...back, protocol: 1 }));
    expect(areOne(spaces([inGre(gre(0x6558, ping, { key: 0 })), inGre(gre(0x6558, pong, { key: 0x02000000 }))]))).toBe(true);
  });

  test('not between other tunnel ends: two hypervisors may use equal numbers for different tenants', () => {
    expect(areOne(spaces([inGre(erspan2(1, 1, ethernet(syn))), inGre(erspan2(2, 2, ethernet(answer)), { source: '192.0.2.77' })]))).toBe(
      false,
    );
  });

  test('not when the answer acknowledges something else', () => {
    const foreign = ipv4(tcp(80, 40_000, { sequence: 500, acknowledged: 0x40000000, flags: 0x12 }), back);
    expect(areOne(spaces([inGre(erspan2(1, 1, ethernet(syn))), inGre(erspan2(2, 2, ethernet(foreign)))]))).toBe(false);
  });

  test('not when one of the ids holds whole conversations', () => {
    const question = ethernet(ipv4(udp(1000, 53, bytesOf('q')), { ...there, protocol: 17 }));
    const reply = ethernet(ipv4(udp(53, 1000, bytesOf('r')), { ...back, protocol: 17 }));
    const frames = [
      inGre(erspan2(1, 1, question)),
      inGre(erspan2(1, 1, reply)),
      inGre(erspan2(1, 1, ethernet(syn))),
      inGre(erspan2(2, 2, ethernet(answer))),
    ];
    const contexts = spaces(frames);
    expect(contexts[2]).not.toBe(contexts[3]);
  });

  test('a late datagram proves nothing', () => {
    const question = inGre(erspan2(1, 1, ethernet(ipv4(udp(1000, 53), { ...there, protocol: 17 }))));
    const reply = inGre(erspan2(2, 2, ethernet(ipv4(udp(53, 1000), { ...back, protocol: 17 }))));
    expect(
      areOne(
        spaces([
          { frame: question, at: 1e15 },
          { frame: reply, at: 1e15 + 6e6 },
        ]),
      ),
    ).toBe(false);
  });
});

describe('VLANs', () => {
  test('one id per direction', () => {
    expect(areOne(spaces([tagged([34], syn), tagged([47], answer), tagged([34], request)]))).toBe(true);
  });

  test('a tag in one direction only', () => {
    expect(areOne(spaces([ethernet(syn), tagged([4093], answer), ethernet(request)]))).toBe(true);
  });

  test('equal conversations in two VLANs stay two', () => {
    const contexts = spaces([
      tagged([10], syn),
      tagged([20], syn),
      tagged([10], answer),
      tagged([20], answer),
      tagged([10], request),
      tagged([20], request),
    ]);
    expect(contexts[0]).toBe(contexts[2]);
    expect(contexts[1]).toBe(contexts[3]);
    expect(contexts[4]).not.toBe(contexts[5]);
  });
});

describe('capture points', () => {
  const points = [capturePoint({ interfaceName: 'rx' }), capturePoint({ interfaceName: 'tx' })];

  test('a tap with an interface per direction', () => {
    expect(areOne(spaces([{ frame: ethernet(syn) }, { frame: ethernet(answer), point: 1 }, { frame: ethernet(request) }], points))).toBe(
      true,
    );
  });

  test('a capture cut into files: the conversation goes on', () => {
    const contexts = spaces(
      [{ frame: ethernet(syn) }, { frame: ethernet(answer) }, { frame: ethernet(request), point: 1, at: 1.7e15 }],
      points,
    );
    expect(areOne(contexts)).toBe(true);
  });

  test('equal conversations of two tenants stay two, also when they begin with the same numbers', () => {
    const frames = [syn, answer, request].flatMap((packet, i): Taken[] =>
      [0, 1].map((point) => ({ frame: ethernet(packet), point, at: 1e15 + i * 1e6 + point * 3e5 })),
    );
    const contexts = spaces(frames, points);
    expect(contexts.filter((_, i) => i % 2 === 0)).toEqual([0, 0, 0]);
    expect(contexts.filter((_, i) => i % 2 === 1)).toEqual([1, 1, 1]);
  });
});
