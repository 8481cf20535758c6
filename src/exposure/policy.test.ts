import { describe, expect, it } from 'vitest';
import type { Acceptance, ExposureOwner } from '../model/exposure.ts';
import { type Policy, ruleOn, standardPolicy } from './policy.ts';
import { examplePolicy, isMailAddress, parsePolicy } from './policy-file.ts';

const owner = (more: Partial<ExposureOwner> = {}): ExposureOwner => ({
  ...{ verdict: 'one', key: 'machine:m1', kind: 'machine', id: 'm1', name: 'web-1', project: 'acme', projectId: 'p1' },
  ...{ tags: ['public'], candidates: [], caveats: [] },
  ...more,
});
const now = new Date('2026-11-30T02:15:00Z');
const rule = (port: number, policy: Policy, more: Partial<ExposureOwner> = {}, acceptances: readonly Acceptance[] = []): string =>
  ruleOn({ address: '203.0.113.7', protocol: 'tcp', port, owner: owner(more) }, policy, acceptances, now).ruling;
const allow = (text: string): Policy => parsePolicy('p.yaml', `allow: [{ports: [8080], reason: r, ${text}}]`);

describe('a ruling', () => {
  it('lets machines and load balancers show standard ports; nobody, routers and left-overs none', () => {
    expect([22, 80, 443, 8080].map((port) => rule(port, standardPolicy))).toEqual(['standard', 'standard', 'standard', 'open']);
    expect(rule(443, standardPolicy, { kind: 'load-balancer' })).toBe('standard');
    expect(rule(22, standardPolicy, { kind: 'router' })).toBe('open');
    expect(rule(22, standardPolicy, { kind: 'floating' })).toBe('open');
    const { kind: _, ...nobody } = owner({ verdict: 'unowned' });
    expect(ruleOn({ address: '203.0.113.7', protocol: 'tcp', port: 22, owner: nobody }, standardPolicy, [], now).ruling).toBe('open');
    expect(ruleOn({ address: '203.0.113.7', protocol: 'udp', port: 443, owner: owner() }, standardPolicy, [], now).ruling).toBe('open');
  });

  it.each([
    ['project: acme', true],
    ['project: p1', true],
    ['project: globex', false],
    ['machine: web-1', true],
    ['machine: web-2', false],
    ['tag: public', true],
    ['tag: private', false],
    ['address: 203.0.113.0/28', true],
    ['address: 198.51.100.0/24', false],
    ['project: acme, machine: web-1, tag: private', false],
  ])('narrows by %s', (text, isAllowed) => {
    expect(rule(8080, allow(text))).toBe(isAllowed ? 'allowed' : 'open');
  });

  it('holds on its last day and has expired on the next', () => {
    expect(rule(8080, allow('expires: 2026-11-30'))).toBe('allowed');
    expect(rule(8080, allow('expires: 2026-11-29'))).toBe('expired');
    const both = parsePolicy('p', 'allow: [{ports: 8080, reason: old, expires: 2026-01-01}, {ports: 8080, reason: new}]');
    expect(rule(8080, both)).toBe('allowed');
    expect(rule(22, parsePolicy('p', 'allow: [{ports: 22, reason: old, expires: 2026-01-01}]'))).toBe('standard');
  });

  it('of a person counts for the owner, not for who has the address next', () => {
    const accepted: Acceptance = {
      ...{ address: '203.0.113.7', protocol: 'tcp', port: 8080, ownerKey: 'machine:m1', ownerName: 'web-1' },
      ...{ reason: 'demo', by: 'alice', at: '2026-11-01T00:00:00Z', expires: '2026-12-31' },
    };
    expect(rule(8080, standardPolicy, {}, [accepted])).toBe('accepted');
    expect(rule(8080, standardPolicy, { key: 'machine:m2' }, [accepted])).toBe('open');
    expect(rule(8080, standardPolicy, {}, [{ ...accepted, withdrawn: true }])).toBe('open');
    expect(rule(8080, standardPolicy, {}, [{ ...accepted, expires: '2026-11-29' }])).toBe('expired');
  });
});

describe('a policy file', () => {
  it('may have every key of the example', () => {
    const policy = parsePolicy('policy.yaml', examplePolicy);
    expect(policy).toMatchObject({
      standardPorts: [22, 80, 443],
      exclude: [{ address: '203.0.113.66', reason: 'asked for by its owner on 2026-10-02' }],
      contacts: { acme: ['ops@acme.example'] },
    });
    expect(policy.allow).toHaveLength(3);
    expect(policy.allow[1]).toMatchObject({ tcp: [53], udp: [53], tag: 'dns' });
    expect(policy.riskClasses.find(({ name }) => name === 'database')?.tcp).toEqual([1433, 3306, 5432, 27017]);
    expect(policy.riskClasses.some(({ name }) => name === 'industrial control')).toBe(false);
    expect(parsePolicy('empty.yaml', '')).toEqual({ ...standardPolicy, source: 'empty.yaml' });
  });

  it.each([
    ['standardport: [22]', /unknown key "standardport", known are standardPorts/],
    ['allow: [{ports: [80], expire: 2027-01-01, reason: x}]', /unknown key "expire" in allow\[0\]/],
    ['allow: [{ports: [80]}]', /allow\[0\] has no reason/],
    ['allow: [{reason: x}]', /ports is missing/],
    ['allow: [{ports: [70000], reason: x}]', /"70000" is no port/],
    ['allow: [{ports: [80], reason: x, expires: 2027-02-30}]', /no date/],
    ['allow: [{ports: [80], reason: x, address: web}]', /no address or CIDR/],
    ['contacts: {acme: ["a@b, c@d"]}', /no mail address/],
    ['allow: {}', /allow must be a list/],
    ['[1]', /must be a map/],
    ['a: [', /is not YAML/],
  ])('says what is wrong with %s', (text, sentence) => {
    expect(() => parsePolicy('policy.yaml', text)).toThrow(sentence);
  });

  it('takes no mail address that could add a header or a recipient', () => {
    expect(isMailAddress('ops@acme.example')).toBe(true);
    for (const text of ['a@b\r\nBcc: c@d', 'a@b,c@d', '<a@b>', 'a b@c', 'ab', 'a@b@c']) expect(isMailAddress(text)).toBe(false);
  });
});
