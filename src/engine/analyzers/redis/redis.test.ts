import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { redis } from './redis.ts';

describe('redis', () => {
  it('is confirmed by a reply to a command', () => {
    expect(runSession(redis, [client('*1\r\n$4\r\nPING\r\n'), server('+PONG\r\n')]).services).toEqual(['redis']);
    expect(runSession(redis, [client('GET a\r\n'), server('$3\r\nabc\r\n')]).services).toEqual(['redis']);
    expect(runSession(redis, [client('GET a\r\n')]).services).toEqual([]);
  });

  it('is refused for another reply', () => {
    expect(runSession(redis, [client('GET / HTTP/1.1\r\n'), server('HTTP/1.1 200 OK\r\n')]).rejected).toBeDefined();
  });

  it("looks at the server's first bytes elsewhere than at its port", () => {
    expect(probe(redis, server('*2\r\n'))).toBe('yes');
    expect(probe(redis, server('220 hi\r\n'))).toBe('more');
    expect(probe(redis, client('PING\r\n'))).toBe('no');
  });
});
