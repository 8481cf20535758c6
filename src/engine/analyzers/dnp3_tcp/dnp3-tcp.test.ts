import { expect, it } from 'vitest';
import { client, hex, probe, runSession } from '../../../../test/build/run-session.ts';
import { dnp3Tcp } from './dnp3-tcp.ts';

/** A link header of the DNP3 user group's examples: reset link. */
const header = hex('05 64 05 c0 0100 0004 e921');

it('is confirmed by a header whose checksum fits', () => {
  expect(runSession(dnp3Tcp, [client(header)]).services).toEqual(['dnp3_tcp']);
  expect(runSession(dnp3Tcp, [client(header.slice(0, 9)), client(header.slice(9))]).services).toEqual(['dnp3_tcp']);
  expect(runSession(dnp3Tcp, [client(header.replace('\xe9', '\xe8'))])).toMatchObject({ services: [], rejected: 'broken checksum' });
});

it('knows the start octets elsewhere than at its port', () => {
  expect(probe(dnp3Tcp, client(header))).toBe('yes');
  expect(probe(dnp3Tcp, client('\x05\x01'))).toBe('no');
});
