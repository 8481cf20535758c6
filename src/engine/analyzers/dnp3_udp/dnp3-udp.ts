// DNP3 over UDP at its port: recognised by the checksum of its link header.
import { isLinkHeader, linkHeaderLength } from '../../dnp3/link-header.ts';
import { type DatagramJudge, DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer } from '../analyzer.ts';

const judge: DatagramJudge = (_fromClient, bytes, start, end) =>
  end - start >= linkHeaderLength && isLinkHeader(bytes, start) ? 'yes' : 'no';

/** Distributed Network Protocol 3 over UDP. */
export const dnp3Udp: Analyzer = {
  name: 'dnp3_udp',
  transports: ['udp'],
  ports: { udp: [20000] },
  spec: 'IEEE 1815-2012',
  probe: () => 'no',
  open: (flow) => new DatagramSession(flow, judge),
};
