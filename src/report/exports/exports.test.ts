import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proven, testAttack, testFinding, testInvestigation } from '../../../test/build/investigation.ts';
import { type Indicator, indicatorsOf } from '../indicators.ts';
import { csvCell, indicatorsCsv } from './indicators-csv.ts';
import { stixBundle } from './stix.ts';
import { suricataContent, suricataRules } from './suricata-rules.ts';
import { zeekIntel } from './zeek-intel.ts';

const investigation = testInvestigation([proven(testFinding()), proven(testAttack())]);
const indicators = indicatorsOf(investigation);

const indicator = (kind: Indicator['kind'], value: string, port?: number): Indicator => ({
  ...{
    kind,
    value,
    worth: 'easy',
    confidence: 0.9,
    firstSeen: 1.6e15,
    lastSeen: 1.6e15,
    findings: [{ id: 'D31-x-1', title: 'Reverse shell' }],
  },
  ...(port !== undefined && { port }),
});

describe('indicators', () => {
  it('are the ends of the attacker and the weak endpoint, what hurts most first', () => {
    expect(indicators.map(({ kind, value, port, worth }) => [kind, value, port, worth])).toEqual([
      ['endpoint', '/dangerzone?category=', undefined, 'tough'],
      ['address', '198.51.100.66', undefined, 'easy'],
      ['address', '203.0.113.9', 4444, 'easy'],
    ]);
  });

  it('are never the victims of a scan, our own ends, or ends that the operator vouches for', () => {
    const scan = testFinding({ detector: 'D02-port-scan', peers: [{ address: '192.0.2.1' }] });
    expect(indicatorsOf(testInvestigation([proven(scan)]))).toEqual([]);
    const inside = testFinding({ peers: [{ address: '10.0.0.9', port: 22 }] });
    expect(indicatorsOf(testInvestigation([proven(inside)]))).toEqual([]);
    expect(indicatorsOf({ ...testInvestigation([proven(testFinding())]), knownAs: () => 'jump host' })).toEqual([]);
  });
});

describe('iocs.csv', () => {
  it.each(['=1+1', '+1', '-1', '@x', '|calc', '\t=1'])('neutralises a cell that a spreadsheet would compute: %j', (text) => {
    expect(csvCell(text)).toMatch(/^"['⟨]/);
  });

  it('has one line an indicator, whatever is in it', () => {
    const lines = indicatorsCsv([indicator('url', 'http://x/"a",\r\nb')]).split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('"http://x/""a"",⟨U+000D⟩⟨U+000A⟩b"');
  });
});

describe('iocs.intel', () => {
  it('is what the intelligence framework of Zeek reads', () => {
    const [header, ...lines] = zeekIntel([indicator('address', '203.0.113.9', 4444), indicator('url', 'http://evil.example/x')])
      .trimEnd()
      .split('\n');
    expect(header).toBe('#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url');
    expect(lines.map((line) => line.split('\t').slice(0, 3))).toEqual([
      ['203.0.113.9', 'Intel::ADDR', 'vedette'],
      ['evil.example/x', 'Intel::URL', 'vedette'],
    ]);
    expect(
      zeekIntel([indicator('domain', 'a\tb\nc')])
        .trimEnd()
        .split('\n'),
    ).toHaveLength(1);
  });
});

describe('iocs.rules', () => {
  it('keeps the identifier of an indicator, within 9,000,000 and 9,899,999', () => {
    const sids = (list: readonly Indicator[]) => [...suricataRules(list).matchAll(/sid:(\d+);/g)].map(([, sid]) => Number(sid));
    const [first = 0] = sids([indicator('domain', 'evil.example')]);
    expect(first).toBeGreaterThanOrEqual(9_000_000);
    expect(first).toBeLessThan(9_900_000);
    expect(sids([indicator('address', '203.0.113.9'), indicator('domain', 'evil.example')])[1]).toBe(first);
  });

  it('has no semicolon inside of a value', () => {
    for (const [, value] of suricataRules(indicators).matchAll(/"([^"]*)"/g)) expect(value).not.toContain(';');
  });

  it('escapes content so that it cannot end its option', () => {
    expect(suricataContent('a";sid:1;|x')).toBe('a|22 3B|sid|3A|1|3B 7C|x');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(suricataContent(text)).toMatch(/^(?:[ !#-9<-[\]-{}~]|\|[0-9A-F]{2}(?: [0-9A-F]{2})*\|)*$/);
        const [, ...rules] = suricataRules([indicator('user-agent', text), indicator('url', `http://h/${text}`)])
          .trimEnd()
          .split('\n');
        for (const rule of rules) {
          // Without its quoted values a rule has our own words alone.
          expect(rule.replace(/"[^"]*"/g, '""')).toMatch(
            /^alert [\w$ >-]+ \(msg:""; [a-z_:,."; ]*classtype:trojan-activity; [\w:,; ]+; rev:1;\)$/,
          );
        }
      }),
    );
  });
});

describe('iocs.stix.json', () => {
  const bundle = JSON.parse(
    stixBundle(
      indicators,
      investigation.findings.map(({ finding }) => finding),
      investigation.lastAt,
    ),
  ) as {
    type: string;
    id: string;
    objects: { type: string; id: string; [key: string]: unknown }[];
  };

  it('is a bundle of STIX 2.1 with the properties that each type requires', () => {
    const uuid = /^[a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const required: Readonly<Record<string, readonly string[]>> = {
      identity: ['created', 'modified', 'name', 'identity_class'],
      indicator: ['created', 'modified', 'pattern', 'pattern_type', 'valid_from'],
      'observed-data': ['created', 'modified', 'first_observed', 'last_observed', 'number_observed', 'object_refs'],
      'ipv4-addr': ['value'],
    };
    expect(bundle).toMatchObject({ type: 'bundle', id: expect.stringMatching(uuid) });
    const ids = new Set(bundle.objects.map(({ id }) => id));
    expect(ids.size).toBe(bundle.objects.length);
    for (const object of bundle.objects) {
      expect(object.id).toMatch(uuid);
      expect(object['spec_version']).toBe('2.1');
      expect(Object.keys(object)).toEqual(expect.arrayContaining([...(required[object.type] ?? ['unknown type'])]));
      for (const ref of (object['object_refs'] as string[] | undefined) ?? []) expect(ids.has(ref)).toBe(true);
      if ('created_by_ref' in object) expect(ids.has(String(object['created_by_ref']))).toBe(true);
    }
    expect(new Set(bundle.objects.map(({ type }) => type))).toEqual(new Set(['identity', 'indicator', 'observed-data', 'ipv4-addr']));
  });

  it('names an address as every other producer does', () => {
    // STIX 2.1 §2.9: version 5 of the value in the namespace of observables.
    const one = bundle.objects.find(({ type, value }) => type === 'ipv4-addr' && value === '198.51.100.66');
    expect(one?.id).toMatch(/^ipv4-addr--/);
  });

  it('escapes what would end a literal of a pattern', () => {
    const text = stixBundle([indicator('user-agent', "a' OR [x]\\")], [], 0);
    expect((JSON.parse(text) as typeof bundle).objects.find(({ type }) => type === 'indicator')?.['pattern']).toBe(
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'a\\' OR [x]\\\\']",
    );
  });
});
