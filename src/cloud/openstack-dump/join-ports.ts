// Which machine or router a port belongs to, where the list of ports does not say.
import type { FloatingAddress, Machine, Network, Port, Router } from '../../model/inventory.ts';

/** Addresses that a machine has in a network, as the list of machines tells. */
export interface Placement {
  readonly machineId: string;
  /** Name of the network: several may have it. */
  readonly network: string;
  readonly addresses: readonly string[];
}

/** Values by key, several a key. */
function grouped<T, K>(items: readonly T[], keysOf: (item: T) => readonly K[]): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}

const mayBeMachines = ({ deviceOwner }: Port): boolean => /^(?:compute|baremetal):|^$/.test(deviceOwner);

/** Machines that fit each port, by network name and address. */
function machinesOfPorts(placements: readonly Placement[], ports: readonly Port[], networks: readonly Network[]): Map<string, Set<string>> {
  const named = grouped(networks, ({ name }) => [name]);
  const addressed = grouped(ports.filter(mayBeMachines), ({ fixed }) => fixed.map(({ address }) => address));
  const found = new Map<string, Set<string>>();
  for (const { machineId, network, addresses } of placements) {
    const ids = named.get(network)?.map(({ id }) => id);
    const fitting = addresses.flatMap((address) => addressed.get(address) ?? []);
    for (const { id, networkId } of fitting) {
      if (ids === undefined || networkId === '' || ids.includes(networkId)) found.set(id, (found.get(id) ?? new Set()).add(machineId));
    }
  }
  return found;
}

/** Ports of machines by network name and address. A machine without a project gets that of its network. */
export function joinMachines(
  machines: readonly Machine[],
  placements: readonly Placement[],
  ports: readonly Port[],
  networks: readonly Network[],
): { readonly machines: Machine[]; readonly ports: Port[]; readonly notes: string[] } {
  const found = machinesOfPorts(placements, ports, networks);
  const unclear = [...found.values()].filter(({ size }) => size > 1).length;
  const projectOfNetwork = new Map(
    networks.filter(({ shared, external }) => !shared && !external).map(({ id, projectId }) => [id, projectId]),
  );
  const joined = ports.map((port): Port => {
    const [deviceId = '', ...others] = found.get(port.id) ?? [];
    const projectId = port.projectId || (projectOfNetwork.get(port.networkId) ?? '');
    return { ...port, projectId, deviceId: port.deviceId || (others.length === 0 ? deviceId : '') };
  });
  const projectOfMachine = new Map(
    joined.filter(({ deviceId }) => deviceId !== '').map(({ deviceId, projectId }) => [deviceId, projectId]),
  );
  const isInferred = machines.some(({ projectId }) => projectId === '');
  return {
    machines: machines.map((machine) => ({ ...machine, projectId: machine.projectId || (projectOfMachine.get(machine.id) ?? '') })),
    ports: joined,
    notes: [
      ...(unclear > 0 ? [`${unclear} ports fit several machines (equal addresses in networks of equal names): left without one`] : []),
      ...(isInferred ? ['the list of machines has no column Project ID: taken from the networks that they are in'] : []),
    ],
  };
}

/** Routers of ports: by gateway address, from floating addresses behind them, or because a project has one router only. */
export function joinRouters(
  ports: readonly Port[],
  routers: readonly Router[],
  floating: readonly FloatingAddress[],
  networks: readonly Network[],
): Port[] {
  const networkOfPort = new Map(ports.map(({ id, networkId }) => [id, networkId]));
  const routersOfProject = grouped(routers, ({ projectId }) => [projectId]);
  const routerOfNetwork = new Map(
    networks.flatMap(({ id, projectId }) => {
      const [only, ...others] = routersOfProject.get(projectId) ?? [];
      return only === undefined || others.length > 0 ? [] : [[id, only.id] as const];
    }),
  );
  for (const { portId, routerId } of floating) {
    if (routerId !== undefined && portId !== undefined) routerOfNetwork.set(networkOfPort.get(portId) ?? '', routerId);
  }
  const byAddress = new Map(routers.flatMap(({ id, gatewayAddresses }) => gatewayAddresses.map(({ address }) => [address, id] as const)));
  return ports.map((port) => {
    if (port.deviceId !== '' || !/^network:(?:router_|ha_router)/.test(port.deviceOwner)) return port;
    const gateway = port.fixed.map(({ address }) => byAddress.get(address)).find((id) => id !== undefined);
    const routerId = port.deviceOwner === 'network:router_gateway' ? gateway : routerOfNetwork.get(port.networkId);
    const owner = routers.find(({ id }) => id === routerId)?.projectId ?? '';
    return routerId === undefined ? port : { ...port, deviceId: routerId, projectId: port.projectId || owner };
  });
}
