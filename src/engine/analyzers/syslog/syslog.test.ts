import { expect, it } from 'vitest';
import { client, probe, runSession } from '../../../../test/build/run-session.ts';
import { syslog } from './syslog.ts';

it('is confirmed by any datagram at its port, and never elsewhere', () => {
  expect(runSession(syslog, [client('<13>hello')]).services).toEqual(['syslog']);
  expect(probe(syslog, client('<13>hello'))).toBe('no');
});
