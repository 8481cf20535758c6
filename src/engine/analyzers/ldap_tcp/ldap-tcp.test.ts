import { describe, expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { ldapTcp } from './ldap-tcp.ts';

const bind = client(hex('30 0c 02 01 01 60 07 02 01 03 04 00 80 00'));
const bindAnswer = server(hex('30 0c 02 01 01 61 07 0a 01 00 04 00 04 00'));
const startTls = client(`${hex('30 1d 02 01 01 77 18 80 16')}1.3.6.1.4.1.1466.20037`);

describe('ldap_tcp', () => {
  it('is confirmed by a whole message', () => {
    expect(runSession(ldapTcp, [bind])).toMatchObject({ services: ['ldap_tcp'], finished: true });
    expect(runSession(ldapTcp, [client(bind[1].slice(0, 3)), client(bind[1].slice(3))]).services).toEqual(['ldap_tcp']);
    expect(runSession(ldapTcp, [bindAnswer]).services).toEqual(['ldap_tcp']);
  });

  it('is refused for another envelope', () => {
    expect(runSession(ldapTcp, [client('GET / HTTP/1.1\r\n')]).rejected).toBeDefined();
    expect(runSession(ldapTcp, [client(hex('30 06 04 01 41 60 01 00'))]).rejected).toBe('malformed message');
    expect(runSession(ldapTcp, [client(hex('30 80 02 01 01'))]).rejected).toBeDefined();
  });

  it('gives way to TLS after StartTLS', () => {
    expect(runSession(ldapTcp, [startTls, server(hex('30 0c 02 01 01 78 07 0a 01 00 04 00 04 00'))]).handedTo).toEqual(['ssl']);
    expect(runSession(ldapTcp, [startTls, server(hex('30 0c 02 01 01 78 07 0a 01 02 04 00 04 00'))])).toMatchObject({
      handedTo: [],
      finished: true,
    });
  });

  it('knows requests and answers elsewhere than at its ports', () => {
    expect(probe(ldapTcp, bind)).toBe('yes');
    expect(probe(ldapTcp, client(hex('30 84 00000010 02 01 05 63')))).toBe('yes');
    expect(probe(ldapTcp, client(hex('30 84 00')))).toBe('more');
    expect(probe(ldapTcp, client(hex('30 0c 02 01 01 a0')))).toBe('no');
    expect(probe(ldapTcp, server('\x30'))).toBe('yes');
    expect(probe(ldapTcp, server('HTTP'))).toBe('no');
  });
});
