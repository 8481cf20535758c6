// SNMP at its ports: recognised by an answer of the agent.
import type { Bytes } from '../../../base/bytes.ts';
import { BerReader, berInteger } from '../../asn1/ber.ts';
import { type DatagramJudge, DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer } from '../analyzer.ts';

const sequence = 0x30;
const integer = 0x02;
const octetString = 0x04;
/** Value of the version field of SNMPv3; before it come 0 (v1) and 1 (v2c). RFC 3412 §6. */
const version3 = 3;
const ber = new BerReader();

/** Sequence of version and community (v1, v2c) or header (v3). RFC 3416 §3, RFC 3412 §6. */
function hasHeader(bytes: Bytes, start: number, end: number): boolean {
  if (!ber.expect(sequence, bytes, start, end)) return false;
  const contentEnd = ber.end;
  if (!ber.expect(integer, bytes, ber.start, contentEnd)) return false;
  const version = berInteger(bytes, ber.start, ber.end);
  if (version !== 0 && version !== 1 && version !== version3) return false;
  return ber.expect(version === version3 ? sequence : octetString, bytes, ber.end, contentEnd);
}

const judge: DatagramJudge = (fromClient, bytes, start, end) => {
  if (!hasHeader(bytes, start, end)) return 'no';
  return fromClient ? 'more' : 'yes';
};

/** Simple Network Management Protocol. */
export const snmp: Analyzer = {
  name: 'snmp',
  transports: ['udp'],
  ports: { udp: [161, 162] },
  spec: 'RFC 1157, RFC 3416, RFC 3412',
  probe: () => 'no',
  open: (flow) => new DatagramSession(flow, judge),
};
