import { describe, expect, test } from 'vitest';
import { conn, knownEnds, type LogRow, secondsIn } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf } from '../../../../test/contract/detector.ts';
import type { ConnRecord } from '../../../model/records/conn.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { interactiveShell } from './interactive-shell.ts';

// Fixtures are synthesised: a reverse shell and a bind shell; mail typed by hand, a timed protocol, and SSH.
describeDetector(interactiveShell, import.meta.dirname);

/** The server end types eight lines like a person; the client answers like a program. */
const talk = (values: Partial<InteractionRecord> = {}): LogRow => ({
  log: 'interaction',
  row: {
    ts: secondsIn(0),
    uid: 'C1',
    'id.orig_h': '10.0.0.7',
    'id.orig_p': 40_000,
    'id.resp_h': '203.0.113.9',
    'id.resp_p': 4444,
    duration: 95,
    turns: 16,
    server_prompted_turns: 8,
    server_bytes_median: 7,
    client_bytes_median: 180,
    server_gap_median: 4.2,
    server_gap_cv: 0.9,
    client_delay_median: 0.02,
    client_prompted_turns: 0,
    first_sender: 'client',
    client_printable: 0.99,
    server_printable: 1,
    client_prompts: 0,
    server_prompts: 0,
    ...values,
  },
});
const shellTexts = { client_head: 'uid=33(www-data) gid=33(www-data)\\x0a$ ', server_head: 'id\\x0als -la\\x0a', client_prompts: 6 };
const judge = (rows: readonly LogRow[], options: Parameters<typeof findingsOf>[3] = {}) => findingsOf(interactiveShell, rows, [], options);

describe('a shell', () => {
  test('that our machine hands out is high, with what was said as evidence', () =>
    expect(judge([talk(shellTexts)])).toMatchObject([
      {
        severity: 'high',
        title: 'Reverse shell',
        subject: { address: '10.0.0.7' },
        peers: [{ address: '203.0.113.9', port: 4444 }],
        evidence: { shellMarks: expect.arrayContaining(['output of id']), commands: ['id', 'ls -la'] },
        records: ['C1'],
      },
    ]));

  test('by rhythm alone is medium, and says so', () =>
    expect(judge([talk()])).toMatchObject([{ severity: 'medium', title: 'Reverse shell, by its rhythm' }]));

  test('on a port of ours is about ours, not about who came in', () => {
    const bind = talk({
      'id.orig_h': '198.51.100.7',
      'id.resp_h': '10.0.0.9',
      server_prompted_turns: 0,
      client_prompted_turns: 8,
      client_head: 'id\\x0auname -a\\x0a',
      server_head: 'uid=0(root) gid=0(root)\\x0a',
    });
    expect(judge([bind])).toMatchObject([{ severity: 'high', title: 'Shell on an open port', subject: { address: '10.0.0.9' } }]);
  });

  test('is none where a protocol was recognised', () => expect(judge([talk({ ...shellTexts, service: 'ssh' })])).toEqual([]));

  test('of somebody else is worth knowing, and no claim about ours', () =>
    expect(judge([talk({ ...shellTexts, 'id.orig_h': '198.51.100.7' })])).toMatchObject([{ severity: 'medium' }]));

  test('that a known end holds is shown, and no more', () => {
    const known = knownEnds('our console', '203.0.113.9/32');
    expect(judge([talk(shellTexts)], { known })).toMatchObject([
      { severity: 'info', summary: expect.stringContaining('(known: our console)') },
    ]);
  });
});

describe('Zeek logs, which have no rhythm', () => {
  const bare = (from: string, to: string, values: Partial<ConnRecord> = {}): LogRow =>
    conn(0, from, to, 'answered', { duration: 120, orig_bytes: 5000, resp_bytes: 300, resp_pkts: 20, ...values });

  test('give a hint that names what is missing', () => {
    const [finding] = judge([bare('10.0.0.7:40000', '203.0.113.9:3000')]);
    expect(finding).toMatchObject({ severity: 'low', confidence: 0.3, subject: { address: '10.0.0.7' } });
    expect(finding?.blindSpots.join()).toContain('no packets');
  });

  test('do not make the server side of an inbound connection a shell', () =>
    expect(judge([bare('10.0.0.7:3000', '198.51.100.7:52297', { history: '^dADa', conn_state: 'OTH', duration: 68 })])).toEqual([]));

  test.each<[string, Partial<ConnRecord>]>([
    ['a recognised protocol', { service: 'ssl' }],
    ['a download', { orig_bytes: 300, resp_bytes: 5_000_000 }],
    ['a short exchange', { duration: 5 }],
    ['a carrier', { carrier: true }],
    ['UDP', { proto: 'udp' }],
  ])('say nothing of %s', (_, values) => expect(judge([bare('10.0.0.7:40000', '203.0.113.9:3000', values)])).toEqual([]));

  test('are not needed where packets were seen', () => {
    const recognised = talk({ uid: 'C2', service: 'http' });
    expect(judge([recognised, bare('10.0.0.7:40000', '203.0.113.9:3000')])).toEqual([]);
  });
});
