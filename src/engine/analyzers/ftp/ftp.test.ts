import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { ftp } from './ftp.ts';
import { extendedEndpoint, sixNumberEndpoint } from './ftp-addresses.ts';

describe('ftp', () => {
  it('is confirmed by the first command, not by the greeting', () => {
    expect(runSession(ftp, [server('220 ready\r\n')]).services).toEqual([]);
    const flow = runSession(ftp, [
      server('220-hello\r\n there\r\n220 ready\r\n'),
      client('user anonymous\r\n'),
      server('331 password\r\n'),
    ]);
    expect(flow.services).toEqual(['ftp']);
    expect(flow.inactivity).toBe(3600e6);
  });

  it('loses the service when the server does not answer in codes', () => {
    for (const reply of ['hello\r\n', '099 no\r\n', '220ready\r\n']) {
      const flow = runSession(ftp, [client('USER x\r\n'), server(reply)]);
      expect(flow).toMatchObject({ services: [], rejected: expect.any(String) });
    }
  });

  it('passes over lines that are no commands', () => {
    expect(runSession(ftp, [client('\x16\x03\x01\r\nab\r\n')]).services).toEqual([]);
  });

  it('announces where the client waits (PORT, EPRT) and where the server waits (PASV, EPSV)', () => {
    const flow = runSession(ftp, [
      client('PORT 192,0,2,1,4,1\r\nEPRT |2|2001:db8::1|1026|\r\nPASV\r\n'),
      server('227 Entering Passive Mode (198,51,100,1,4,3).\r\n'),
      client('EPSV\r\n'),
      server('229 Entering Extended Passive Mode (|||1028|)\r\n227 again (1,2,3,4,5,6)\r\n'),
    ]);
    const where = flow.expectations.map(({ clientAddress, serverAddress, serverPort, analyzer }) => [
      clientAddress,
      serverAddress,
      serverPort,
      analyzer,
    ]);
    expect(where).toEqual([
      ['198.51.100.1', '192.0.2.1', 1025, 'ftp-data'],
      ['198.51.100.1', '2001:db8::1', 1026, 'ftp-data'],
      ['192.0.2.1', '198.51.100.1', 1027, 'ftp-data'],
      ['192.0.2.1', '198.51.100.1', 1028, 'ftp-data'],
    ]);
  });

  it('gives way to TLS after AUTH TLS', () => {
    expect(runSession(ftp, [client('AUTH TLS\r\n'), server('234 go\r\n')]).handedTo).toEqual(['ssl']);
    expect(runSession(ftp, [client('AUTH TLS\r\n'), server('534 no\r\n')]).handedTo).toEqual([]);
  });

  it('knows GridFTP by the TLS handshake in its security tokens', () => {
    const flow = runSession(ftp, [
      client('AUTH GSSAPI\r\n'),
      server('334 go\r\n'),
      client('ADAT FgMBAAA=\r\n'),
      server('335 ADAT=FgMBAAA=\r\n'),
      client('ADAT FgMBAAA=\r\n'),
      server('235 done\r\n'),
    ]);
    expect(flow.services).toEqual(['ftp', 'ssl', 'gridftp']);
  });

  it('passes over zero bytes within a command', () => {
    expect(runSession(ftp, [client('US\0ER x\r\n')]).services).toEqual(['ftp']);
  });

  it('wants both sides to look like FTP elsewhere than at its port', () => {
    expect(probe(ftp, client('USER x\r\n'))).toBe('yes');
    expect(probe(ftp, client('GET / HTTP/1.1\r\n'))).toBe('more');
    expect(probe(ftp, server('220 ready\r\n331 password\r\n'))).toBe('yes');
    expect(probe(ftp, server('220 ready\r\n'))).toBe('more');
    expect(probe(ftp, server('x'.repeat(1024)))).toBe('no');
  });
});

describe('endpoints of FTP', () => {
  it('refuses numbers out of range', () => {
    expect(sixNumberEndpoint('1,2,3,256,1,1')).toBeUndefined();
    expect(sixNumberEndpoint('1,2,3,4,0,0')).toBeUndefined();
    expect(extendedEndpoint('|1|1.2.3.4|65536|')).toBeUndefined();
    expect(extendedEndpoint('(!!!21!)')).toEqual({ address: undefined, port: 21 });
  });
});
