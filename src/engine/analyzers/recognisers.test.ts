// What every recogniser owes, whatever the bytes: it never throws, never stalls, and asks nothing impossible of its connection.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeFlow } from '../../../test/build/fake-flow.ts';
import { hex } from '../../../test/build/run-session.ts';
import { Bytes, bytesOfLatin1 } from '../../base/bytes.ts';
import { epochMicros } from '../../base/units.ts';
import { analyzers } from './index.ts';

const names =
  'dce_rpc dnp3_tcp dnp3_udp finger ftp ftp-data imap irc irc-dcc-data krb krb_tcp ldap_tcp ldap_udp modbus mqtt mysql pop3 postgresql radius rdp rdpeudp redis rfb sip smb smtp snmp socks ssh syslog xmpp';

/** Beginnings that lead deep into one recogniser or another. */
const beginnings = [
  'USER me\r\n',
  '220 ready\r\n',
  '+OK\r\n',
  'EHLO a\r\n',
  'SSH-2.0-x\r\n',
  '*2\r\n$1\r\n',
  hex('05 64 05 c0 0100 0004 e921'),
  hex('05 00 0b 03 10000000 4000 1000 01000000'),
  hex('00 00 00 60 fe534d42 4000 0000 00000000 0100'),
  hex('00 00 00 60 ff534d42 73'),
  hex('30 84 00000020 02 01 01 60'),
  hex('6e 82 0100 30 82 00fc a0 03 02 01 05'),
  hex('60 1c 06 06 2b0601050502 a0 12 30 10 a2 0e'),
  hex('03 00 0013 0e d0 0000 1234 00 02 00 0800 01000000'),
  hex('05 01 00 03 ff'),
  hex('04 01 0050 00000001'),
  hex('00000008 04d2162f'),
  hex('00000040 00030000 75736572'),
  hex('0a00000a 352e31'),
  hex('10 ff ff ff 7f'),
].map((text) => bytesOfLatin1(text).u8);

const piece = fc.record({
  fromClient: fc.boolean(),
  head: fc.option(fc.constantFrom(...beginnings), { nil: new Uint8Array(0) }),
  tail: fc.uint8Array({ maxLength: 80 }),
  gap: fc.integer({ min: 0, max: 19 }),
});

describe.each(analyzers.filter(({ name }) => names.split(' ').includes(name)))('$name', (analyzer) => {
  it('survives any bytes in any pieces', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const flow = new FakeFlow(analyzer.name, { transport: analyzer.transports[0] ?? 'tcp' });
        const session = analyzer.open(flow, true);
        for (const { fromClient, head, tail, gap } of pieces) {
          // Bytes before and after, to notice who reads beyond the bounds by what comes out.
          const bytes = new Bytes(new Uint8Array([...head, ...tail, 0xff, 0xff]));
          const end = head.length + tail.length;
          expect(['yes', 'no', 'more']).toContain(analyzer.probe(fromClient, bytes, 0, end));
          if (gap === 0) session.onGap?.(fromClient, 100, epochMicros(0));
          if (gap === 1) session.onFlip?.();
          session.onBytes(fromClient, bytes, 0, end, epochMicros(0));
        }
        session.onEnd?.(true, epochMicros(0));
        session.onClose(epochMicros(0));
        for (const { serverPort } of flow.expectations) expect(serverPort).toBeLessThan(65536);
      }),
      { numRuns: 300 },
    );
  });

  it('does nothing on nothing', () => {
    const flow = new FakeFlow(analyzer.name);
    analyzer.open(flow, true).onClose(epochMicros(0));
    expect(flow.rows).toEqual([]);
  });
});
