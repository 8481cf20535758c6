import { describe, expect, it } from 'vitest';
import { client, probe, runSession, server } from '../../../../test/build/run-session.ts';
import { xmpp } from './xmpp.ts';

const header = "<?xml version='1.0'?><stream:stream to='example' xmlns='jabber:client'>";

describe('xmpp', () => {
  it("is confirmed by the client's stream header", () => {
    expect(runSession(xmpp, [client(header)]).services).toEqual(['xmpp']);
    expect(runSession(xmpp, [server(header), client('<html>')]).services).toEqual([]);
  });

  it('gives way to TLS', () => {
    expect(runSession(xmpp, [client(header), client('<starttls/>'), server('<proceed/>')]).handedTo).toEqual(['ssl']);
    expect(runSession(xmpp, [client(header), server('<proceed/>')]).handedTo).toEqual([]);
  });

  it('sees elements that the end of a segment cuts', () => {
    const inBytes = (text: string, part: typeof client) => [...text].map((character) => part(character));
    const flow = runSession(xmpp, [...inBytes(header, client), ...inBytes('<starttls/>', client), ...inBytes('<proceed/>', server)]);
    expect(flow).toMatchObject({ services: ['xmpp'], handedTo: ['ssl'] });
    const early = [client(header), server('<proceed/>'), client('<starttls/>'), server('\n')];
    expect(runSession(xmpp, early).handedTo).toEqual([]);
    expect(runSession(xmpp, [client(`${header}<mess`), client('age to="a">')]).finished).toBe(true);
  });

  it('knows the header elsewhere than at its ports', () => {
    expect(probe(xmpp, client(header))).toBe('yes');
    expect(probe(xmpp, client('<?xml version="1.0"?><rss>'))).toBe('more');
  });
});
