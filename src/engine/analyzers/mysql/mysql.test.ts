import { describe, expect, it } from 'vitest';
import { client, hex, runSession, server } from '../../../../test/build/run-session.ts';
import { mysql } from './mysql.ts';

const packet = (sequence: number, payload: string): string =>
  String.fromCharCode(payload.length & 255, payload.length >> 8, 0, sequence) + payload;
const greeting = server(packet(0, `\x0a5.1.67\0${'x'.repeat(40)}`));
const login = (capabilities: string): string => packet(1, `${hex(capabilities)}${'\0'.repeat(28)}root\0\0`);

describe('mysql', () => {
  it('is confirmed by the log-in that answers a greeting', () => {
    expect(runSession(mysql, [greeting]).services).toEqual([]);
    expect(runSession(mysql, [greeting, client(login('05a60f00'))])).toMatchObject({ services: ['mysql'], finished: true });
  });

  it('gives way to TLS when the client asks for it', () => {
    expect(runSession(mysql, [greeting, client(packet(1, `${hex('05ae0f00')}${'\0'.repeat(28)}`))])).toMatchObject({
      services: ['mysql'],
      handedTo: ['ssl'],
    });
  });

  it('is no service when the server refuses at once, or greets otherwise', () => {
    expect(runSession(mysql, [server(packet(0, '\xff\x6a\x04Host is not allowed'))])).toMatchObject({ services: [], finished: true });
    expect(runSession(mysql, [server(packet(0, 'HTTP/1.1 400 Bad Request'))]).rejected).toBe('no greeting');
    expect(runSession(mysql, [client(login('05a60f00'))]).rejected).toBeDefined();
  });
});
