import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { smtp } from './smtp.ts';

describe('smtp', () => {
  it('is confirmed by a known command', () => {
    expect(runSession(smtp, [server('220 mail.example\r\n')]).services).toEqual([]);
    expect(runSession(smtp, [server('220 mail.example\r\n'), client('HELP me\r\n')]).services).toEqual(['smtp']);
    expect(runSession(smtp, [client('GET / HTTP/1.1\r\n')]).services).toEqual([]);
  });

  it('loses the service when the server answers otherwise', () => {
    expect(runSession(smtp, [client('EHLO a\r\n'), server('HTTP/1.1 400 Bad Request\r\n')])).toMatchObject({
      services: [],
      rejected: expect.any(String),
    });
  });

  it('gives way to TLS after STARTTLS, and not after another 220', () => {
    const start = [server('220 hi\r\n'), client('EHLO a\r\n'), server('250-mail\r\n250 STARTTLS\r\n')];
    expect(runSession(smtp, [...start, client('STARTTLS\r\n'), server('220 go\r\n')])).toMatchObject({
      services: ['smtp'],
      handedTo: ['ssl'],
    });
    expect(runSession(smtp, [...start, client('NOOP\r\n'), server('220 go\r\n')]).handedTo).toEqual([]);
  });

  it('wants no more once a mail is on its way', () => {
    expect(runSession(smtp, [client('EHLO a\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\n')]).finished).toBe(true);
  });

  it('knows its greetings elsewhere than at its ports', () => {
    expect(probe(smtp, client('ehlo a\r\n'))).toBe('yes');
    expect(probe(smtp, server('220 mail\r\n'))).toBe('yes');
    expect(probe(smtp, server('SSH-2.0-x\r\n'))).toBe('more');
  });
});
