// The explicit list of detectors, by number. Those that join findings of others come last.
import type { Detector } from '../detector.ts';
import { attackSequence } from './attack-sequence/attack-sequence.ts';
import { commandInjection } from './command-injection/command-injection.ts';
import { darkAddress } from './dark-address/dark-address.ts';
import { directToAddress } from './direct-to-address/direct-to-address.ts';
import { dnsFlood } from './dns-flood/dns-flood.ts';
import { hostDiscovery } from './host-discovery/host-discovery.ts';
import { interactiveShell } from './interactive-shell/interactive-shell.ts';
import { longConnection } from './long-connection/long-connection.ts';
import { outboundSweep } from './outbound-sweep/outbound-sweep.ts';
import { payloadCallback } from './payload-callback/payload-callback.ts';
import { portScan } from './port-scan/port-scan.ts';
import { protocolMismatch } from './protocol-mismatch/protocol-mismatch.ts';
import { slowScanner } from './slow-scanner/slow-scanner.ts';
import { spoofedSource } from './spoofed-source/spoofed-source.ts';
import { synFlood } from './syn-flood/syn-flood.ts';
import { toolDownload } from './tool-download/tool-download.ts';
import { udpFlood } from './udp-flood/udp-flood.ts';
import { unusualFlood } from './unusual-flood/unusual-flood.ts';
import { webScanner } from './web-scanner/web-scanner.ts';

export const detectors: readonly Detector[] = [
  outboundSweep,
  portScan,
  slowScanner,
  darkAddress,
  hostDiscovery,
  webScanner,
  synFlood,
  udpFlood,
  unusualFlood,
  dnsFlood,
  spoofedSource,
  longConnection,
  interactiveShell,
  payloadCallback,
  protocolMismatch,
  directToAddress,
  toolDownload,
  commandInjection,
  attackSequence,
];
