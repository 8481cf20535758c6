import { expect, it } from 'vitest';
import { epochMicros } from '../base/units.ts';
import { type Finding, findingJson } from './finding.ts';
import { parseFinding } from './parse-finding.ts';

const finding: Finding = {
  ...{ schema: 1, id: 'D02-port-scan-1', detector: 'D02-port-scan', title: 'Port scan', severity: 'high', confidence: 0.9 },
  subject: { address: '10.0.0.5', machine: 'web-1', project: 'shop', context: 'vni 11' },
  peers: [{ address: '10.0.0.9', port: 22, name: 'db' }, { address: '10.0.0.10' }],
  ...{ firstSeen: epochMicros(1_700_000_000_123_456), lastSeen: epochMicros(1_700_000_001_000_000), count: 12 },
  ...{ summary: 'scanned', evidence: { ports: 12, list: [1, { a: null }] }, attack: ['T1046'], benign: ['a'], blindSpots: [] },
  records: ['C1', 'C2'],
};

it('is read back as it was written', () => {
  expect(parseFinding(findingJson(finding))).toEqual(finding);
});

it.each(['', '{', '[]', '{"schema":2}', findingJson(finding).replace('"high"', '"grave"'), findingJson(finding).replace('2023-', 'x')])(
  'is not read from %j',
  (line) => {
    expect(parseFinding(line)).toBeUndefined();
  },
);
