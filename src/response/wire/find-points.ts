// Where a machine can be seen from this computer: its own device (`tap…`), and its routers' devices (`qr-…` in `qrouter-…`).

import { inCidr, parseAddress, parseCidr } from '../../base/ip.ts';
import type { MachineState } from '../../cloud/cloud.ts';
import type { CommandRunner } from '../../host/command-runner.ts';
import type { WirePoint } from './wire-report.ts';

const lookMs = 5000;

async function outputOf(runner: CommandRunner, args: readonly string[], namespace?: string): Promise<string> {
  try {
    const { code, stdout } = await runner.run({ program: 'ip', args, timeoutMs: lookMs, ...(namespace !== undefined && { namespace }) });
    return code === 0 ? stdout : '';
  } catch {
    // No such program, or no right to ask: nothing can be seen from here, which is an answer.
    return '';
  }
}

/** Devices of `ip -o link`: `7: tap20773ec2-fe@if2: <…`. */
const deviceNames = (text: string): readonly string[] => [...text.matchAll(/^\d+: ([^:@\s]+)/gm)].map(([, name = '']) => name);

/** Devices with their addresses, of `ip -o addr`: `3: qr-0f3b…    inet 10.0.0.1/24 …`. */
const deviceAddresses = (text: string): readonly (readonly [string, string])[] =>
  [...text.matchAll(/^\d+: (\S+)\s+inet6? (\S+)/gm)].map(([, name = '', cidr = '']) => [name, cidr]);

/** Neutron names devices after the first 11 characters of the port's id (Linux allows 15). */
const ownDevices = ({ ports }: MachineState): readonly string[] =>
  ports.flatMap(({ id }) => ['tap', 'qvo'].map((prefix) => `${prefix}${id.slice(0, 11)}`));

function isNear(cidr: string, addresses: readonly string[]): boolean {
  const range = parseCidr(cidr);
  return addresses.some((address) => {
    const words = parseAddress(address);
    return range !== undefined && words !== undefined && inCidr(range, ...words);
  });
}

async function routerPoints(runner: CommandRunner, namespace: string, addresses: readonly string[]): Promise<readonly WirePoint[]> {
  const devices = deviceAddresses(await outputOf(runner, ['-o', 'addr', 'show'], namespace));
  const near = devices.filter(([device, cidr]) => device.startsWith('qr-') && isNear(cidr, addresses));
  return [...new Set(near.map(([device]) => device))].map((device) => ({ side: 'router', interface: device, namespace }));
}

/** Points of this computer; empty when the machine is elsewhere. */
export async function findWirePoints(runner: CommandRunner, state: MachineState): Promise<readonly WirePoint[]> {
  const here = deviceNames(await outputOf(runner, ['-o', 'link', 'show']));
  const own = ownDevices(state).filter((device) => here.includes(device));
  const namespaces = (await outputOf(runner, ['netns', 'list'])).split('\n').map((line) => line.split(' ')[0] ?? '');
  const addresses = state.ports.flatMap(({ fixed }) => fixed.map(({ address }) => address));
  const routers = state.routers.map(({ id }) => `qrouter-${id}`).filter((name) => namespaces.includes(name));
  const atRouters = await Promise.all(routers.map((namespace) => routerPoints(runner, namespace, addresses)));
  return [...own.map((device): WirePoint => ({ side: 'machine', interface: device })), ...atRouters.flat()];
}

/** `qrouter-…:qr-…` or `tap…`, as on the command line; undefined when it is neither. */
export function parseWirePoint(text: string): WirePoint | undefined {
  const match = /^(?:([A-Za-z0-9][\w.-]*):)?([A-Za-z0-9][\w.-]{0,14})$/.exec(text);
  if (match === null) return undefined;
  const [, namespace, device = ''] = match;
  const side = /^(tap|qvo|qvb|vhu)/.test(device) ? 'machine' : 'router';
  return { side, interface: device, ...(namespace !== undefined && { namespace }) };
}
