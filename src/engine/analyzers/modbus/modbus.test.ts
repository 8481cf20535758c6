import { expect, it } from 'vitest';
import { client, hex, runSession, server } from '../../../../test/build/run-session.ts';
import { modbus } from './modbus.ts';

it('is confirmed by a whole message', () => {
  const request = hex('0001 0000 0006 01 03 0000 000a');
  expect(runSession(modbus, [client(request.slice(0, 7)), client(request.slice(7))]).services).toEqual(['modbus']);
  expect(runSession(modbus, [server(request)]).services).toEqual(['modbus']);
});

it('is refused for another protocol number or an impossible length', () => {
  expect(runSession(modbus, [client(hex('0001 0001 0006 01 03 0000 000a'))]).rejected).toBeDefined();
  expect(runSession(modbus, [client('GET / HTTP/1.1\r\n')]).rejected).toBeDefined();
});
