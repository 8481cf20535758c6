import { describe, expect, it } from 'vitest';
import { port as makePort } from '../../test/build/cloud-world.ts';
import type { MeasuredHost } from '../model/exposure.ts';
import type { Port, SecurityGroup, SecurityRule } from '../model/inventory.ts';
import { type Groups, intendedView } from './intended.ts';
import { silentRules } from './silent-rules.ts';

const rule = (id: string, more: Partial<SecurityRule>): SecurityRule => ({ id, groupId: 'web', direction: 'toVm', ipVersion: 4, ...more });
const groupsOf = (...rules: SecurityRule[]): Groups => {
  const web: SecurityGroup = { id: 'web', name: 'web', projectId: 'acme', description: '', stateful: true, rules };
  return { group: (id) => (id === 'web' ? web : undefined), memberCount: () => 3 };
};
const port = (more: Partial<Port> = {}): Port => makePort('p1', 'm1', more);
const view = (groups: Groups, number = 3306, more: Partial<Port> = {}): string =>
  intendedView(port(more), groups, { protocol: 'tcp', port: number, ipVersion: 4 }).verdict;

describe('the intended view', () => {
  it.each<[string, Partial<SecurityRule>, string]>([
    ['anybody', {}, 'open'],
    ['0.0.0.0/0', { remoteCidr: '0.0.0.0/0' }, 'open'],
    ['half of the Internet', { remoteCidr: '128.0.0.0/1' }, 'open'],
    ['a /8 of the Internet', { remoteCidr: '8.0.0.0/8' }, 'open'],
    ['a private /8', { remoteCidr: '10.0.0.0/8' }, 'restricted'],
    ['an office', { remoteCidr: '198.51.100.0/24' }, 'restricted'],
    ['members of a group', { remoteGroupId: 'app' }, 'restricted'],
    ['an address group', { remoteAddressGroupId: 'ag' }, 'restricted'],
    ['another protocol', { protocol: 'udp' }, 'closed'],
    ['the protocol by its number', { protocol: '6', from: 3306, to: 3306 }, 'open'],
    ['other ports', { protocol: 'tcp', from: 1, to: 3305 }, 'closed'],
    ['a range around it', { protocol: 'tcp', from: 1, to: 65_535 }, 'open'],
    ['traffic out', { direction: 'fromVm' }, 'closed'],
    ['IPv6', { ipVersion: 6 }, 'closed'],
  ])('of a rule for %s', (_, more, verdict) => {
    expect(view(groupsOf(rule('r1', more)))).toBe(verdict);
  });

  it('says when nothing is enforced, and when a group is not known', () => {
    expect(view(groupsOf(), 80, { portSecurity: false })).toBe('unenforced');
    expect(view(groupsOf(), 80, { securityGroupIds: ['web', 'unknown'] })).toBe('unknown');
    expect(view(groupsOf(rule('r1', {})), 80, { securityGroupIds: ['web', 'unknown'] })).toBe('open');
    expect(intendedView(undefined, groupsOf(), { protocol: 'tcp', port: 80, ipVersion: 4 }).verdict).toBe('unknown');
  });

  it('writes rules with groups expanded', () => {
    const groups = groupsOf(rule('r1', { protocol: 'tcp', from: 80, to: 90, remoteGroupId: 'web' }), rule('r2', {}));
    expect(intendedView(port(), groups, { protocol: 'tcp', port: 80, ipVersion: 4 }).rules).toEqual([
      'tcp 80-90 from members of web (3) (group web)',
      'everything from 0.0.0.0/0 (group web)',
    ]);
  });
});

describe('rules that nothing uses', () => {
  const host = (...open: number[]): MeasuredHost => ({
    ...{ address: '203.0.113.7', state: 'up', reason: 'syn-ack', others: [], at: '' },
    ports: open.map((one) => ({ protocol: 'tcp', port: one, state: 'open', reason: 'syn-ack', service: '' })),
  });
  const groups = groupsOf(rule('r1', { protocol: 'tcp', from: 80, to: 80 }), rule('r2', { protocol: 'tcp', from: 9000, to: 9000 }));
  const scanned = { tcp: new Set([80, 443]), udp: new Set<number>() };
  const silent = (...hosts: MeasuredHost[]): string[] =>
    silentRules(
      hosts.map((one, i) => ({ host: one, port: port(), machine: `web-${i}` })),
      groups,
      scanned,
      (id) => id,
    ).map(({ text }) => text);

  it('are those whose ports were asked and are open nowhere', () => {
    expect(silent(host(443))).toEqual(['tcp 80 from 0.0.0.0/0 (group web): nothing listens on web-0; the rule may go']);
    expect(silent(host(443), host())).toEqual(['tcp 80 from 0.0.0.0/0 (group web): nothing listens on any of 2 machines; the rule may go']);
    expect(silent(host(443), host(80))).toEqual([]);
  });

  it('are not those of a host that could not be scanned', () => {
    expect(silent({ ...host(), failed: 'took too long' })).toEqual([]);
  });
});
