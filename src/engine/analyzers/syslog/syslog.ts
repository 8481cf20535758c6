// Syslog at its port: any datagram is one, the protocol has no form that all keep.
import { DatagramSession } from '../../stream/datagram-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Syslog over UDP. */
export const syslog: Analyzer = {
  name: 'syslog',
  transports: ['udp'],
  ports: { udp: [514] },
  spec: 'RFC 3164, RFC 5426',
  probe: () => 'no',
  open: (flow) => new DatagramSession(flow, () => 'yes'),
};
