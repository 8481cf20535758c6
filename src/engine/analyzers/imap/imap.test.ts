import { describe, expect, it } from 'vitest';
import { client, runSession, server } from '../../../../test/build/run-session.ts';
import { imap } from './imap.ts';

describe('imap', () => {
  it('is confirmed by the greeting or by a first command', () => {
    expect(runSession(imap, [server('* OK ready\r\n')]).services).toEqual(['imap']);
    expect(runSession(imap, [client('a CAPABILITY\r\n')]).services).toEqual(['imap']);
    expect(runSession(imap, [client('GET / HTTP/1.1\r\n'), server('HTTP/1.1 400\r\n')]).services).toEqual([]);
  });

  it('gives way to TLS when the server agrees to this STARTTLS', () => {
    expect(runSession(imap, [client('a STARTTLS\r\n'), server('b OK\r\na OK go\r\n')]).handedTo).toEqual(['ssl']);
    expect(runSession(imap, [client('a STARTTLS\r\n'), server('a BAD no\r\n')]).handedTo).toEqual([]);
  });

  it('wants no more once somebody logs in', () => {
    expect(runSession(imap, [client('a LOGIN me pw\r\n')])).toMatchObject({ services: ['imap'], finished: true });
  });
});
