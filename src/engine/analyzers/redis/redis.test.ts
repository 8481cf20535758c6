import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { redis } from './redis.ts';

describe('redis', () => {
  it('is confirmed by a reply to a command', () => {
    expect(runSession(redis, [client('*1\r\n$4\r\nPING\r\n'), server('+PONG\r\n')]).services).toEqual(['redis']);
    expect(runSession(redis, [client('GET a\r\n'), server('$3\r\nabc\r\n')]).services).toEqual(['redis']);
    expect(runSession(redis, [client('GET a\r\n')]).services).toEqual([]);
  });

  it('reads replies of many values, in any segmentation', () => {
    const reply = '*3\r\n$5\r\na\r\nbc\r\n%1\r\n+k\r\n:1\r\n$-1\r\n';
    for (let cut = 1; cut < reply.length; cut++) {
      const early = runSession(redis, [client('X\r\n'), server(reply.slice(0, cut))]);
      expect(early.services).toEqual([]);
      expect(runSession(redis, [client('X\r\n'), server(reply.slice(0, cut)), server(reply.slice(cut))]).services).toEqual(['redis']);
    }
    expect(runSession(redis, [client('X\r\n'), server('*2\r\n+a\r\n|1\r\n')]).rejected).toBeDefined();
  });

  it('is refused for another reply', () => {
    expect(runSession(redis, [client('GET / HTTP/1.1\r\n'), server('HTTP/1.1 200 OK\r\n')]).rejected).toBeDefined();
  });

  it('wants a command and a reply elsewhere than at its port', () => {
    expect(probe(redis, server('*2\r\n'))).toBe('yes');
    expect(probe(redis, server('220 hi\r\n'))).toBe('no');
    expect(probe(redis, server('*2'))).toBe('more');
    expect(probe(redis, client('PING\r\n'))).toBe('no');
    expect(probe(redis, client('*1\r\n$4'))).toBe('more');
    expect(probe(redis, client('*1\r\n$4\r\nPING\r\n'))).toBe('yes');
  });
});
