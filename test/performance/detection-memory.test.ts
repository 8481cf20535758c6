// What detectors and the report's observer keep does not grow with the network: floods from and to everywhere, ends that never repeat.
import { expect, test } from 'vitest';
import { formatIpv4 } from '../../src/base/ip.ts';
import { epochMicros } from '../../src/base/units.ts';
import { Detection } from '../../src/detect/detection.ts';
import { detectors } from '../../src/detect/detectors/index.ts';
import type { ConnRecord } from '../../src/model/records/conn.ts';
import type { RecordSink } from '../../src/model/records/index.ts';
import { Observer } from '../../src/report/observe/observer.ts';

/** Fills every bound of the detectors (65 536 entries at most), before memory is measured. */
const before = 140_000;
const after = 210_000;
const grownBytes = 8_000_000;
/** Alive in all detectors when every bound is filled. */
const aliveBytes = 90_000_000;

const rowOf = (i: number, row: Partial<ConnRecord>): ConnRecord => ({
  ts: epochMicros(1_700_000_000_000_000 + i * 1000),
  uid: `C${i}`,
  'id.orig_h': '10.0.0.1',
  'id.orig_p': 1024 + (i % 60_000),
  'id.resp_h': '198.51.100.1',
  'id.resp_p': 80,
  proto: 'tcp',
  conn_state: 'S0',
  local_orig: true,
  local_resp: false,
  missed_bytes: 0,
  history: 'S',
  orig_pkts: 1,
  orig_ip_bytes: 40,
  resp_pkts: 0,
  resp_ip_bytes: 0,
  ip_proto: 6,
  ...row,
});

/** A walk through all addresses that visits none twice. */
const address = (i: number): string => formatIpv4((0x0b000000 + Math.imul(i, 0x9e3779b1)) >>> 0);

const used = (): number => {
  global.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** What is alive in the sink when it had all rows: at `before`, and how much more at `after`. */
function alive(sink: RecordSink, row: (i: number) => Partial<ConnRecord>): { readonly first: number; readonly grown: number } {
  const none = used();
  for (let i = 0; i < before; i++) sink.emit('conn', rowOf(i, row(i)));
  const first = used() - none;
  for (let i = before; i < after; i++) sink.emit('conn', rowOf(i, row(i)));
  return { first, grown: used() - none - first };
}

const answered: Partial<ConnRecord> = {
  conn_state: 'SF',
  history: 'ShADadfF',
  duration: 7200,
  orig_bytes: 100,
  resp_bytes: 100,
  orig_pkts: 8,
  resp_pkts: 8,
};

const kinds: [string, (i: number) => Partial<ConnRecord>][] = [
  ['a flood of SYN packets from everywhere', (i) => ({ 'id.orig_h': address(i), 'id.resp_h': '10.0.0.1' })],
  [
    'long connections of pairs that never repeat',
    (i) => ({ ...answered, 'id.orig_h': formatIpv4(0x0a000000 + i), 'id.resp_h': address(i) }),
  ],
  [
    'one-way datagrams to everywhere',
    (i) => ({ proto: 'udp', ip_proto: 17, history: 'D', 'id.resp_h': address(i), orig_pkts: 500, duration: 900 }),
  ],
  ['scanners with thousands of targets each', (i) => ({ 'id.orig_h': formatIpv4(0x0a000000 + (i % 50)), 'id.resp_h': address(i) })],
];

test.each(kinds)('%s fills the detectors', { timeout: 300_000 }, (_, row) => {
  const detection = new Detection({ detectors });
  const { first, grown } = alive(detection, row);
  detection.finish();
  expect(detection.visibility.rows.conn).toBe(after);
  expect(first).toBeLessThan(aliveBytes);
  expect(grown).toBeLessThan(grownBytes);
});

test.each(kinds)('%s fills the observer', { timeout: 300_000 }, (_, row) => {
  const observer = new Observer({ local: [], known: [] });
  const { first, grown } = alive(observer, row);
  expect(observer.observations().coverage.connections).toBe(after);
  expect(first).toBeLessThan(10_000_000);
  expect(grown).toBeLessThan(1_000_000);
});

test.each(kinds)('%s, an hour between any two hundred, is forgotten by time', { timeout: 300_000 }, (_, row) => {
  const detection = new Detection({ detectors });
  const slowly = (i: number): Partial<ConnRecord> => ({ ...row(i), ts: epochMicros(1.7e15 + i * 18e6) });
  const { first, grown } = alive(detection, slowly);
  detection.finish();
  expect(first).toBeLessThan(30_000_000);
  expect(grown).toBeLessThan(3_000_000);
});
