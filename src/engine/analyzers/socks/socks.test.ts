import { describe, expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { socks } from './socks.ts';

const connect5 = client(hex('05 01 00 01 c0000201 0050'));
const reply5 = server(hex('05 00 00 01 c0000201 0050'));

describe('socks', () => {
  it('is confirmed by the reply, then gives way', () => {
    const flow = runSession(socks, [client(hex('05 01 00')), server(hex('05 00')), connect5, reply5]);
    expect(flow).toMatchObject({ services: ['socks'], handedTo: [undefined] });
    expect(runSession(socks, [client(hex('05 01 00')), server(hex('05 00')), connect5]).services).toEqual([]);
  });

  it('passes over a log-in by name and password', () => {
    const login = [client(`\x01\x02me\x02pw`), server(hex('01 00'))];
    expect(runSession(socks, [client(hex('05 01 02')), server(hex('05 02')), ...login, connect5, reply5]).services).toEqual(['socks']);
  });

  it('knows version 4 and names of 4a', () => {
    const granted = server(hex('00 5a 0000 00000000'));
    expect(runSession(socks, [client(`${hex('04 01 0050 c0000201')}me\0`), granted]).services).toEqual(['socks']);
    expect(runSession(socks, [client(`${hex('04 01 0050 00000001')}me\0example\0`), granted]).services).toEqual(['socks']);
  });

  it('is refused for other versions and for a reserved field that is set', () => {
    expect(runSession(socks, [client('GET / HTTP/1.1\r\n\r\n')]).rejected).toBeDefined();
    const odd = client(hex('05 01 01 01 c0000201 0050'));
    expect(runSession(socks, [client(hex('05 01 00')), server(hex('05 00')), odd]).rejected).toBe('reserved field set');
  });

  it('knows first messages elsewhere than at its port', () => {
    expect(probe(socks, client(hex('05 01 00')))).toBe('yes');
    expect(probe(socks, client(`${hex('04 01 0050 c0000201')}me\0`))).toBe('yes');
    expect(probe(socks, client(hex('05 01 80')))).toBe('no');
    expect(probe(socks, client(hex('04')))).toBe('more');
    expect(probe(socks, server(hex('05 00')))).toBe('yes');
    expect(probe(socks, server(hex('00 5a')))).toBe('yes');
    expect(probe(socks, server(hex('00 00')))).toBe('no');
  });
});
