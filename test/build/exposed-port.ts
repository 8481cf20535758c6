// An open port of a report, with usual values.
import type { ExposedPort } from '../../src/model/exposure.ts';

export function exposedPort(more: Partial<ExposedPort> = {}): ExposedPort {
  return {
    ...{ address: '203.0.113.7', protocol: 'tcp', port: 8080, service: 'http-proxy', reason: 'syn-ack' },
    owner: {
      ...{ verdict: 'one', key: 'machine:m1', kind: 'machine', id: 'm1', name: 'web-1', project: 'acme', projectId: 'p1', user: 'alice' },
      ...{ tags: [], candidates: [], caveats: [] },
    },
    ...{ severity: 'low', ruling: 'open', intended: { verdict: 'open', rules: [] }, since: '2026-11-30T02:15:00.000Z', runs: 1 },
    ...more,
  };
}
