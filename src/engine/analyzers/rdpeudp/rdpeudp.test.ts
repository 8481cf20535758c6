import { expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { rdpeudp } from './rdpeudp.ts';

const syn = client(hex('ffffffff 0010 0001').padEnd(1232, '\0'));

it('is confirmed by the answer to a padded SYN', () => {
  expect(probe(rdpeudp, syn)).toBe('yes');
  expect(runSession(rdpeudp, [syn]).services).toEqual([]);
  expect(runSession(rdpeudp, [syn, server(hex('00000001 0010 0005'))]).services).toEqual(['rdpeudp']);
  expect(runSession(rdpeudp, [syn, server(hex('00000001 0010 0004'))]).services).toEqual([]);
});

it('is refused for another first datagram', () => {
  expect(probe(rdpeudp, client('\xff\xff\xff\xff'))).toBe('no');
  expect(runSession(rdpeudp, [client('hello')]).rejected).toBe('no SYN');
});
