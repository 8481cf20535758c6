// A claim on an address → who that is: the machine with its owner, host, image and router, as of the time.
import type { EpochMicros } from '../base/units.ts';
import type { Candidate } from '../model/attribution.ts';
import type { FloatingAddress, Port } from '../model/inventory.ts';
import type { AsOf } from './as-of.ts';
import { isRouterPort } from './claim-index.ts';
import type { ItemSpan } from './spans.ts';

/** Who, without when and how sure. */
export type Identity = Omit<Candidate, 'from' | 'to' | 'confidence' | 'reasons'>;

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Without what is undefined or empty. `kind`, `id` and `name` are always there. */
const identityOf = (value: Loose<Partial<Identity>>): Identity =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== '')) as unknown as Identity;

/** Looks up who claims are about. */
export class Describer {
  readonly #asOf: AsOf;

  constructor(asOf: AsOf) {
    this.#asOf = asOf;
  }

  /** The holder of a port: a machine, a router, a DHCP server, a load balancer, or nobody. */
  port(span: ItemSpan<Port>, at: EpochMicros, floating?: FloatingAddress): Identity {
    const { value: port } = span;
    const holder = this.#holder(port, at);
    const routerId =
      holder.kind === 'router' ? holder.id : (floating?.routerId ?? [...this.#asOf.routersOfNetwork(port.networkId, at)].sort()[0]);
    return identityOf({
      ...holder,
      projectName: this.#projectName(holder.projectId, at),
      portId: port.id,
      mac: port.mac,
      fixedAddress: floating?.fixedAddress ?? port.fixed[0]?.address,
      floatingAddress: floating?.address ?? this.#floatingOf(port.id, at),
      networkId: port.networkId,
      networkName: this.#asOf.item('networks', port.networkId, at)?.name,
      routerId,
      routerName: this.#asOf.item('routers', routerId, at)?.name,
    });
  }

  /** A router by itself. */
  router(id: string, at: EpochMicros): Identity {
    const router = this.#asOf.item('routers', id, at);
    const active = router?.hosts.find((one) => one.active) ?? router?.hosts[0];
    return identityOf({
      ...{ kind: 'router' as const, id, name: router?.name || id, projectId: router?.projectId, host: active?.host },
      projectName: this.#projectName(router?.projectId, at),
      ...{ routerId: id, routerName: router?.name },
    });
  }

  /** Something of a project that is neither machine nor router. */
  plain(kind: Candidate['kind'], item: { id: string; name?: string; projectId: string; networkId?: string }, at: EpochMicros): Identity {
    return identityOf({
      ...{ kind, id: item.id, name: item.name || item.id, projectId: item.projectId },
      projectName: this.#projectName(item.projectId, at),
      networkId: item.networkId,
      networkName: this.#asOf.item('networks', item.networkId, at)?.name,
    });
  }

  #projectName(id: string | undefined, at: EpochMicros): string | undefined {
    return id === undefined || id === '' ? undefined : this.#asOf.name('projects', id, at);
  }

  /** Port that a trunk's subport hangs on. */
  #deviceOf({ deviceId, trunk }: Port, at: EpochMicros): string {
    return deviceId !== '' || trunk === undefined ? deviceId : (this.#asOf.port(trunk.parentPortId, at)?.value.deviceId ?? '');
  }

  #floatingOf(portId: string, at: EpochMicros): string | undefined {
    return this.#asOf.likeliest(this.#asOf.index.floatingOfPort.get(portId), at)?.value.address;
  }

  #holder(port: Port, at: EpochMicros): Identity {
    const deviceId = this.#deviceOf(port, at);
    const { id, name, projectId, deviceOwner } = port;
    if (this.#asOf.item('machines', deviceId, at) !== undefined) return this.#machine(deviceId, port, at);
    if (isRouterPort(port) && deviceId !== '') return this.router(deviceId, at);
    if (/^network:(?:dhcp|distributed)$/.test(deviceOwner)) {
      return { kind: 'dhcp', id, name: `DHCP of ${this.#asOf.name('networks', port.networkId, at)}`, projectId };
    }
    if (deviceOwner === 'network:floatingip')
      return { kind: 'floating', id: deviceId || id, name: port.fixed[0]?.address ?? id, projectId };
    const balancer = this.#asOf.likeliest(this.#asOf.index.balancerOfPort.get(id), at)?.value;
    if (balancer !== undefined || /octavia|loadbalancer/i.test(deviceOwner)) {
      return { kind: 'load-balancer', id: balancer?.id ?? deviceId, name: balancer?.name || name || deviceId, projectId };
    }
    // A machine that the list of machines does not show (another cell, no right, deleted before the first reading).
    const isMachine = /^(?:compute|baremetal):/.test(deviceOwner) && deviceId !== '';
    return isMachine
      ? identityOf({ kind: 'machine', id: deviceId, name: name || deviceId, projectId, host: port.host })
      : { kind: 'port', id, name: name || id, projectId };
  }

  #machine(id: string, port: Port, at: EpochMicros): Identity {
    const machine = this.#asOf.item('machines', id, at);
    return identityOf({
      ...{ kind: 'machine', id, name: machine?.name || id, projectId: machine?.projectId },
      userId: machine?.userId,
      userName: this.#asOf.item('users', machine?.userId, at)?.name,
      host: machine?.host ?? port.host,
      imageName: machine?.imageId === undefined ? undefined : this.#asOf.name('images', machine.imageId, at),
      keypair: machine?.keypair,
    });
  }
}
