import { describe, expect, it } from 'vitest';
import { client, hex, type Part, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { smb } from './smb.ts';

const u16 = (value: number): string => String.fromCharCode(value & 255, value >> 8);
const framed = (message: string): string => `\0\0${String.fromCharCode(message.length >> 8, message.length & 255)}${message}`;
const smb2 = (command: number, body: string): string =>
  framed(`\xfeSMB${hex('4000 0000 00000000')}${u16(command)}${'\0'.repeat(50)}${body}`);
const smb1 = (command: number, body: string): string => framed(`\xffSMB${String.fromCharCode(command)}${'\0'.repeat(27)}${body}`);
const ntlm = `NTLMSSP\0${hex('01000000')}${'\0'.repeat(20)}`;
/** negTokenInit with the mechanism list only, and with an NTLM token. */
const mechanisms = hex('60 1c 06 06 2b0601050502 a0 12 30 10 a0 0e 30 0c 06 0a 2b06010401823702020a');
const withNtlm = hex('60 32 06 06 2b0601050502 a0 28 30 26 a2 24 04 22') + ntlm.padEnd(34, '\0');

const negotiate = client(smb2(0, 'x'.repeat(40)));
const negotiated = server(smb2(0, `${'\0'.repeat(56)}${u16(128)}${u16(mechanisms.length)}\0\0\0\0${mechanisms}`));
const setup = (token: string): Part => client(smb2(1, `${'\0'.repeat(12)}${u16(88)}${u16(token.length)}${'\0'.repeat(8)}${token}`));
const bind = `\x05\0\x0b\x03${hex('10000000 1000 0000 01000000')}`;

describe('smb', () => {
  it('is confirmed by the third segment; log-ins in between come first', () => {
    expect(runSession(smb, [negotiate, negotiated]).services).toEqual(['gssapi']);
    expect(runSession(smb, [negotiate, negotiated, setup(withNtlm)]).services).toEqual(['gssapi', 'ntlm', 'smb']);
    expect(runSession(smb, [negotiate, negotiated, setup(ntlm)]).services).toEqual(['gssapi', 'ntlm', 'smb']);
  });

  it('finds the first message when the first segment is too short to show it', () => {
    const cut = ([fromClient, text]: Part, at: number): Part[] => [
      [fromClient, text.slice(0, at)],
      [fromClient, text.slice(at)],
    ];
    for (let at = 1; at < 12; at++) {
      expect(runSession(smb, [...cut(negotiate, at), ...cut(negotiated, at)]).services, `cut at ${at}`).toContain('gssapi');
    }
    expect(runSession(smb, [client('\0\0'), negotiate, negotiated]).services, 'stray bytes before').toContain('gssapi');
  });

  it('finds DCE/RPC that is written to a pipe', () => {
    const write = client(smb2(9, `${u16(49)}${u16(112)}${hex('10000000')}${'\0'.repeat(40)}${bind}`));
    expect(runSession(smb, [negotiate, negotiated, setup(ntlm), write]).services).toEqual(['gssapi', 'ntlm', 'smb', 'dce_rpc']);
  });

  it('reads log-ins and pipes of version 1', () => {
    const setup1 = client(smb1(0x73, `\x0c${'\0'.repeat(14)}${u16(ntlm.length)}${'\0'.repeat(8)}${u16(ntlm.length)}${ntlm}`));
    const transaction = client(smb1(0x25, `\x10${'\0'.repeat(22)}${u16(16)}${u16(67)}${'\0'.repeat(6)}${u16(16)}${bind}`));
    expect(runSession(smb, [setup1, transaction]).services).toEqual(['ntlm', 'dce_rpc']);
  });

  it('passes over file content without keeping it', () => {
    const long = `\0\x01\0\0\xfeSMB${hex('4000 0000 00000000')}${u16(8)}${'\0'.repeat(50)}${'z'.repeat(65536 - 64)}`;
    const parts = [server(long.slice(0, 1000)), server(long.slice(1000, 40000)), server(long.slice(40000)), negotiated];
    expect(runSession(smb, parts).services).toEqual(['smb', 'gssapi']);
  });

  it('waits for a segment that begins with a message', () => {
    expect(runSession(smb, [client('hello'), client('\0\0\0\x04abcd'), client('xyz')]).services).toEqual([]);
  });

  it('is refused when the words of a message do not lie within it', () => {
    expect(runSession(smb, [client(smb1(0x2f, '\xff\0\0'))])).toMatchObject({ rejected: 'malformed message', services: [] });
  });

  it('knows its messages elsewhere than at its ports', () => {
    expect(probe(smb, negotiate)).toBe('yes');
    expect(probe(smb, client(smb1(0x72, '')))).toBe('yes');
    expect(probe(smb, client('\0\0\0'))).toBe('more');
    expect(probe(smb, client('GET / HTTP'))).toBe('no');
  });
});
