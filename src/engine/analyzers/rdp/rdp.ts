// RDP: recognised by the conference data of client or server; gives way to TLS when the server chooses it.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, needMore, notThis } from '../../stream/frame-session.ts';
import { probeDepth } from '../../stream/text-probe.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

/** TPKT: version 3, reserved, length of all. RFC 1006 §6. */
const headerLength = 4;
const tpktVersion = 3;
/** X.224 codes. [MS-RDPBCGR] §2.2.1. */
const connectionConfirm = 0xd0;
const dataTransfer = 0xf0;
/** What a connection confirm may carry. */
const negotiationResponse = 2;
/** MCS connect initial and connect response, second byte of the tag. */
const connectInitial = 0x65;
const connectResponse = 0x66;
/** Conference keys of client and server. T.124. */
const clientKey = 'Duca';
const serverKey = 'McDn';

class RdpSession extends FrameSession {
  protected frameLength(_fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    if (end - start < headerLength) return needMore;
    const length = bytes.view.getUint16(start + 2);
    return bytes.u8[start] !== tpktVersion || length < 7 ? notThis : length;
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    const code = bytes.u8[start + 5];
    if (code === connectionConfirm && !fromClient) this.#choose(bytes, start, end);
    else if (code === dataTransfer) this.#confer(bytes, start, end);
  }

  /** The server's choice of security comes after the seven fixed bytes of the confirm. */
  #choose(bytes: Bytes, start: number, end: number): void {
    const at = start + headerLength + 7;
    if (at + 8 > end || bytes.u8[at] !== negotiationResponse) return;
    if (bytes.view.getUint32(at + 4, true) > 0) this.yieldTo('ssl');
  }

  #confer(bytes: Bytes, start: number, end: number): void {
    const type = bytes.u8[start + 8];
    if (type !== connectInitial && type !== connectResponse) return;
    if (!bytes.latin1(start, end).includes(type === connectInitial ? clientKey : serverKey)) return;
    this.flow.confirm();
    this.finish();
  }
}

const cookie = 'Cookie: mstshash=';
const channel = /rdpdr|rdpsnd|drdynvc|cliprdr/;

/** A cookie, or conference data with a channel of RDP. */
function isClientHead(head: string): boolean {
  const keyAt = head.indexOf(clientKey);
  return head.includes(cookie) || (keyAt >= 0 && channel.test(head.slice(keyAt)));
}

/** Where the code of X.224 is. */
const codeAt = 5;

function probe(fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (end - start <= codeAt) return 'more';
  if (bytes.u8[start] !== tpktVersion) return 'no';
  if (!fromClient && bytes.u8[start + codeAt] === connectionConfirm) return 'yes';
  const head = bytes.latin1(start, Math.min(end, start + probeDepth));
  if (fromClient ? isClientHead(head) : head.includes(serverKey)) return 'yes';
  return head.length < probeDepth ? 'more' : 'no';
}

/** Remote Desktop Protocol. */
export const rdp: Analyzer = {
  name: 'rdp',
  transports: ['tcp'],
  ports: { tcp: [3389] },
  spec: '[MS-RDPBCGR], RFC 1006, T.124',
  bothSides: true,
  probe,
  open: (flow) => new RdpSession(flow),
};
