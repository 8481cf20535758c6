import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../base/ip.ts';
import { epochMicros } from '../../base/units.ts';
import { type Case, caseOf, type JournalledEvent } from '../../model/case.ts';
import type { Finding } from '../../model/finding.ts';
import { incidentReport } from './incident-report.ts';
import { isOutside, tenantNotice } from './tenant-notice.ts';

const by = { who: 'ines', host: 'net-1', at: '2026-11-29T10:00:00.000Z' };
const own = { address: '10.0.1.12', machine: 'web-1', project: 'shop', context: 'vni 11' };
const events: JournalledEvent[] = [
  { event: 'created', title: 'Shell on web-1', findings: [], subjects: [own], from: '/srv/out', findingsSha256: '', ...by },
  { event: 'note', text: '<script>alert(1)</script> | a note \u001b[31m', ...by },
  { event: 'check', item: 'extent', state: 'done', note: 'only this one', ...by },
  { event: 'evidence', path: '/srv/evidence/1', sumsSha256: 'ab'.repeat(32), key: 'cd'.repeat(32), ...by },
  { event: 'notify-failed', channel: 'team', id: 'x', reason: 'HTTP 503', ...by },
  { event: 'status', status: 'contained', reason: 'in quarantine', ...by },
];
const one = caseOf('case-2026-001', events) as Case;
const span = { firstSeen: epochMicros(1_795_900_000e6), lastSeen: epochMicros(1_795_900_100e6), count: 1 };

const findingAbout = (rest: Partial<Finding>): Finding => ({
  ...{ schema: 1, id: 'D31-1', detector: 'D31-interactive-shell', title: 'Reverse shell', severity: 'high', confidence: 0.9, subject: own },
  ...{
    peers: [],
    ...span,
    summary: 'a shell',
    evidence: {},
    attack: ['T1059'],
    benign: ['An administrator.'],
    blindSpots: ['TLS.'],
    records: ['C1'],
    ...rest,
  },
});

describe('the incident report', () => {
  const input = { version: '0.1.0', at: by.at, case: one, findings: [findingAbout({ peers: [{ address: '203.0.113.9', port: 4444 }] })] };

  it.each(['en', 'nb'] as const)('in %s says what was found, done and left, and where the proof is', (language) => {
    const { html, markdown } = incidentReport({ ...input, language });
    for (const text of [html, markdown.replaceAll('\\', '')]) {
      for (const part of [
        'web-1',
        '203.0.113.9:4444',
        '/srv/evidence/1',
        'ab'.repeat(32),
        'only this one',
        'HTTP 503',
        'in quarantine',
        'D31-1',
      ]) {
        expect(text).toContain(part);
      }
    }
    expect(html).toContain(language === 'en' ? 'contained' : 'isolert');
    expect(incidentReport({ ...input, language }).html).toBe(html);
  });

  it('shows what was written as text', () => {
    const { html, markdown } = incidentReport({ ...input, language: 'en' });
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(`${html}${markdown}`).not.toContain('\u001b');
    expect(markdown).not.toMatch(/(?<!\\)<script/);
  });
});

describe('the notice to a tenant', () => {
  const ours = [parseCidr('198.51.100.0/24'), parseCidr('2001:db8:1::/48')].flatMap((range) => range ?? []);
  const input = { case: one, machine: own, ours, language: 'en' as const };
  const textOf = (findings: readonly Finding[], rest = {}): string => {
    const { html, markdown } = tenantNotice({ ...input, findings, ...rest });
    return `${html}\n${markdown.replaceAll('\\', '')}`;
  };

  it('says in plain words what was seen, what was done and what to do', () => {
    const text = textOf([findingAbout({ peers: [{ address: '203.0.113.9', port: 4444 }] })], {
      contact: 'abuse@example.org',
      answerBy: '2026-12-05',
    });
    for (const part of [
      'web-1',
      '10.0.1.12',
      'shop',
      '203.0.113.9',
      'abuse@example.org',
      '2026-12-05',
      'case-2026-001',
      'as if sitting at its keyboard',
      'cut your machine off',
    ]) {
      expect(text).toContain(part);
    }
    expect(textOf([findingAbout({})], { language: 'nb' })).toContain('som om de satt ved tastaturet');
  });

  it('shows outside addresses only where it is known which are ours', () => {
    const findings = [findingAbout({ peers: [{ address: '203.0.113.9' }, { address: '198.51.100.7' }, { address: '2001:db8:1::5' }] })];
    expect(textOf(findings)).toContain('203.0.113.9');
    expect(textOf(findings)).toContain('2 addresses are left out');
    expect(textOf(findings, { ours: undefined })).not.toContain('203.0.113.9');
    for (const address of [
      '10.0.0.9',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.169.254',
      'fd00::1',
      'fe80::1',
      '::1',
      '198.51.100.7',
      '2001:db8:1::5',
      '::ffff:10.0.0.9',
      'web-2',
      '',
    ]) {
      expect(isOutside(address, ours), address).toBe(false);
    }
    expect(isOutside('203.0.113.9', ours)).toBe(true);
  });

  it('never holds a word of another tenant, wherever it stands in a finding', () => {
    const secret = fc.constantFrom(
      'tenant-b-db',
      'project-zebra',
      '10.0.7.77',
      '198.51.100.77',
      'fd00:7::77',
      'mallory@zebra.example',
      'vni 4077',
    );
    const text = fc.tuple(fc.string({ maxLength: 10 }), secret, fc.string({ maxLength: 10 })).map((parts) => parts.join(' '));
    const address = fc.constantFrom('10.0.7.77', '198.51.100.77', 'fd00:7::77', 'tenant-b-db');
    const finding = fc.record({
      ...{ id: text, title: text, summary: text },
      detector: fc.oneof(
        text,
        fc.integer({ min: 1, max: 60 }).map((number) => `D${String(number).padStart(2, '0')}-x`),
      ),
      peers: fc.array(fc.record({ address, name: text, port: fc.nat({ max: 65_535 }) }), { maxLength: 4 }),
      evidence: fc.dictionary(text, text, { maxKeys: 3 }),
      ...{ benign: fc.array(text), blindSpots: fc.array(text), records: fc.array(text), attack: fc.array(text) },
      subject: fc.constantFrom(
        own,
        { ...own, context: 'vni 4077', machine: 'tenant-b-db' },
        { address: '10.0.7.77', machine: 'tenant-b-db', project: 'project-zebra' },
      ),
    });
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 5 }), (findings) => {
        const all = [findingAbout({}), ...findings.map(findingAbout)];
        const subjects = [own, { address: '10.0.7.77', machine: 'tenant-b-db', project: 'project-zebra' }];
        const title = 'tenant-b-db of project-zebra, too';
        const shown = textOf(all, { case: { ...one, title, subjects, from: '/srv/project-zebra' } });
        expect(shown).not.toMatch(/zebra|tenant-b|7[.:]+77|100\.77|4077/);
      }),
    );
  });

  it('leaves out the findings of a machine with the same address in another network', () => {
    const other = findingAbout({ detector: 'D13-syn-flood', subject: { ...own, context: 'vni 12' } });
    expect(textOf([findingAbout({}), other])).not.toContain('availability');
  });

  it('tells a machine that was only attacked so', () => {
    const attack = findingAbout({
      detector: 'D44-command-injection',
      subject: { address: '203.0.113.66', context: 'vni 11' },
      peers: [{ address: own.address }],
    });
    expect(textOf([attack])).toContain('Your machine web-1 was attacked');
  });
});
