// Plans, results and states of containment, as text for terminals.

import type { ActionRecord, ContainmentStatus, PlannedAction, WireReport } from '../../workflows/containment/index.ts';
import { printable } from './printable.ts';

const lines = (all: readonly string[]): string => all.map((line) => `${printable(line)}\n`).join('');

const machineText = ({ machine, cloud }: Pick<PlannedAction, 'machine' | 'cloud'>): string =>
  `${machine.name} ${machine.id} of project ${machine.projectId} in ${cloud}`;

/** What would be done: for `--dry-run`, and before a person is asked. */
export function planText(plan: PlannedAction): string {
  const calls = plan.calls.flatMap(({ method, url, headers, body }) => [
    `  ${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    ...(body === undefined ? [] : [`    ${JSON.stringify(body)}`]),
  ]);
  return lines([plan.title, `  ${machineText(plan)}`, ...plan.warnings.map((warning) => `  note: ${warning}`), 'Calls:', ...calls]);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** From the last call, which is the one that isolates, and from the first. */
function lastPacketText({ lastPacketAt }: WireReport, { firstCallAt, lastCallAt }: ActionRecord): string {
  if (lastPacketAt === undefined || firstCallAt === undefined || lastCallAt === undefined) return 'no packet since the first call';
  const since = (call: string): string => seconds(Math.max(0, Date.parse(lastPacketAt) - Date.parse(call)));
  return `the last packet came ${since(lastCallAt)} after the last call, ${since(firstCallAt)} after the first`;
}

const flowText = ({ protocol, machine, peer, fromVm, toVm }: WireReport['survivors'][number]): string =>
  `${protocol} ${machine} with ${peer} (${fromVm} packets out, ${toVm} in)`;

function wireLines(wire: WireReport, record: ActionRecord): readonly string[] {
  if (!wire.checked) return wire.remarks.map((remark) => `  wire: ${remark}`);
  const points = wire.points.map(({ namespace, interface: device }) => (namespace === undefined ? device : `${namespace}:${device}`));
  const { packetsBefore, packetsAfter } = wire;
  const verdict = wire.silent ? `silent; ${lastPacketText(wire, record)}` : 'NOT silent: packets that must not be still pass';
  return [
    `  wire: ${verdict} (${packetsBefore} packets before, ${packetsAfter} after; at ${points.join(', ')})`,
    ...(wire.lastFlow === undefined ? [] : [`  last packet: ${flowText(wire.lastFlow)}`]),
    ...wire.survivors.map((flow) => `  survivor: ${flowText(flow)}`),
    ...wire.remarks.map((remark) => `  wire: ${remark}`),
  ];
}

function evidenceLines({ evidence }: ActionRecord): readonly string[] {
  if (evidence === undefined) return [];
  return [`  evidence: ${evidence.items.length} files kept`, ...evidence.gaps.map((gap) => `  evidence missing: ${gap}`)];
}

function proofLines(record: ActionRecord): readonly string[] {
  const { verification } = record;
  if (verification === undefined) return [];
  const { problems, wire } = verification;
  const cloud = problems.length === 0 ? '  cloud: all is as planned' : '  cloud: NOT as planned';
  return [cloud, ...problems.map((problem) => `  problem: ${problem}`), ...wireLines(wire, record)];
}

/** What was done, and whether it holds. */
export function recordText(record: ActionRecord, head: string): string {
  const { id, plan, status } = record;
  return lines([
    `${head}: ${plan.machine.name} ${plan.machine.id} (action ${id}, ${status})`,
    ...(status === 'released' ? [] : [...evidenceLines(record), ...proofLines(record)]),
    ...record.notes.map((note) => `  note: ${note}`),
    ...(plan.expiresAt === undefined || status === 'released'
      ? []
      : [`  expires ${plan.expiresAt}; vedette release --expired must be run then, by a timer: see docs/guides/containment.md`]),
    ...(status === 'applied' ? [`  undo: vedette release ${id}`] : []),
  ]);
}

/** One line an action. */
export function listText(records: readonly ActionRecord[]): string {
  if (records.length === 0) return 'no actions\n';
  return lines(
    records.map(({ id, status, plan }) => `${id}  ${status.padEnd(9)}  ${plan.name.padEnd(16)}  ${plan.machine.name}  ${plan.reason}`),
  );
}

/** What is in force, and what is wrong with it. */
export function statusText(statuses: readonly ContainmentStatus[]): string {
  if (statuses.length === 0) return 'nothing is contained\n';
  return lines(
    statuses.flatMap(({ record: { id, plan }, problems, isExpired }) => [
      `${plan.machine.name} ${plan.machine.id}: ${plan.name} ${id} ${problems.length === 0 ? 'holds' : 'DOES NOT HOLD'}${isExpired ? ', and has expired' : ''}`,
      ...problems.map((problem) => `  problem: ${problem}`),
    ]),
  );
}
