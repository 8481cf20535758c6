import { expect, it } from 'vitest';
import { client, hex, runSession } from '../../../../test/build/run-session.ts';
import { dnp3Udp } from './dnp3-udp.ts';

it('is confirmed by a header whose checksum fits', () => {
  expect(runSession(dnp3Udp, [client(hex('05 64 05 c0 0100 0004 e921'))]).services).toEqual(['dnp3_udp']);
  expect(runSession(dnp3Udp, [client(hex('05 64 05 c0 0100 0004 e922'))]).rejected).toBeDefined();
  expect(runSession(dnp3Udp, [client(hex('05 64'))]).rejected).toBeDefined();
});
