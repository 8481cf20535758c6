import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { irc } from './irc.ts';

describe('irc', () => {
  it('is confirmed by a line of the client', () => {
    expect(runSession(irc, [server(':irc.example NOTICE * :hi\r\n')]).services).toEqual([]);
    expect(runSession(irc, [client('NICK me\r\n')]).services).toEqual(['irc']);
  });

  it('is refused for a number that is no reply', () => {
    expect(runSession(irc, [client('NICK me\r\n'), server('12 x\r\n')])).toMatchObject({ services: [], rejected: 'invalid reply number' });
  });

  it('announces a DCC transfer, and says so when its port is impossible', () => {
    const send = (port: string) => runSession(irc, [client(`:a!b@c PRIVMSG d :\x01DCC SEND f.txt 3232235876 ${port} 10\x01\r\n`)]);
    expect(send('4000').expectations).toMatchObject([{ serverAddress: '192.168.1.100', serverPort: 4000, analyzer: 'irc-dcc-data' }]);
    expect(send('70000')).toMatchObject({ expectations: [], weirds: ['irc_invalid_dcc_port'] });
  });

  it('gives way to TLS', () => {
    const flow = runSession(irc, [client('STARTTLS\r\n'), server(':irc.example 670 * :go ahead\r\n')]);
    expect(flow).toMatchObject({ services: ['irc'], handedTo: ['ssl'] });
  });

  it('knows registration and replies elsewhere than at its ports', () => {
    expect(probe(irc, client('NICK me\r\nUSER me 0 * :me\r\n'))).toBe('yes');
    expect(probe(irc, client('USER me 0 * :me\r\nNICK me\r\n'))).toBe('yes');
    expect(probe(irc, client('NICK me\r\n'))).toBe('more');
    expect(probe(irc, server(':irc.example 001 me :Welcome\r\n'))).toBe('yes');
    expect(probe(irc, server('250 ok\r\n'))).toBe('yes');
    expect(probe(irc, server('+OK ready\r\n'))).toBe('more');
  });
});
