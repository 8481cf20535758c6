import { describe, expect, it } from 'vitest';
import { client, hex, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { rdp } from './rdp.ts';

const tpkt = (payload: string): string => `\x03\0${String.fromCharCode((payload.length + 4) >> 8, (payload.length + 4) & 255)}${payload}`;
const request = client(tpkt(`${hex('2a e0 0000 0000 00')}Cookie: mstshash=me\r\n${hex('01 00 0800 03000000')}`));
const confirm = (protocol: string) => server(tpkt(hex(`0e d0 0000 1234 00 02 00 0800 ${protocol}`)));
const conference = (key: string, type: string): string => tpkt(`${hex(`02 f0 80 7f ${type} 82`)}..${key}..`);

describe('rdp', () => {
  it('is confirmed by conference data of either side', () => {
    expect(runSession(rdp, [request, confirm('00000000')]).services).toEqual([]);
    expect(runSession(rdp, [request, confirm('00000000'), client(conference('Duca', '65'))]).services).toEqual(['rdp']);
    expect(runSession(rdp, [server(conference('McDn', '66'))]).services).toEqual(['rdp']);
    expect(runSession(rdp, [client(conference('Nobody', '65'))]).services).toEqual([]);
  });

  it('gives way to TLS when the server chooses it', () => {
    expect(runSession(rdp, [request, confirm('01000000')]).handedTo).toEqual(['ssl']);
    expect(runSession(rdp, [request, confirm('02000000')]).handedTo).toEqual(['ssl']);
  });

  it('is refused for another framing', () => {
    expect(runSession(rdp, [client('GET / HTTP/1.1\r\n')]).rejected).toBeDefined();
  });

  it('knows both sides elsewhere than at its port', () => {
    expect(probe(rdp, request)).toBe('yes');
    expect(probe(rdp, confirm('00000000'))).toBe('yes');
    expect(probe(rdp, client('\x03\0\0\x07\x02\xe0abc'))).toBe('more');
    expect(probe(rdp, client('SSH-2.0-x'))).toBe('no');
  });
});
