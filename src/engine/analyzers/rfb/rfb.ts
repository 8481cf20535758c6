// RFB (VNC): both ends begin with their version; the client's confirms.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, notThis } from '../../stream/frame-session.ts';
import { probePrefix } from '../../stream/text-probe.ts';
import type { Analyzer } from '../analyzer.ts';

/** `RFB xxx.yyy\n`. RFC 6143 §7.1.1. */
const versionLength = 12;
const version = /^RFB \d{3}\.\d{3}\n$/;

class RfbSession extends FrameSession {
  protected frameLength(): number {
    return this.stopped ? notThis : versionLength;
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (!version.test(bytes.latin1(start, end))) this.refuse('no version');
    else if (fromClient) {
      this.flow.confirm();
      this.finish();
    }
  }
}

/** `RFB`. */
const letters = [0x52, 0x46, 0x42];

/** Remote Framebuffer Protocol. */
export const rfb: Analyzer = {
  name: 'rfb',
  transports: ['tcp'],
  ports: {},
  spec: 'RFC 6143',
  bothSides: true,
  probe: (_fromClient, bytes, start, end) => probePrefix(letters, bytes, start, end),
  open: (flow) => new RfbSession(flow),
};
