// SIP: recognised by a reply.
import type { Bytes } from '../../../base/bytes.ts';
import { type DatagramJudge, DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

/** Enough for a request line with a long address. */
const lineDepth = 1024;
const reply = /^SIP\/\d\.\d \d{3} /;
const request = /^[A-Z]+ [^\r\n]+ SIP\/\d\.\d\r\n/;

const firstLine = (bytes: Bytes, start: number, end: number): string => bytes.latin1(start, Math.min(end, start + lineDepth));

const letterS = 0x53;
const isCapital = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x41 && byte <= 0x5a;

const judge: DatagramJudge = (_fromClient, bytes, start, end) =>
  start < end && bytes.u8[start] === letterS && reply.test(firstLine(bytes, start, end)) ? 'yes' : 'more';

function probe(_fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (start === end || !isCapital(bytes.u8[start])) return 'no';
  const text = firstLine(bytes, start, end);
  return reply.test(text) || request.test(text) ? 'yes' : 'no';
}

/** Session Initiation Protocol. */
export const sip: Analyzer = {
  name: 'sip',
  transports: ['udp'],
  ports: { udp: [5060] },
  spec: 'RFC 3261',
  probe,
  open: (flow) => new DatagramSession(flow, judge),
};
