// The command line of one run of nmap. Targets go through a file of CIDRs that we made: nothing that a person typed reaches nmap.
import { formatPorts } from '../port-list.ts';

export interface NmapRun {
  readonly version: 4 | 6;
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
  readonly rate: number;
  readonly hostTimeoutMs: number;
  readonly versions: boolean;
  /** May it send packets of its own making? */
  readonly privileged: boolean;
  readonly targetFile: string;
}

/**
 * Silent hosts are scanned too (`-Pn`): what answers no ping may still serve. `-v` lists hosts that are down. Where nothing answers,
 * nmap takes silence for congestion and falls to ten packets a second: half of the allowed rate is the least.
 */
export function nmapArguments(run: NmapRun): string[] {
  const ports = [
    ...(run.tcpPorts.length > 0 ? [`T:${formatPorts(run.tcpPorts)}`] : []),
    ...(run.udpPorts.length > 0 ? [`U:${formatPorts(run.udpPorts)}`] : []),
  ];
  return [
    ...['-n', '-Pn', '-v', '-oX', '-', '--stats-every', '5s', '--noninteractive'],
    ...(run.version === 6 ? ['-6'] : []),
    ...(run.tcpPorts.length > 0 ? [run.privileged ? '-sS' : '-sT'] : []),
    ...(run.udpPorts.length > 0 ? ['-sU'] : []),
    ...(run.versions ? ['-sV', '--version-light'] : []),
    ...['-p', ports.join(',')],
    ...[
      '--max-rate',
      String(run.rate),
      '--min-rate',
      String(Math.ceil(run.rate / 2)),
      '--host-timeout',
      `${run.hostTimeoutMs}ms`,
      '--max-retries',
      '2',
    ],
    ...['-iL', run.targetFile],
  ];
}
