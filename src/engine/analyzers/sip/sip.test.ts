import { expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { sip } from './sip.ts';

it('is confirmed by a reply, not by a request', () => {
  const request = client('OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n\r\n');
  expect(runSession(sip, [request]).services).toEqual([]);
  expect(runSession(sip, [request, server('SIP/2.0 200 OK\r\n\r\n')]).services).toEqual(['sip']);
});

it('knows requests and replies elsewhere than at its port', () => {
  expect(probe(sip, client('INVITE sip:a@b SIP/2.0\r\n'))).toBe('yes');
  expect(probe(sip, server('SIP/2.0 180 Ringing\r\n'))).toBe('yes');
  expect(probe(sip, client('M-SEARCH * HTTP/1.1\r\n'))).toBe('no');
});
