import { expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { krb } from './krb.ts';

/** AS-REQ with its version and its kind only. */
const request = hex('6a 0c 30 0a a1 03 02 01 05 a2 03 02 01 0a');

it('is confirmed by a whole message of version 5', () => {
  expect(runSession(krb, [client(request)]).services).toEqual(['krb']);
  expect(runSession(krb, [server(hex('7e 0c 30 0a a0 03 02 01 05 a1 03 02 01 1e'))]).services).toEqual(['krb']);
  expect(runSession(krb, [server(hex('7e 07 30 05 a6 03 02 01 19'))]).services).toEqual(['krb']);
});

it('is refused for other versions, other tags, cut messages', () => {
  expect(runSession(krb, [client(request.replace('\x05', '\x04'))]).rejected).toBeDefined();
  expect(runSession(krb, [client('hello')]).rejected).toBeDefined();
  expect(runSession(krb, [client(request.slice(0, 10))]).rejected).toBeDefined();
});

it('knows long ticket requests elsewhere than at its port', () => {
  expect(probe(krb, client(hex('6c 82 0500 30 82 04fc a1 03 02 05')))).toBe('yes');
  expect(probe(krb, client(request))).toBe('no');
});
