import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrafficSeconds } from './traffic-seconds.ts';

const base = 1_700_000_000;
const flow = fc.record({
  at: fc.double({ min: 0, max: 400, noNaN: true }),
  seconds: fc.double({ min: 0, max: 400, noNaN: true }),
  // A flow has packets: the busiest stretch is found by them.
  packets: fc.integer({ min: 1, max: 100_000 }),
  bytes: fc.nat(1_000_000),
  replies: fc.nat(1000),
});

describe('traffic by the second', () => {
  test('loses and invents no packet: the widest peak is the sum of all', () => {
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 40 }), (flows) => {
        const traffic = new TrafficSeconds();
        for (const { at, seconds, packets, bytes, replies } of flows) traffic.add((base + at) * 1e6, seconds, packets, bytes, replies, '');
        const all = traffic.peak(900);
        const sum = (of: 'packets' | 'bytes' | 'replies'): number => flows.reduce((total, one) => total + one[of], 0);
        for (const of of ['packets', 'bytes', 'replies'] as const) {
          expect(traffic[of]).toBe(sum(of));
          expect(all?.[of]).toBeCloseTo(sum(of), 3);
        }
        expect(traffic.flows).toBe(flows.length);
      }),
    );
  });

  test('never finds more in a shorter stretch', () => {
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 60 }), (flows, length) => {
        const traffic = new TrafficSeconds();
        for (const { at, seconds, packets, bytes, replies } of flows) traffic.add((base + at) * 1e6, seconds, packets, bytes, replies, '');
        const [short, long] = [traffic.peak(length), traffic.peak(length * 2)];
        expect(short?.packets ?? 0).toBeLessThanOrEqual((long?.packets ?? 0) + 1e-6);
        expect(short?.seconds ?? 0).toBeLessThanOrEqual(length);
      }),
    );
  });

  test('finds the burst', () => {
    const traffic = new TrafficSeconds();
    for (let i = 0; i < 100; i++) traffic.add((base + i) * 1e6, 0, 10, 100, 0, `u${i}`);
    traffic.add((base + 50) * 1e6, 1.5, 6000, 6000, 30, 'burst');
    expect(traffic.peak(2)).toMatchObject({ from: base + 50, seconds: 2, packets: 6020, replies: 30 });
    expect(traffic.uids).toHaveLength(50);
    expect([traffic.firstAt, traffic.lastAt]).toEqual([base * 1e6, (base + 99) * 1e6]);
  });

  test('has no peak before the first flow', () => expect(new TrafficSeconds().peak(10)).toBeUndefined());

  test('stays small however long it goes on', () => {
    const traffic = new TrafficSeconds();
    for (let i = 0; i < 10_000; i++) traffic.add((base + i) * 1e6, 0, 1, 1, 0, '');
    expect(traffic.peak(1e9)?.packets).toBe(900);
    expect(traffic.packets).toBe(10_000);
  });
});
