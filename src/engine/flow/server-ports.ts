// Ports that Zeek takes for a server's when it has to guess who opened a connection (its likely_server_ports: what stock
// protocol scripts and tunnel analyzers register).

import { tcpFlags } from './tcp-segment.ts';

const tcpPorts = [
  ...[21, 22, 25, 53, 79, 80, 81, 88, 135, 139, 143, 389, 443, 445, 502, 563, 585, 587, 614, 631, 636, 989, 990, 992, 993, 995],
  ...[1080, 1434, 1883, 2811, 3128, 3268, 3306, 3389, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000],
];

const udpPorts = [
  ...[53, 67, 88, 123, 137, 161, 162, 389, 443, 514, 784, 853, 1812, 2123, 2152, 3389, 3544, 4789, 5060, 5072, 5353, 5355, 6081],
  20000,
];

function bitmap(ports: readonly number[]): Uint8Array {
  const map = new Uint8Array(1 << 16);
  for (const port of ports) map[port] = 1;
  return map;
}

const tcp = bitmap(tcpPorts);
const udp = bitmap(udpPorts);

export const isTcpServerPort = (port: number): boolean => tcp[port] === 1;

/** Whether the datagram that opens a flow comes from its server, as far as ports tell. */
export const isUdpFlipped = (sourcePort: number, targetPort: number): boolean => udp[sourcePort] === 1 && udp[targetPort] !== 1;

/** Whether the packet that opens a TCP connection comes from its server, as far as ports tell. */
export function isTcpFlipped(flags: number, sourcePort: number, targetPort: number): boolean {
  const isSyn = (flags & tcpFlags.syn) !== 0;
  if ((isSyn && (flags & tcpFlags.ack) === 0) || !isTcpServerPort(sourcePort)) return false;
  if (!isTcpServerPort(targetPort)) return true;
  // Both ports could be a server's: the lower is likelier; a SYN-ACK might be a stealth scan.
  return !isSyn && sourcePort < targetPort;
}
