// DCE/RPC over TCP: recognised by a whole message; the log-in inside it by its token.
import type { Bytes } from '../../../base/bytes.ts';
import { confirmPdu, pduHeaderLength, pduLength, pduType } from '../../dce-rpc/dce-rpc-pdu.ts';
import { FrameSession, needMore } from '../../stream/frame-session.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

class DceRpcSession extends FrameSession {
  protected frameLength(_fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    return end - start < pduHeaderLength ? needMore : pduLength(bytes, start);
  }

  protected frame(_fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    // The log-in is over when the first answer to a call comes.
    if (confirmPdu(this.flow, bytes, start, end) === pduType.response) this.finish();
  }
}

/** Flags: first and last piece. */
const wholeMessage = 3;

/** Version 5.0 or 5.1, a known type, and the flags of a message in one piece. */
function probe(_fromClient: boolean, { u8 }: Bytes, start: number, end: number): Verdict {
  if (u8[start] !== 5) return 'no';
  if (end - start < 4) return 'more';
  return (u8[start + 1] ?? 2) <= 1 && (u8[start + 2] ?? 20) <= 19 && ((u8[start + 3] ?? 0) & wholeMessage) === wholeMessage ? 'yes' : 'no';
}

/** Distributed Computing Environment / Remote Procedure Calls. */
export const dceRpc: Analyzer = {
  name: 'dce_rpc',
  transports: ['tcp'],
  ports: { tcp: [135] },
  spec: 'C706, [MS-RPCE]',
  probe,
  open: (flow) => new DceRpcSession(flow, 1 << 16),
};
