import { expect, test } from 'vitest';
import { describeDetector, findingsOf, readFixture } from '../../../../test/contract/detector.ts';
import { epochMicros } from '../../../base/units.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { webScanner } from './web-scanner.ts';

describeDetector(webScanner, import.meta.dirname);

const fires = readFixture(`${import.meta.dirname}/fixtures/fires.ndjson`);

test('accuses the client, with the server as peer', () => {
  expect(findingsOf(webScanner, fires)).toMatchObject([
    { subject: { address: '203.0.113.9' }, peers: [{ address: '10.0.1.12', port: 80 }], severity: 'medium', count: 260 },
  ]);
});

test('takes a scanner at its word', () => {
  const [first] = fires;
  if (first === undefined) throw new Error('the fixture is empty');
  const named = { ...first, row: { ...first.row, user_agent: 'Mozilla/5.00 (Nikto/2.5.0)', status_code: 200 } };
  expect(findingsOf(webScanner, [named])).toMatchObject([{ severity: 'low', count: 1 }]);
});

test('takes a scanner at its word where only its requests were captured', () => {
  const row: InteractionRecord = {
    ts: epochMicros(1.7e15),
    uid: 'C1',
    'id.orig_h': '203.0.113.9',
    'id.orig_p': 40_000,
    'id.resp_h': '10.0.1.12',
    'id.resp_p': 8080,
    duration: 0,
    turns: 0,
    server_prompted_turns: 0,
    client_prompted_turns: 0,
    first_sender: 'client',
    client_head: 'GET / HTTP/1.1\\x0d\\x0aUser-Agent: Mozilla/5.00 (Nikto/2.1.6)\\x0d\\x0a\\x0d\\x0a',
    client_printable: 1,
    server_printable: 0,
    client_prompts: 0,
    server_prompts: 0,
  };
  expect(findingsOf(webScanner, [{ log: 'interaction', row }])).toMatchObject([{ severity: 'low', subject: { address: '203.0.113.9' } }]);
});

test('begins anew after a pause longer than the window', () => {
  const half = fires.slice(0, 130);
  const later = half.map(({ log, row }) => ({ log, row: { ...row, ts: (row.ts + 3600e6) as typeof row.ts } }));
  expect(findingsOf(webScanner, [...half, ...later])).toEqual([]);
});
