// What detectors keep does not grow with the network: floods from and to everywhere, ends that never repeat.
import { expect, test } from 'vitest';
import { formatIpv4 } from '../../src/base/ip.ts';
import { epochMicros } from '../../src/base/units.ts';
import { Detection } from '../../src/detect/detection.ts';
import { detectors } from '../../src/detect/detectors/index.ts';
import type { ConnRecord } from '../../src/model/records/conn.ts';

/** Fills every bound of the detectors (65 536 entries at most), before memory is measured. */
const before = 140_000;
const after = 210_000;
const grownBytes = 16_000_000;

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
  return process.memoryUsage().heapUsed;
};

function growth(row: (i: number) => Partial<ConnRecord>): number {
  const detection = new Detection({ detectors });
  for (let i = 0; i < before; i++) detection.emit('conn', rowOf(i, row(i)));
  const first = used();
  for (let i = before; i < after; i++) detection.emit('conn', rowOf(i, row(i)));
  const grown = used() - first;
  detection.finish();
  expect(detection.visibility.rows.conn).toBe(after);
  return grown;
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

test.each<[string, (i: number) => Partial<ConnRecord>]>([
  ['a flood of SYN packets from everywhere', (i) => ({ 'id.orig_h': address(i), 'id.resp_h': '10.0.0.1' })],
  [
    'long connections of pairs that never repeat',
    (i) => ({ ...answered, 'id.orig_h': formatIpv4(0x0a000000 + i), 'id.resp_h': address(i) }),
  ],
  [
    'one-way datagrams to everywhere',
    (i) => ({ proto: 'udp', ip_proto: 17, history: 'D', 'id.resp_h': address(i), orig_pkts: 500, duration: 900 }),
  ],
])('%s', { timeout: 300_000 }, (_, row) => {
  expect(growth(row)).toBeLessThan(grownBytes);
});
