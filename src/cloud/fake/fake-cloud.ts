// A cloud in memory that behaves as the measured OpenStack does, for tests and demonstrations.
import { VedetteError } from '../../base/errors.ts';
import {
  type Image,
  type InventoryEvent,
  type InventoryItems,
  type InventoryKind,
  inventoryKinds,
  type Machine,
  type Port,
  type SecurityGroup,
} from '../../model/inventory.ts';
import type { CallResult, Cloud, CloudCall, CloudIdentity, MachineEvent, MachineState, WireCall } from '../cloud.ts';
import { carryOut, visible } from './fake-calls.ts';
import { type FakeWorld, replaceItem } from './fake-world.ts';
import { rawMachine, rawPort } from './raw-json.ts';

/** A moment at which a test may let the cloud fail, or the process die. */
export interface FakeMoment {
  /** `perform:update-port`, `port`, `machineState`, … */
  readonly call: string;
  /** `before` the world sees the call, or `after` it: the answer is lost. */
  readonly when: 'before' | 'after';
}

export interface FakeOptions {
  /** Standard: `fake`. */
  readonly name?: string;
  /** What it throws is what the caller meets. */
  readonly onMoment?: (moment: FakeMoment) => void;
  /** Called when the world was changed. */
  readonly onChange?: (world: FakeWorld) => void;
}

/** The fake. It shares `world` with whoever made it. */
export class FakeCloud implements Cloud {
  readonly name: string;
  readonly provider = 'fake';
  readonly world: FakeWorld;
  readonly #options: FakeOptions;
  #requests = 0;

  constructor(world: FakeWorld, options: FakeOptions = {}) {
    this.name = options.name ?? 'fake';
    this.world = world;
    this.#options = options;
  }

  identity(): Promise<CloudIdentity> {
    return this.#answer('identity', () => this.world.identity);
  }

  async *readInventory(kinds: readonly InventoryKind[] = inventoryKinds, signal?: AbortSignal): AsyncGenerator<InventoryEvent> {
    for (const kind of inventoryKinds.filter((one) => kinds.includes(one))) {
      signal?.throwIfAborted();
      const items = await this.#answer(`readInventory:${kind}`, () => this.#itemsOf(kind));
      if (items.length > 0) yield { event: 'page', kind, items } as InventoryEvent;
      signal?.throwIfAborted();
      yield { event: 'complete', kind };
    }
  }

