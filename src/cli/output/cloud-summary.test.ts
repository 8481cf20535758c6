import { expect, it } from 'vitest';
import type { CheckCloudResult } from '../../workflows/check-cloud.ts';
import { cloudSummary } from './cloud-summary.ts';

const result: CheckCloudResult = {
  cloud: 'c',
  healthy: false,
  identity: { userId: 'u', userName: 'eve\u001b[2J', roles: ['reader'], isAdmin: false },
  scope: 'project p',
  services: [
    { type: 'identity', url: 'http://k/v3', latencyMs: 3 },
    { type: 'network', problem: 'the catalogue does not have it' },
  ],
  kinds: [
    { kind: 'ports', sees: 'part' },
    { kind: 'hosts', sees: 'nothing' },
  ],
  gaps: [{ kind: 'ports', reason: 'own-project', detail: 'short' }],
  mayChange: 'perhaps own project',
  clockOffsetMs: -90_000,
  clockErrorMs: 500,
};

it('is shown line by line, without control characters', () => {
  const text = cloudSummary(result);
  expect(text.split('\n')).toEqual([
    'cloud       c',
    'user        eve [2J, scope project p, roles reader',
    'token       has no end',
    expect.stringMatching(/^clock {7}-90\.0 s \(± 0\.5 s\) from ours: set both by NTP/),
    'identity    http://k/v3  3 ms',
    'network     FAILS: the catalogue does not have it',
    'sees all of nothing',
    'in part     ports',
    'not at all  hosts',
    'may change  nothing, or with older policies what is in its own project (by the usual policies)',
    'gap         ports: own-project: short',
    '',
  ]);
});
