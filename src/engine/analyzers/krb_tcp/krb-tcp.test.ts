import { expect, it } from 'vitest';
import { client, hex, runSession } from '../../../../test/build/run-session.ts';
import { krbTcp } from './krb-tcp.ts';

const request = hex('0000000e 6a 0c 30 0a a1 03 02 01 05 a2 03 02 01 0a');

it('is confirmed by a whole message after its length', () => {
  expect(runSession(krbTcp, [client(request.slice(0, 6)), client(request.slice(6))]).services).toEqual(['krb_tcp']);
});

it('is refused for other content and for lengths that no message has', () => {
  expect(runSession(krbTcp, [client(hex('00000004 deadbeef'))]).rejected).toBe('malformed message');
  expect(runSession(krbTcp, [client('GET / HTTP/1.1\r\n')]).rejected).toBeDefined();
});