  findMachines(text: string): Promise<readonly Machine[]> {
    return this.#answer('findMachines', () => {
      const { machines, ports, floatingAddresses, identity } = this.world;
      const floating = floatingAddresses.filter(({ address }) => address === text).map(({ portId }) => portId);
      const owners = ports
        .filter(
          ({ id, mac, fixed }) => floating.includes(id) || mac === text.toLowerCase() || fixed.some(({ address }) => address === text),
        )
        .map(({ deviceId }) => deviceId);
      return machines.filter(
        ({ id, name, projectId }) =>
          (identity.isAdmin || projectId === identity.projectId) && (id === text || name === text || owners.includes(id)),
      );
    });
  }

  machineState(machineId: string): Promise<MachineState> {
    return this.#answer('machineState', () => {
      this.#settle(machineId);
      const machine = this.world.machines.find(({ id }) => id === machineId);
      if (machine === undefined) throw new VedetteError('machine-unknown', { cloud: this.name, machine: machineId });
      const { identity, securityGroups, routers, tapFlows } = this.world;
      if (!identity.isAdmin && identity.projectId !== machine.projectId) {
        throw new VedetteError('machine-unknown', { cloud: this.name, machine: machineId });
      }
      const own = this.world.ports.filter(({ deviceId }) => deviceId === machineId).map(({ id }) => id);
      const ports = this.world.ports.filter(({ id, trunk }) => own.includes(id) || (trunk && own.includes(trunk.parentPortId)));
      const ids = ports.map(({ id }) => id);
      return {
        machine,
        ports,
        floatingAddresses: this.world.floatingAddresses.filter(({ portId }) => portId !== undefined && ids.includes(portId)),
        tapFlows: tapFlows.filter(({ sourcePortId }) => ids.includes(sourcePortId)),
        securityGroups: securityGroups.filter(({ id }) => ports.some(({ securityGroupIds }) => securityGroupIds.includes(id))),
        routers: routers.filter(({ projectId }) => projectId === machine.projectId),
      };
    });
  }

  securityGroup(groupId: string): Promise<SecurityGroup> {
    return this.#answer('securityGroup', () => visible(this.world, this.world.securityGroups, groupId, 'security group'));
  }

  findSecurityGroups(name: string, projectId: string): Promise<readonly SecurityGroup[]> {
    return this.#answer('findSecurityGroups', () =>
      this.world.securityGroups.filter((group) => group.name === name && group.projectId === projectId),
    );
  }

  port(portId: string): Promise<Port> {
    return this.#answer('port', () => visible(this.world, this.world.ports, portId, 'port'));
  }

  image(imageId: string): Promise<Image> {
    return this.#answer('image', () => {
      this.#settle(imageId);
      return visible(this.world, this.world.images, imageId, 'image');
    });
  }

  consoleOutput(machineId: string): Promise<string> {
    return this.#answer('consoleOutput', () => `${visible(this.world, this.world.machines, machineId, 'machine').name} login: `);
  }

  machineEvents(machineId: string): Promise<readonly MachineEvent[]> {
    return this.#answer('machineEvents', () => {
      visible(this.world, this.world.machines, machineId, 'machine');
      return [{ action: 'create', at: '2026-11-01T00:00:00Z' }];
    });
  }

  diagnostics(machineId: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#answer('diagnostics', () => ({
      machine: visible(this.world, this.world.machines, machineId, 'machine').id,
      driver: 'fake',
    }));
  }

  rawPort(portId: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#answer('rawPort', () => rawPort(visible(this.world, this.world.ports, portId, 'port')));
  }

  rawMachine(machineId: string): Promise<Readonly<Record<string, unknown>>> {
    return this.#answer('rawMachine', () => rawMachine(visible(this.world, this.world.machines, machineId, 'machine')));
  }

  describe(call: CloudCall): Promise<WireCall> {
    return Promise.resolve({ method: 'POST', url: `fake:/${call.call}`, headers: {}, body: call });
  }

  perform(call: CloudCall): Promise<CallResult> {
    return this.#answer(`perform:${call.call}`, () => {
      const result = carryOut(this.world, call);
      this.#options.onChange?.(this.world);
      this.#requests += 1;
      return { ...result, requestId: `req-${this.#requests}` };
    });
  }

  /** What the caller may see of a kind. */
  #itemsOf(kind: InventoryKind): readonly InventoryItems[InventoryKind][] {
    if (kind === 'images') for (const { id } of this.world.images) this.#settle(id);
    const lists: Partial<Record<InventoryKind, readonly InventoryItems[InventoryKind][]>> = { ...this.world };
    const { isAdmin, projectId } = this.world.identity;
    return (lists[kind] ?? []).filter((item) => isAdmin || ('projectId' in item && item.projectId === projectId));
  }

  async #answer<T>(call: string, work: () => T): Promise<T> {
    this.#options.onMoment?.({ call, when: 'before' });
    const answer = structuredClone(await work());
    this.#options.onMoment?.({ call, when: 'after' });
    return answer;
  }

  /** Accepted changes of this item come nearer with each reading. */
  #settle(id: string): void {
    const due = this.world.pending.find((one) => one.id === id);
    if (due === undefined) return;
    due.reads -= 1;
    if (due.reads < 0) {
      this.world.pending = this.world.pending.filter((one) => one !== due);
      const items: (Machine | Image)[] = due.kind === 'machine' ? this.world.machines : this.world.images;
      const item = items.find((one) => one.id === id);
      if (item !== undefined) replaceItem(items, { ...item, status: due.status });
    }
    this.#options.onChange?.(this.world);
  }
}
