import { expect, test } from 'vitest';
import type { RecordRow } from '../../model/records/index.ts';
import type { Pair } from './observations.ts';
import { maxPairs, Pairs } from './pairs.ts';
import { Tally } from './tally.ts';

/** A connection of pair `i` that lasted so long. */
const conn = (i: number, duration: number): RecordRow<'conn'> =>
  ({
    ...{
      ts: i,
      uid: `C${i}`,
      'id.orig_h': `10.0.${i % 7}.${i % 251}`,
      'id.orig_p': 1,
      'id.resp_h': `192.0.2.${i % 13}`,
      'id.resp_p': i % 997,
    },
    ...{ proto: i % 2 === 0 ? 'tcp' : 'udp', duration, context: i % 3 === 0 ? 'vlan:7' : undefined },
  }) as unknown as RecordRow<'conn'>;

const keyOf = (pair: Pair): string => `${pair.context}|${pair.proto}|${pair.client}|${pair.server}|${pair.port}`;

test('keeps what a map of texts would keep, in its order, within the bound', () => {
  const pairs = new Pairs();
  const tally = new Tally<Pair>(maxPairs, (pair) => pair.seconds * 1e3 + Math.min(pair.bytes / 1e3, 1e9) + pair.connections);
  for (let n = 0; n < 90_000; n++) {
    const i = (n * 7919) % 45_007;
    const row = conn(i, n % 5);
    const pair = pairs.of(row, undefined);
    const expected = tally.at(keyOf(pair), () => ({ ...pair, connections: 0, seconds: 0 }));
    for (const one of [pair, expected]) {
      one.connections++;
      one.seconds += n % 5;
    }
  }
  expect(pairs.dropped).toBeGreaterThan(maxPairs);
  expect(pairs.dropped).toBe(tally.dropped);
  expect(pairs.values().length).toBeLessThanOrEqual(maxPairs);
  expect(pairs.heaviest().map(keyOf)).toEqual(tally.top(maxPairs).map(keyOf));
  expect(pairs.values().map(({ seconds }) => seconds)).toEqual([...tally.values()].map(({ seconds }) => seconds));
});
