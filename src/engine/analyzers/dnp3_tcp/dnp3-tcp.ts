// DNP3 over TCP: recognised by the checksum of its link header.
import type { Bytes } from '../../../base/bytes.ts';
import { isLinkHeader, linkHeaderLength } from '../../dnp3/link-header.ts';
import { FrameSession } from '../../stream/frame-session.ts';
import { probePrefix } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';

class Dnp3Session extends FrameSession {
  protected frameLength(): number {
    return linkHeaderLength;
  }

  protected frame(_fromClient: boolean, bytes: Bytes, start: number): void {
    if (!isLinkHeader(bytes, start)) this.refuse('broken checksum');
    else {
      this.flow.confirm();
      this.finish();
    }
  }
}

const startWord = [0x05, 0x64];

/** Distributed Network Protocol 3 over TCP. */
export const dnp3Tcp: Analyzer = {
  name: 'dnp3_tcp',
  transports: ['tcp'],
  ports: { tcp: [20000] },
  spec: 'IEEE 1815-2012',
  bothSides: true,
  probe: (_fromClient, bytes, start, end) => probePrefix(startWord, bytes, start, end),
  open: (flow) => new Dnp3Session(flow, 64),
};
