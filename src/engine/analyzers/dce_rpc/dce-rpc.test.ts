import { describe, expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { dceRpc } from './dce-rpc.ts';

/** Header with both fragment flags, little-endian, then a body and a security trailer. */
const pdu = (type: number, body: string, token = '', tokenType = 9): string => {
  const trailer = token === '' ? '' : `${String.fromCharCode(tokenType)}${hex('06 00 00 00000000')}${token}`;
  const length = 16 + body.length + trailer.length;
  const lengths = String.fromCharCode(length & 255, length >> 8, token.length & 255, token.length >> 8);
  return `\x05\0${String.fromCharCode(type)}\x03${hex('10000000')}${lengths}${hex('01000000')}${body}${trailer}`;
};
const ntlm = `NTLMSSP\0${hex('01000000')}${'\0'.repeat(20)}`;

describe('dce_rpc', () => {
  it('is confirmed by a whole message, in any segmentation', () => {
    const bind = pdu(11, 'x'.repeat(40));
    expect(runSession(dceRpc, [client(bind.slice(0, 20))]).services).toEqual([]);
    expect(runSession(dceRpc, [client(bind.slice(0, 20)), client(bind.slice(20))]).services).toEqual(['dce_rpc']);
  });

  it('names the log-in before itself', () => {
    expect(runSession(dceRpc, [client(pdu(11, 'x', ntlm, 10))]).services).toEqual(['ntlm', 'dce_rpc']);
  });

  it('wants no more after the first answer to a call', () => {
    const flow = runSession(dceRpc, [client(pdu(0, 'call')), server(pdu(2, 'answer'))]);
    expect(flow).toMatchObject({ services: ['dce_rpc'], finished: true });
  });

  it('is refused for another version', () => {
    expect(runSession(dceRpc, [client('GET / HTTP/1.1\r\n')]).rejected).toBeDefined();
  });

  it('knows its messages elsewhere than at its port', () => {
    expect(probe(dceRpc, client(pdu(11, '')))).toBe('yes');
    expect(probe(dceRpc, client('\x05\x01'))).toBe('more');
    expect(probe(dceRpc, client('\x05\x01\x00\x01'))).toBe('no');
  });
});
