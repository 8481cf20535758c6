// Connections that the router still tracks, cut where the router is on this computer. Neutron cuts them with the group swap; this is for
// the case that the wire shows otherwise.
import type { MachineState } from '../../cloud/cloud.ts';
import type { CommandRunner } from '../../host/command-runner.ts';
import type { WirePoint } from './wire-report.ts';

const commandMs = 10_000;

/** @returns what was cut, one line of `conntrack` each (at most 100), for the journal */
export async function cutConnections(
  runner: CommandRunner,
  { ports }: MachineState,
  points: readonly WirePoint[],
): Promise<readonly string[]> {
  const namespaces = new Set(points.flatMap(({ side, namespace }) => (side === 'router' && namespace !== undefined ? [namespace] : [])));
  const addresses = ports.flatMap(({ fixed }) => fixed.map(({ address }) => address));
  const cut: string[] = [];
  for (const namespace of namespaces) {
    for (const address of addresses) {
      for (const end of ['-s', '-r']) {
        const { stdout } = await runner.run({ program: 'conntrack', args: ['-D', end, address], namespace, timeoutMs: commandMs });
        cut.push(...stdout.split('\n').filter((line) => line !== ''));
      }
    }
  }
  return cut.slice(0, 100);
}
