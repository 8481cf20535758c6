import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { analyzeHere } from '../support/analyze-here.ts';

const samples = join(import.meta.dirname, '../../samples');

interface Expected {
  readonly detector: string;
  readonly subject: string;
  readonly severity: string;
  readonly context?: string;
}

const expected = JSON.parse(readFileSync(join(samples, 'expected.json'), 'utf8')) as Record<string, readonly Expected[]>;

const isGrave = ({ severity }: Finding): boolean => severity === 'high' || severity === 'critical';

test('every sample has an expectation', () => {
  expect(
    readdirSync(samples)
      .filter((name) => !/^(README|expected|inventory)/.test(name))
      .sort(),
  ).toEqual(Object.keys(expected).sort());
});

test.each(Object.entries(expected))('%s shows what its story says, and accuses nobody else', async (name, wanted) => {
  const { findings } = await analyzeHere([join(samples, name)]);
  for (const { detector, subject, severity, context } of wanted) {
    const hits = findings.filter((finding) => finding.detector.startsWith(`${detector}-`) && finding.subject.address === subject);
    expect(hits.map((finding) => finding.severity)).toContain(severity);
    if (context !== undefined) expect(hits.map((finding) => finding.subject.context)).toContain(context);
  }
  const accused = new Set(wanted.map(({ subject }) => subject));
  expect(findings.filter((finding) => isGrave(finding) && !accused.has(finding.subject.address))).toEqual([]);
});

test('replaying a sample gives byte-identical findings', async () => {
  const input = [join(samples, 'reverse-shell.pcap')];
  const [first, second] = [await analyzeHere(input), await analyzeHere(input)];
  expect(JSON.stringify(second.findings)).toBe(JSON.stringify(first.findings));
  expect(first.findings.length).toBeGreaterThan(0);
});

test('tenants of equal addresses stay apart', async () => {
  const { findings } = await analyzeHere([join(samples, 'mirrored-tenants.pcap')]);
  expect(findings.filter((finding) => finding.subject.context === 'vxlan:11')).toEqual([]);
  expect(findings.filter((finding) => finding.subject.address.startsWith('172.29.'))).toEqual([]);
});

test('logs alone: the same rows, nothing judged, nothing hashed', async () => {
  const input = [join(samples, 'reverse-shell.pcap')];
  const [whole, logs] = [await analyzeHere(input), await analyzeHere(input, { onlyLogs: true })];
  expect(logs.rows).toEqual(whole.rows);
  expect(logs.findings).toEqual([]);
  expect(logs.summary.map(({ text }) => text)).toContain('Logs alone: nothing was judged.');
});
