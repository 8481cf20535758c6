import { expect, it } from 'vitest';
import { exposedPort } from '../../test/build/exposed-port.ts';
import type { ExposedPort } from '../model/exposure.ts';
import { changesBetween } from './changes.ts';
import { exposureFindings } from './findings.ts';

const all = { has: () => true };
const changes = (before: readonly ExposedPort[] | undefined, after: readonly ExposedPort[], covered = all): string[] =>
  changesBetween(before && { exposures: before }, { exposures: after }, covered).map(
    ({ change, exposure, detail }) => `${change} ${exposure.port}${detail === undefined ? '' : ` ${detail}`}`,
  );
const port = (number: number, more: Partial<ExposedPort> = {}): ExposedPort => exposedPort({ port: number, ...more });

it('tells new, expired, changed and gone ports, in this order', () => {
  const before = [port(1), port(2, { ruling: 'accepted' }), port(3), port(4), port(5, { ruling: 'allowed' })];
  const other = { ...port(3).owner, key: 'machine:m9', name: 'other' };
  const after = [port(2, { ruling: 'expired' }), port(3, { owner: other }), port(4), port(5), port(6)];
  expect(changes(before, after)).toEqual(['new 6', 'expired 2', "changed 3 was web-1's", 'changed 5 was allowed', 'gone 1']);
});

it('tells nothing when nothing changed, nor of ports that somebody stands for', () => {
  const same = [port(1), port(2, { ruling: 'standard' })];
  expect(changes(same, same)).toEqual([]);
  expect(changes([], [port(2, { ruling: 'standard' }), port(3, { ruling: 'allowed' }), port(4, { ruling: 'accepted' })])).toEqual([]);
  // It was accepted meanwhile: whoever did that knows.
  expect(changes([port(1)], [port(1, { ruling: 'accepted' })])).toEqual([]);
  expect(changes([port(1, { ruling: 'expired' })], [port(1, { ruling: 'expired' })])).toEqual([]);
});

it('does not take what was not scanned for closed', () => {
  expect(changes([port(1)], [], { has: () => false })).toEqual([]);
  expect(changes(undefined, [port(1)])).toEqual(['new 1']);
});

it('makes findings with ids that stay, never graver than medium for a machine', () => {
  const standing = [port(22, { ruling: 'standard' }), port(3306, { severity: 'medium', riskClass: 'database' })];
  const [finding, ...rest] = exposureFindings(standing, '2026-11-30T02:20:00Z');
  expect(rest).toEqual([]);
  expect(finding).toMatchObject({
    ...{ schema: 1, detector: 'D49-exposed-service', severity: 'medium', title: 'Dangerous service open to the Internet' },
    subject: { address: '203.0.113.7', machine: 'web-1', project: 'acme' },
    attack: ['T1133', 'T1190'],
  });
  const later = exposureFindings([port(3306, { runs: 9 })], '2026-12-30T02:20:00Z');
  expect(later[0]?.id).toBe(finding?.id);
  expect(exposureFindings([port(3306, { owner: { ...port(1).owner, key: 'machine:m2' } })], '2026-11-30T02:20:00Z')[0]?.id).not.toBe(
    finding?.id,
  );
});
