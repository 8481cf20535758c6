// Takes a machine off the network, in one of four ways; what each keeps is in docs/guides/containment.md.
import { VedetteError } from '../../../base/errors.ts';
import type { Port } from '../../../model/inventory.ts';
import type { Action, Plan, PlanContext } from '../../action.ts';
import type { Change } from '../../change.ts';
import { lockReason, lockState, powerState } from '../../targets/machine.ts';
import { portState } from '../../targets/port.ts';
import { planPort } from './plan-port.ts';
import { groupForPort, type QuarantineGroup } from './quarantine-group.ts';

export const isolateModes = ['egress', 'full', 'port-down', 'pause'] as const;

export type IsolateMode = (typeof isolateModes)[number];

export type IsolateParameters = {
  readonly mode: IsolateMode;
  /** CIDRs of investigators, who may open connections to the machine. */
  readonly allowFrom: readonly string[];
  /** What to do with a mirrored port, where security groups are not enforced; standard: `port-down` in mode full, else `refuse`. */
  readonly mirrored: 'port-down' | 'refuse';
};

const refusal = ({ state }: PlanContext, problem: string, advice: string): VedetteError =>
  new VedetteError('containment-refused', { machine: state.machine.name, problem, advice });

/** Ports of machines and of their trunks; others serve a whole network. */
const isMachinePort = ({ deviceOwner }: Port): boolean =>
  deviceOwner === '' || deviceOwner.startsWith('compute:') || deviceOwner === 'trunk:subport';

function checkPorts(context: PlanContext): void {
  const { ports } = context.state;
  if (ports.length === 0) throw refusal(context, 'has no port', 'there is nothing to isolate; use --mode pause');
  const stranger = ports.find((port) => !isMachinePort(port));
  if (stranger === undefined) return;
  const problem = `port ${stranger.id} is no machine's own (${stranger.deviceOwner}); cutting it off would cut off a network`;
  throw refusal(context, problem, 'isolate the machine behind it');
}

function planPause({ state, action, reason }: PlanContext): Plan {
  const { machine } = state;
  const power: Change = {
    target: { kind: 'power', machineId: machine.id },
    before: powerState(machine),
    after: { status: 'PAUSED' },
    undo: 'restore',
  };
  const lock: Change = {
    target: { kind: 'lock', machineId: machine.id, reason: lockReason(action, reason) },
    before: lockState(machine),
    after: { locked: true },
    undo: 'restore',
  };
  const warnings = ['its memory is kept, its connections time out at the other ends; nothing in it runs until release'];
  if (machine.locked)
    return {
      changes: [power],
      warnings: [...warnings, `it is locked already (${machine.lockedReason ?? 'no reason given'}) and stays so`],
    };
  return { changes: [power, lock], warnings };
}

function planPortDown({ state }: PlanContext): Plan {
  const changes = state.ports.map((port): Change => {
    const before = portState(port);
    return { target: { kind: 'port', id: port.id }, before, after: { ...before, adminUp: false }, undo: 'restore' };
  });
  const mirrors = state.tapFlows.map(({ name }) => `its mirror ${name} shows nothing while the port is down`);
  return { changes, warnings: mirrors };
}

async function planGroups(context: PlanContext, parameters: IsolateParameters): Promise<Plan> {
  const groups = new Map<string, QuarantineGroup>();
  const portChanges: Change[] = [];
  const warnings: string[] = [];
  for (const port of context.state.ports) {
    const group = await groupForPort(context, port, parameters, groups);
    const planned = planPort(context, port, parameters, group.reference);
    portChanges.push(...planned.changes);
    warnings.push(...group.warnings, ...planned.warnings);
  }
  return { changes: [...[...groups.values()].map(({ change }) => change), ...portChanges], warnings: [...new Set(warnings)] };
}

/** Why floating addresses stay where they are. */
function floatingWarnings({ state }: PlanContext): readonly string[] {
  return state.floatingAddresses.map(
    ({ address }) => `${address} stays with it: without it, the machine would go out by the address that its whole project shares`,
  );
}

export const isolateMachine: Action<IsolateParameters> = {
  name: 'isolate-machine',
  title: 'Cuts a machine off the network, or stops it with its memory kept.',
  permissions: [
    { service: 'network', right: 'update_port', when: 'mode egress, full, port-down' },
    { service: 'network', right: 'update_port:port_security_enabled', when: 'a port has port security off' },
    {
      service: 'network',
      right: 'create_security_group, create_security_group_rule, delete_security_group_rule',
      when: 'mode egress, full',
    },
    { service: 'network', right: 'delete_security_group', when: 'releasing mode egress, full' },
    { service: 'compute', right: 'os-pause-server:pause, os-lock-server:lock', when: 'mode pause' },
    { service: 'compute', right: 'os-pause-server:unpause, os-lock-server:unlock', when: 'releasing mode pause' },
  ],
  reversible: true,
  ends: ['open connections'],
  async plan(context, parameters) {
    const { mode } = parameters;
    if (mode === 'pause') {
      const { status } = context.state.machine;
      if (status !== 'ACTIVE')
        throw refusal(context, `is ${status}, not running`, 'nothing of it can send; vedette snapshot keeps its disk');
      return planPause(context);
    }
    checkPorts(context);
    const plan = mode === 'port-down' ? planPortDown(context) : await planGroups(context, parameters);
    const watch = `members of project ${context.state.machine.projectId} can undo this at the port; vedette contain status --watch tells when they do`;
    return { changes: plan.changes, warnings: [...plan.warnings, ...floatingWarnings(context), watch] };
  },
};
