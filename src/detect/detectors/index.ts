// The explicit list of detectors, by number. Those that join findings of others come last.
import type { Detector } from '../detector.ts';
import { darkAddress } from './dark-address/dark-address.ts';
import { hostDiscovery } from './host-discovery/host-discovery.ts';
import { outboundSweep } from './outbound-sweep/outbound-sweep.ts';
import { portScan } from './port-scan/port-scan.ts';
import { slowScanner } from './slow-scanner/slow-scanner.ts';

export const detectors: readonly Detector[] = [outboundSweep, portScan, slowScanner, darkAddress, hostDiscovery];
