import { expect, it } from 'vitest';
import { client, hex, runSession } from '../../../../test/build/run-session.ts';
import { radius } from './radius.ts';

const request = hex('01 05 001a 00112233445566778899aabbccddeeff 01 06 61626364');

it('is confirmed by a message whose attributes fill it', () => {
  expect(runSession(radius, [client(request)]).services).toEqual(['radius']);
});

it('is refused when lengths do not fit', () => {
  expect(runSession(radius, [client(request.slice(0, 24))]).rejected).toBeDefined();
  expect(runSession(radius, [client(request.replace('\x01\x06', '\x01\x07'))]).rejected).toBeDefined();
  expect(runSession(radius, [client('hello')]).rejected).toBeDefined();
});
