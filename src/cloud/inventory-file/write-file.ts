// The inventory at a time → an inventory file that reads back as the same items.
import { stringify } from 'yaml';
import type { EpochMicros } from '../../base/units.ts';
import { formatInstant } from '../../base/units.ts';
import type { FixedAddress, InventoryHistory, InventoryItems, InventoryKind, Port, SecurityRule, Segment } from '../../model/inventory.ts';
import { versionsAt } from '../../model/inventory-at.ts';

/** Drops what is undefined, empty or the standard value. */
const compact = (record: Readonly<Record<string, unknown>>, standard: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record).filter(
      ([key, value]) => value !== undefined && value !== '' && value !== standard[key] && !(Array.isArray(value) && value.length === 0),
    ),
  );

const segmentText = ({ type, number, physicalNetwork }: Segment): string =>
  [type, number ?? physicalNetwork].filter((one) => one !== undefined).join(':');
const addressesOf = (fixed: readonly FixedAddress[]): readonly string[] => fixed.map(({ address }) => address);
const ruleRecord = ({ id, direction, ipVersion, protocol, from, to, remoteCidr, remoteGroupId }: SecurityRule): Record<string, unknown> =>
  compact({ id, direction, ipVersion, protocol, from, to, remoteCidr, remoteGroup: remoteGroupId });

/** Writes one history at one time. */
class FileWriter {
  readonly #history: InventoryHistory;
  readonly #at: EpochMicros | undefined;
  readonly #floating: ReadonlyMap<string, InventoryItems['floatingAddresses']>;

  readonly #tellsGroups: boolean;

