import { expect, it } from 'vitest';
import { client, hex, runSession, server } from '../../../../test/build/run-session.ts';
import { snmp } from './snmp.ts';

const version2 = hex('30 0f 02 01 01 04 06 7075626c6963 a0 02 0000');
const version3 = hex('30 08 02 01 03 30 03 02 01 01');

it('is confirmed by an answer', () => {
  expect(runSession(snmp, [client(version2)]).services).toEqual([]);
  expect(runSession(snmp, [client(version2), server(version2)]).services).toEqual(['snmp']);
  expect(runSession(snmp, [server(version3)]).services).toEqual(['snmp']);
});

it('is refused for other versions and other content', () => {
  expect(runSession(snmp, [server(hex('30 08 02 01 07 30 03 02 01 01'))]).rejected).toBeDefined();
  expect(runSession(snmp, [client('hello')]).rejected).toBeDefined();
  expect(runSession(snmp, [client(version2.slice(0, 8))]).rejected).toBeDefined();
});
