import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { pop3 } from './pop3.ts';

describe('pop3', () => {
  it('is confirmed when the server agrees to USER or CAPA', () => {
    expect(runSession(pop3, [server('+OK hi\r\n'), client('USER a\r\n')]).services).toEqual([]);
    expect(runSession(pop3, [server('+OK hi\r\n'), client('USER a\r\n'), server('+OK\r\n')]).services).toEqual(['pop3']);
    expect(runSession(pop3, [server('+OK hi\r\n'), client('CAPA\r\n'), server('+OK\r\nTOP\r\n.\r\n')]).services).toEqual(['pop3']);
    expect(runSession(pop3, [server('+OK hi\r\n'), client('USER a\r\n'), server('-ERR\r\n')]).services).toEqual([]);
  });

  it('gives way to TLS after STLS', () => {
    expect(runSession(pop3, [server('+OK\r\n'), client('STLS\r\n'), server('+OK go\r\n')])).toMatchObject({
      services: ['pop3'],
      handedTo: ['ssl'],
    });
  });

  it('is refused when the server speaks otherwise', () => {
    expect(runSession(pop3, [client('USER a\r\n'), server('HTTP/1.1 400\r\n')])).toMatchObject({ rejected: 'unknown server command' });
  });

  it('wants no more once the user is in, or when commands pile up', () => {
    const start = [server('+OK\r\n'), client('USER a\r\nPASS b\r\n')];
    expect(runSession(pop3, [...start, server('+OK\r\n+OK\r\n')]).finished).toBe(true);
    expect(runSession(pop3, [client('NOOP\r\n'.repeat(11))]).finished).toBe(true);
  });

  it('knows both greetings elsewhere than at its port', () => {
    expect(probe(pop3, server('+OK ready'))).toBe('yes');
    expect(probe(pop3, client('CAPA\r\n'))).toBe('yes');
    expect(probe(pop3, server('220 ready'))).toBe('more');
  });
});
