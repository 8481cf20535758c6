import { expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { ldapUdp } from './ldap-udp.ts';

const search = client(hex('30 0c 02 01 01 63 07 04 00 0a 01 00 0a 00'));

it('is confirmed by a whole message', () => {
  expect(runSession(ldapUdp, [search]).services).toEqual(['ldap_udp']);
  expect(runSession(ldapUdp, [client(search[1].slice(0, 8))]).rejected).toBeDefined();
});

it('knows requests and answers elsewhere than at its port', () => {
  expect(probe(ldapUdp, search)).toBe('yes');
  expect(probe(ldapUdp, client(hex('30 03 02 01')))).toBe('no');
  expect(probe(ldapUdp, server('\x30'))).toBe('yes');
});
