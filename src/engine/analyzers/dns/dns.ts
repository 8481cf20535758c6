// DNS and its kin with the same messages: mDNS, LLMNR and the NetBIOS name service.
import { Bytes } from '../../../base/bytes.ts';
import type { Analyzer } from '../analyzer.ts';
import { DnsMessage } from './message.ts';
import { NetbiosNames } from './netbios-name.ts';
import { DnsSession, type DnsTools } from './session.ts';
import { DnsStreamSession } from './stream-session.ts';

const newTools = (): DnsTools => ({ message: new DnsMessage(new Bytes(new Uint8Array(0))), netbiosNames: new NetbiosNames() });

const withTools = (tools: DnsTools): Analyzer => ({
  name: 'dns',
  transports: ['tcp', 'udp'],
  ports: { tcp: [53], udp: [53, 137, 5353, 5355] },
  spec: 'RFC 1035, RFC 2136, RFC 6762 (mDNS), RFC 4795 (LLMNR), RFC 1002 (NetBIOS)',
  // Twelve bytes of header do not tell DNS from noise: Zeek goes by the port alone.
  probe: () => 'no',
  open: (flow) => (flow.transport === 'tcp' ? new DnsStreamSession(flow, tools) : new DnsSession(flow, tools)),
  instance: () => withTools(newTools()),
});

export const dns: Analyzer = withTools(newTools());
