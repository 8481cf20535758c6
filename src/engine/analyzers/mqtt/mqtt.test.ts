import { expect, it } from 'vitest';
import { client, hex, probe, runSession } from '../../../../test/build/run-session.ts';
import { mqtt } from './mqtt.ts';

const connect = `${hex('10 0f 00 04')}MQTT${hex('04 02 003c 0003')}abc`;

it('is confirmed by CONNECT', () => {
  expect(runSession(mqtt, [client(connect.slice(0, 5)), client(connect.slice(5))])).toMatchObject({ services: ['mqtt'], finished: true });
  expect(runSession(mqtt, [client(`${hex('10 0c 00 06')}MQIsdp${hex('03 02')}ab`)]).services).toEqual(['mqtt']);
});

it('is refused for anything else', () => {
  expect(runSession(mqtt, [client('GET / HTTP/1.1\r\n')]).rejected).toBeDefined();
  expect(runSession(mqtt, [client(`${hex('10 08 00 04')}AMQPab`)]).rejected).toBe('no protocol name');
  expect(runSession(mqtt, [client(hex('10 ff ff ff ff ff'))]).rejected).toBeDefined();
});

it('knows the name elsewhere than at its port', () => {
  expect(probe(mqtt, client(connect))).toBe('yes');
  expect(probe(mqtt, client(`${hex('10 0f 00 04')}STOMP1`))).toBe('no');
  expect(probe(mqtt, client('\x10'))).toBe('more');
});
