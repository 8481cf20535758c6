// Rules that open to everybody where the scan found nothing listening: closing them costs nobody anything.
import type { ExposureGap, MeasuredHost, Transport } from '../model/exposure.ts';
import type { Port, SecurityRule } from '../model/inventory.ts';
import { type Groups, isAboutPort, isToEverybody, ruleText } from './intended.ts';

/** One scanned public address of a machine's port. */
export interface ScannedPort {
  readonly host: MeasuredHost;
  readonly port: Port;
  readonly machine: string;
}

export interface ScannedRange {
  readonly tcp: ReadonlySet<number>;
  readonly udp: ReadonlySet<number>;
}

const maxExamples = 5;

interface Use {
  readonly rule: SecurityRule;
  readonly project: string;
  readonly machines: Set<string>;
  isUsed: boolean;
}

/** Only rules of which at least one port was scanned can be called silent. */
function wasAsked(rule: SecurityRule, scanned: ScannedRange): boolean {
  const asked = (protocol: Transport): boolean => [...scanned[protocol]].some((port) => isAboutPort(rule, protocol, port));
  return asked('tcp') || asked('udp');
}

/** Rules that let everybody in to one scanned port, each with its group. */
function openRules({ host, port }: ScannedPort, groups: Groups): { readonly rule: SecurityRule; readonly projectId: string }[] {
  const version = host.address.includes(':') ? 6 : 4;
  return port.securityGroupIds
    .flatMap((id) => groups.group(id) ?? [])
    .flatMap(({ rules, projectId }) => rules.map((rule) => ({ rule, projectId })))
    .filter(({ rule }) => rule.direction === 'toVm' && rule.ipVersion === version && isToEverybody(rule));
}

const listensUnder = ({ host }: ScannedPort, rule: SecurityRule): boolean =>
  host.ports.some(({ state, protocol, port }) => state === 'open' && isAboutPort(rule, protocol, port));

/** @param projectName name of a project by its id */
export function silentRules(
  scannedPorts: Iterable<ScannedPort>,
  groups: Groups,
  scanned: ScannedRange,
  projectName: (id: string) => string,
): ExposureGap[] {
  const uses = new Map<string, Use>();
  for (const one of scannedPorts) {
    if (one.host.failed !== undefined || !one.port.portSecurity) continue;
    for (const { rule, projectId } of openRules(one, groups)) {
      const use = uses.get(rule.id) ?? { rule, project: projectName(projectId), machines: new Set<string>(), isUsed: false };
      use.machines.add(one.machine);
      use.isUsed ||= listensUnder(one, rule);
      uses.set(rule.id, use);
    }
  }
  return [...uses.values()]
    .filter(({ isUsed, rule }) => !isUsed && wasAsked(rule, scanned))
    .map(({ rule, project, machines }) => gapOf(rule, project, machines, groups))
    .sort((a, b) => b.machines - a.machines || (a.text < b.text ? -1 : 1));
}

function gapOf(rule: SecurityRule, project: string, machines: ReadonlySet<string>, groups: Groups): ExposureGap {
  const names = [...machines].sort();
  return {
    kind: 'intended-silent',
    text: `${ruleText(rule, groups)}: nothing listens on ${names.length === 1 ? names[0] : `any of ${names.length} machines`}; the rule may go`,
    ruleId: rule.id,
    group: groups.group(rule.groupId)?.name || rule.groupId,
    project,
    machines: names.length,
    examples: names.slice(0, maxExamples),
  };
}
