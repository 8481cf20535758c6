import { describe, expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { postgresql } from './postgresql.ts';

const startUp = (parameters: string): string => {
  const length = 9 + parameters.length;
  return `\0\0\0${String.fromCharCode(length)}${hex('00030000')}${parameters}\0`;
};
const tlsRequest = client(hex('00000008 04d2162f'));

describe('postgresql', () => {
  it('is confirmed by a start-up message', () => {
    const flow = runSession(postgresql, [client(startUp('user\0me\0database\0db\0')), server(`R${hex('00000008 00000000')}`)]);
    expect(flow).toMatchObject({ services: ['postgresql'], finished: true });
  });

  it('gives way to TLS when the server agrees, and goes on when it does not', () => {
    expect(runSession(postgresql, [tlsRequest, server('S')])).toMatchObject({ services: ['postgresql'], handedTo: ['ssl'] });
    expect(runSession(postgresql, [tlsRequest, server('N'), client(startUp('user\0me\0'))])).toMatchObject({
      services: ['postgresql'],
      handedTo: [],
    });
    expect(runSession(postgresql, [tlsRequest, server('x')]).rejected).toBeDefined();
  });

  it('is refused for another version, malformed parameters or messages', () => {
    expect(runSession(postgresql, [client(`${hex('0000000c 00020000')}user`)]).rejected).toBeDefined();
    expect(runSession(postgresql, [client(startUp('us\x01er\0me\0'))]).rejected).toBeDefined();
    expect(runSession(postgresql, [client(startUp('user\0me\0')), server(`R${hex('00000001')}`)])).toMatchObject({ services: [] });
  });

  it('knows both sides elsewhere than at its port', () => {
    expect(probe(postgresql, tlsRequest)).toBe('yes');
    expect(probe(postgresql, client(startUp('user\0me\0')))).toBe('yes');
    expect(probe(postgresql, client('GET / HTTP'))).toBe('no');
    expect(probe(postgresql, server('N'))).toBe('yes');
    expect(probe(postgresql, server(`R${hex('00000008')}`))).toBe('yes');
    expect(probe(postgresql, server('HTTP/1.1'))).toBe('no');
  });
});
