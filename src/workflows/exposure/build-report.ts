// Hosts as measured, an inventory, records and a policy → the report, with what the three views disagree about.
import { assess, type End, maxPortsOfHost } from '../../exposure/assess.ts';
import type { Coverage } from '../../exposure/changes.ts';
import type { ObservedConnections } from '../../exposure/observed-connections.ts';
import type { Policy } from '../../exposure/policy.ts';
import { parsePorts } from '../../exposure/port-list.ts';
import { silentRules } from '../../exposure/silent-rules.ts';
import {
  type Acceptance,
  type ExposureGap,
  type ExposureReport,
  exposureSchema,
  type MeasuredHost,
  type ScanSettings,
} from '../../model/exposure.ts';
import { endText } from '../../report/exposure/exposure-lines.ts';
import type { RunPlan } from '../../store/exposure-archive.ts';
import { ObservedPorts } from './observe.ts';
import { type Owners, unknownOwner } from './owners.ts';

const maxGaps = 500;

export interface ReportInput {
  readonly plan: RunPlan;
  readonly version: string;
  readonly hosts: ReadonlyMap<string, MeasuredHost>;
  /** Addresses of the plan. */
  readonly addresses: number;
  readonly owners: Owners | undefined;
  readonly observed: { readonly inputs: readonly string[]; readonly connections: ObservedConnections } | undefined;
  readonly policy: Policy;
  readonly acceptances: readonly Acceptance[];
  readonly previous: ExposureReport | undefined;
  readonly now: Date;
  /** Why the scan is not whole; the report adds addresses that failed. */
  readonly partial: string | undefined;
  readonly notes: readonly string[];
}

/** What a scan has looked at: silence about the rest is no answer. */
export function coverageOf(hosts: ReadonlyMap<string, MeasuredHost>, { tcpPorts, udpPorts }: ScanSettings): Coverage {
  const ports = { tcp: new Set(parsePorts(tcpPorts)), udp: new Set(parsePorts(udpPorts)) };
  return {
    has(address, protocol, port) {
      const host = hosts.get(address);
      return host !== undefined && host.failed === undefined && ports[protocol].has(port);
    },
  };
}

export function buildReport(input: ReportInput): ExposureReport {
  const { plan, hosts, owners, observed, policy, previous, now } = input;
  const ports = observed === undefined ? undefined : new ObservedPorts(observed.connections, owners);
  const all = [...hosts.values()];
  const failed = all.filter(({ failed: reason }) => reason !== undefined);
  const crowded = all.filter((host) => host.ports.filter(({ state }) => state === 'open').length > maxPortsOfHost);
  const exposures = assess({
    hosts: all,
    views: {
      owner: (end) => owners?.owner(end) ?? unknownOwner(end.address),
      intended: (end, owner) => owners?.intended(end, owner) ?? { verdict: 'unknown', rules: [] },
      observed: ports && ((end) => ports.view(end) ?? unseen),
    },
    ...{ policy, acceptances: input.acceptances, previous: previous?.exposures ?? [], startedAt: plan.started, now },
  });
  const partial = input.partial ?? (failed.length > 0 ? `${failed.length} of ${input.addresses} addresses could not be scanned` : false);
  return {
    ...{ schema: exposureSchema, kind: 'exposure-report', id: plan.id, version: input.version },
    ...{ started: plan.started, ended: now.toISOString(), partial },
    scan: {
      ...plan.settings,
      ...{ targets: plan.targets, excluded: plan.excluded, addresses: input.addresses, scanned: all.length - failed.length },
      ...{ answered: all.filter(hasAnswered).length, failed: failed.length },
      notes: [
        ...plan.notes,
        ...input.notes,
        ...failed.slice(0, 20).map(({ address, failed: reason }) => `${address} could not be scanned: ${reason}`),
        ...crowded.map(({ address }) => `${address} answers on more than ${maxPortsOfHost} ports; only these are listed`),
      ],
    },
    policy: { source: policy.source, standardPorts: policy.standardPorts },
    inventory: owners?.facts() ?? null,
    observed:
      observed === undefined
        ? null
        : { inputs: observed.inputs, connections: observed.connections.connections, dropped: observed.connections.dropped },
    exposures,
    gaps: gapsOf(input, ports).slice(0, maxGaps),
  };
}

/** nmap calls up whatever it was told to scan (`user-set`): only an answer counts. */
const hasAnswered = ({ state, reason, ports, others }: MeasuredHost): boolean =>
  ports.some((one) => one.state === 'open' || one.state === 'closed') ||
  others.some((one) => one.state === 'closed') ||
  (state === 'up' && reason !== 'user-set' && reason !== 'no-response');

/** Records were given, and nobody came. */
const unseen = { connections: 0, sources: 0, firstSeen: '', lastSeen: '', sampleSources: [], uids: [] };

function gapsOf({ hosts, owners, plan }: ReportInput, ports: ObservedPorts | undefined): ExposureGap[] {
  const { tcpPorts, udpPorts } = plan.settings;
  const scanned = { tcp: new Set(parsePorts(tcpPorts)), udp: new Set(parsePorts(udpPorts)) };
  const silent =
    owners === undefined ? [] : silentRules(owners.scannedPorts(hosts.values()), owners.groups, scanned, (id) => owners.projectName(id));
  const covered = coverageOf(hosts, plan.settings);
  const isOpen = ({ address, protocol, port }: End): boolean =>
    hosts.get(address)?.ports.some((one) => one.protocol === protocol && one.port === port && one.state === 'open') === true;
  const unmeasured = [...(ports?.ends() ?? [])]
    .filter(([end]) => hosts.has(end.address) && !isOpen(end))
    .map(([end, view]): ExposureGap => {
      const why = covered.has(end.address, end.protocol, end.port) ? 'the scan found it closed' : 'the scan did not ask it';
      const text = `${endText(end)}: ${view.connections} accepted connections from ${view.sources} outside, last ${view.lastSeen}, but ${why}`;
      return { kind: 'observed-unseen', text, machines: 1, examples: view.sampleSources };
    });
  return [...unmeasured, ...silent];
}