  constructor(history: InventoryHistory, at: EpochMicros | undefined) {
    this.#history = history;
    this.#tellsGroups = history.readings.some(({ complete }) => complete.includes('securityGroups'));
    this.#at = at;
    this.#floating = new Map(
      this.#items('floatingAddresses').flatMap((one) => (one.portId === undefined ? [] : [[one.portId, one] as const])),
    );
  }

  #items<K extends InventoryKind>(kind: K): readonly InventoryItems[K][] {
    return versionsAt(this.#history, kind, this.#at).map(({ value }) => value);
  }

  values(): Record<string, unknown> {
    const ports = this.#items('ports');
    const owned = new Map<string, Port[]>();
    for (const port of ports) owned.set(port.deviceId, [...(owned.get(port.deviceId) ?? []), port]);
    const holders = new Set([...this.#items('machines'), ...this.#items('routers')].map(({ id }) => id));
    const portsOf = (id: string, owner: string): readonly unknown[] => (owned.get(id) ?? []).map((port) => this.#port(port, owner, false));
    const asOf = this.#at ?? this.#history.lastReadAt;
    return compact({
      cloud: this.#history.cloud,
      asOf: this.#history.timeless || asOf === undefined ? undefined : formatInstant(asOf),
      projects: this.#items('projects').map(({ id, name, description }) => compact({ id, name, description })),
      users: this.#items('users').map(({ id, name, email }) => compact({ id, name, email })),
      hosts: this.#items('hosts').map(({ id, name, roles, up }) => compact({ id, name, roles, up }, { up: true })),
      images: this.#items('images').map(({ id, name, projectId, status, checksum }) =>
        compact({ id, name, project: projectId, status, checksum }),
      ),
      keypairs: this.#items('keypairs').map(({ id, name, userId, fingerprint }) => compact({ id, name, user: userId, fingerprint })),
      networks: this.#networks(),
      securityGroups: this.#items('securityGroups').map(({ id, name, projectId, description, stateful, rules }) =>
        compact({ id, name, project: projectId, description, stateful, rules: rules.map(ruleRecord) }, { stateful: true }),
      ),
      routers: this.#items('routers').map((router) => ({
        ...this.#router(router),
        interfaces: portsOf(router.id, 'network:router_interface'),
      })),
      machines: this.#items('machines').map((machine) => ({ ...machineRecord(machine), ports: portsOf(machine.id, 'compute:nova') })),
      ports: ports.filter(({ deviceId }) => !holders.has(deviceId)).map((port) => this.#port(port, '', true)),
      floatingAddresses: this.#items('floatingAddresses')
        .filter(({ portId }) => portId === undefined || !ports.some(({ id }) => id === portId))
        .map(({ id, address, projectId, networkId }) => compact({ address, id, project: projectId, network: networkId })),
      portForwardings: this.#forwardings(),
      loadBalancers: this.#items('loadBalancers').map(({ id, name, projectId, address, portId }) =>
        compact({ id, name, project: projectId, address, port: portId }),
      ),
    });
  }

  #networks(): readonly unknown[] {
    const subnets = this.#items('subnets');
    return this.#items('networks').map(({ id, name, projectId, segments, external, shared }) =>
      compact(
        {
          ...{ id, name, project: projectId, segments: segments.map(segmentText), external, shared },
          subnets: subnets
            .filter(({ networkId }) => networkId === id)
            .map(({ id: subnetId, name: subnetName, cidr, gateway }) => compact({ id: subnetId, name: subnetName, cidr, gateway })),
        },
        { external: false, shared: false },
      ),
    );
  }

  #router(router: InventoryItems['routers']): Record<string, unknown> {
    const { id, name, projectId, gatewayAddresses, externalNetworkId, snat, ha, distributed, hosts } = router;
    const nodes = [...hosts].sort((a, b) => Number(b.active) - Number(a.active)).map(({ host }) => host);
    return compact(
      {
        id,
        name,
        project: projectId,
        gatewayAddresses: addressesOf(gatewayAddresses),
        externalNetwork: externalNetworkId,
        snat,
        ha,
        distributed,
        hosts: nodes,
      },
      { snat: true, ha: false, distributed: false },
    );
  }

  #port(port: Port, standardOwner: string, withDevice: boolean): Record<string, unknown> {
    const {
      id,
      name,
      networkId,
      projectId,
      mac,
      fixed,
      allowedPairs,
      portSecurity,
      securityGroupIds,
      deviceId,
      deviceOwner,
      adminUp,
      status,
      host,
    } = port;
    const record = compact(
      {
        ...{
          id,
          name,
          network: networkId,
          project: projectId,
          mac,
          addresses: addressesOf(fixed),
          floating: this.#floating.get(id)?.address,
        },
        ...{ allowedPairs: allowedPairs.map(({ address }) => address), portSecurity, device: withDevice ? deviceId : '', deviceOwner },
        ...{ adminUp, status, host },
      },
      { portSecurity: true, adminUp: true, status: 'ACTIVE', deviceOwner: standardOwner },
    );
    // An empty list says that the port has none; no list would say that it is not known.
    return { ...record, ...(this.#tellsGroups && { securityGroups: securityGroupIds }) };
  }

  #forwardings(): readonly unknown[] {
    const addresses = new Map(this.#items('floatingAddresses').map(({ id, address }) => [id, address]));
    return this.#items('portForwardings').map(
      ({ id, floatingAddressId, protocol, externalFrom, externalTo, internalAddress, internalFrom, portId }) =>
        compact({
          id,
          floatingAddress: addresses.get(floatingAddressId),
          protocol,
          externalFrom,
          externalTo,
          internalAddress,
          internalFrom,
          port: portId,
        }),
    );
  }
}

function machineRecord(machine: InventoryItems['machines']): Record<string, unknown> {
  const { projectId, userId, imageId, metadata, id, name, ...rest } = machine;
  const pairs = Object.keys(metadata).length === 0 ? undefined : metadata;
  return compact({ id, name, project: projectId, user: userId, image: imageId, ...rest, metadata: pairs }, { status: 'ACTIVE' });
}

/** @param at undefined for as it is now */
export function inventoryFileText(history: InventoryHistory, format: 'yaml' | 'json', at?: EpochMicros): string {
  const values = new FileWriter(history, at).values();
  return format === 'json' ? `${JSON.stringify(values, undefined, 2)}\n` : stringify(values, { lineWidth: 140 });
}
