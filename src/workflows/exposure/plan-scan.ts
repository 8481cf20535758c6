// From what was asked for to a plan that can be kept, and gone on with: engine, ports, addresses.
import { VedetteError } from '../../base/errors.ts';
import type { ExposureScanner } from '../../exposure/exposure-scanner.ts';
import type { Policy } from '../../exposure/policy.ts';
import { formatPorts, parsePorts } from '../../exposure/port-list.ts';
import { riskPorts } from '../../exposure/risk-classes.ts';
import { parseWindow } from '../../exposure/time-window.ts';
import type { ScanSettings } from '../../model/exposure.ts';
import type { RunPlan } from '../../store/exposure-archive.ts';
import { chooseTargets } from './choose-targets.ts';
import type { ExposureDependencies } from './dependencies.ts';
import type { Owners } from './owners.ts';

/** What a person may choose about a scan. */
export interface ScanChoice {
  readonly targets: readonly string[];
  readonly exclude: readonly string[];
  readonly engine: 'auto' | 'nmap' | 'connect';
  /** `22,80`; what the engine usually asks, and all ports of risk classes, without. */
  readonly tcp?: string;
  /** `53,161`; `risk`: those of the risk classes; none without. */
  readonly udp?: string;
  readonly rate: number;
  /** Time for an address; what the rate makes sensible, without. */
  readonly hostTimeoutSeconds?: number;
  readonly versions: boolean;
  readonly banners: boolean;
  readonly authorisation: string;
  readonly window: string;
}

interface ChosenEngine {
  readonly scanner: ExposureScanner;
  readonly standardPorts: readonly number[];
  readonly notes: readonly string[];
}

/** nmap where it is and may send what it likes; else the built-in scan, and a sentence that says so. */
async function chooseEngine(engine: ScanChoice['engine'], { nmap, connect, isRoot }: ExposureDependencies): Promise<ChosenEngine> {
  const builtIn = async (note: string): Promise<ChosenEngine> => ({
    scanner: connect,
    standardPorts: await connect.standardPorts(),
    notes: note === '' ? [] : [note],
  });
  if (engine === 'connect') return builtIn('');
  if (engine === 'auto' && !isRoot) return builtIn('scanned with the built-in connect scan: nmap needs root to scan half-open');
  try {
    return { scanner: nmap, standardPorts: await nmap.standardPorts(), notes: [] };
  } catch (error) {
    if (engine === 'nmap' || !(error instanceof VedetteError) || error.code !== 'program-missing') throw error;
    return builtIn('scanned with the built-in connect scan: nmap is not installed');
  }
}

function udpPortsOf(text: string | undefined, policy: Policy): readonly number[] {
  if (text === undefined) return [];
  return text === 'risk' ? riskPorts('udp', policy.riskClasses) : parsePorts(text);
}

/** Addresses that nmap scans side by side (`determineScanGroupSize`), for ports of this number. */
const groupOf = (ports: number): number => Math.max(64, Math.ceil(1024 / ports));
const shortestTimeout = 900;

/** An address waits for those beside it: four packets a port for all of them, and as much again. */
const usualTimeout = (ports: number, rate: number): number => Math.max(shortestTimeout, Math.ceil((groupOf(ports) * ports * 8) / rate));

/** `2026-11-30T031500Z`, later by seconds when there is one of that second. */
function freeId(now: Date, taken: ReadonlySet<string>): string {
  for (let at = now.getTime(); ; at += 1000) {
    const id = `${new Date(at).toISOString().slice(0, 19).replaceAll(/:/g, '')}Z`;
    if (!taken.has(id)) return id;
  }
}

/** @throws {VedetteError} `usage`, `scan-nothing` */
export async function planScan(
  choice: ScanChoice,
  context: {
    readonly policy: Policy;
    readonly owners: Owners | undefined;
    readonly taken: ReadonlySet<string>;
    readonly notes: readonly string[];
  },
  dependencies: ExposureDependencies,
): Promise<RunPlan> {
  const { policy, owners } = context;
  const excluded = [...choice.exclude, ...policy.exclude.map(({ address }) => address)];
  const { set, notes } = chooseTargets(choice.targets, excluded, owners);
  if (choice.window !== '') parseWindow(choice.window);
  const { scanner, standardPorts, notes: engineNotes } = await chooseEngine(choice.engine, dependencies);
  const usual = [...new Set([...standardPorts, ...riskPorts('tcp', policy.riskClasses)])].sort((a, b) => a - b);
  const tcp = choice.tcp === undefined ? usual : parsePorts(choice.tcp);
  const udp = udpPortsOf(choice.udp, policy);
  if (tcp.length + udp.length === 0)
    throw new VedetteError('usage', { problem: 'no ports to ask', advice: 'give some with --tcp or --udp' });
  const { rate, versions, banners, authorisation, window } = choice;
  const hostTimeoutSeconds = choice.hostTimeoutSeconds ?? usualTimeout(tcp.length + udp.length, rate);
  const settings: ScanSettings = {
    ...{ engine: scanner.engine, tcpPorts: formatPorts(tcp), udpPorts: formatPorts(udp), rate, hostTimeoutSeconds, versions },
    ...{ banners, authorisation, window },
  };
  const now = dependencies.now();
  return {
    ...{ schema: 1, id: freeId(now, context.taken), version: dependencies.version, started: now.toISOString() },
    targets: choice.targets.length === 0 ? ['inventory'] : choice.targets,
    addresses: set.cidrs(),
    ...{ excluded, settings, notes: [...context.notes, ...engineNotes, ...notes] },
  };
}
