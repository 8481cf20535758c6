// What a cloud consists of, in one vocabulary for all providers. Adapters in src/cloud translate into it; attribution, response and
// reports read nothing else. Ids are the provider's own; every id refers to an item of the kind that its name says.
import type { EpochMicros } from '../base/units.ts';

/** A VM. Who, where and from what it was made; its addresses are those of its ports. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly userId?: string;
  /** Hypervisor; absent for those who may not see it. */
  readonly host?: string;
  /** The provider's word in capitals: ACTIVE, PAUSED, SHUTOFF, … */
  readonly status: string;
  readonly imageId?: string;
  readonly keypair?: string;
  readonly flavor?: string;
  /** When the provider says it was made; ISO 8601. */
  readonly createdAt?: string;
  readonly locked?: boolean;
  readonly lockedReason?: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly volumeIds?: readonly string[];
}

/** An address of a port in one subnet. */
export interface FixedAddress {
  readonly address: string;
  readonly subnetId?: string;
}

/** Addresses that a port may use besides its own. */
export interface AllowedPair {
  /** Address or CIDR. */
  readonly address: string;
  readonly mac?: string;
}

/** A virtual network card: of a machine, a router, a DHCP server, a load balancer, or of nothing (`deviceId` ''). */
export interface Port {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly networkId: string;
  /** Lower case, colons. */
  readonly mac: string;
  readonly fixed: readonly FixedAddress[];
  readonly allowedPairs: readonly AllowedPair[];
  /** Without it no security group is enforced. */
  readonly portSecurity: boolean;
  readonly securityGroupIds: readonly string[];
  /** Machine, router or network that the port belongs to; '' when it belongs to none. */
  readonly deviceId: string;
  /** `compute:nova`, `network:router_interface`, `network:dhcp`, … in Neutron's words; '' when unused. */
  readonly deviceOwner: string;
  readonly adminUp: boolean;
  readonly status: string;
  /** Where it is plugged in; absent for those who may not see it. */
  readonly host?: string;
  readonly vifType?: string;
  /** The trunk port that this is a subport of, and its VLAN there. */
  readonly trunk?: { readonly parentPortId: string; readonly vlan: number };
  /** Grows with every change; guards against lost updates. */
  readonly revision?: number;
}

/** How a network is told apart on the wire. */
export interface Segment {
  /** `vxlan`, `geneve`, `gre`, `vlan`, `flat`, `local`. */
  readonly type: string;
  /** VNI, key or VLAN id. */
  readonly number?: number;
  readonly physicalNetwork?: string;
}

export interface Network {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  /** Empty for those who may not see them. */
  readonly segments: readonly Segment[];
  /** Carries public addresses. */
  readonly external: boolean;
  readonly shared: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly projectId: string;
  readonly cidr: string;
  readonly gateway?: string;
}

export interface Router {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  /** Its own public addresses; machines without a floating address share them (SNAT). */
  readonly gatewayAddresses: readonly FixedAddress[];
  readonly externalNetworkId?: string;
  readonly snat: boolean;
  readonly ha: boolean;
  readonly distributed: boolean;
  /** Nodes that hold it, and which of them is active (HA). */
  readonly hosts: readonly { readonly host: string; readonly active: boolean }[];
}

/** A public address that is translated to one port. */
export interface FloatingAddress {
  readonly id: string;
  readonly address: string;
  readonly projectId: string;
  readonly networkId: string;
  readonly portId?: string;
  readonly fixedAddress?: string;
  readonly routerId?: string;
}

/** Single ports of a floating address that are translated. */
export interface PortForwarding {
  readonly id: string;
  readonly floatingAddressId: string;
  readonly protocol: string;
  readonly externalFrom: number;
  readonly externalTo: number;
  readonly portId: string;
  readonly internalAddress: string;
  readonly internalFrom: number;
  readonly internalTo: number;
}

export interface LoadBalancer {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly address: string;
  readonly portId?: string;
}

/** Allows; whatever no rule allows is dropped. */
export interface SecurityRule {
  readonly id: string;
  readonly groupId: string;
  readonly direction: 'toVm' | 'fromVm';
  readonly ipVersion: 4 | 6;
  /** Name or number; absent for any. */
  readonly protocol?: string;
  /** Ports, or type and code of ICMP; absent for any. */
  readonly from?: number;
  readonly to?: number;
  /** The other end: a CIDR, or the members of a group; absent for any. */
  readonly remoteCidr?: string;
  readonly remoteGroupId?: string;
  /** The other end is one of an address group's, which is kept elsewhere; such a rule is not open to all. */
  readonly remoteAddressGroupId?: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly description: string;
  /** A stateless group tracks no connections. */
  readonly stateful: boolean;
  readonly rules: readonly SecurityRule[];
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domainId?: string;
  readonly enabled: boolean;
  readonly description?: string;
  readonly tags: readonly string[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly domainId?: string;
  readonly email?: string;
}

export interface Image {
  readonly id: string;
  readonly name: string;
  readonly projectId?: string;
  readonly status: string;
  readonly protected: boolean;
  /** `sha512:…` or `md5:…` as the provider states it. */
  readonly checksum?: string;
}

export interface Keypair {
  readonly id: string;
  readonly name: string;
  readonly userId?: string;
  readonly fingerprint?: string;
}

/** A hypervisor or network node. */
export interface HostNode {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly up: boolean;
}

/** Every kind of item, by the name of its list. The order is the order of reading: who is referred to comes first. */
export interface InventoryItems {
  readonly projects: Project;
  readonly users: User;
  readonly hosts: HostNode;
  readonly images: Image;
  readonly keypairs: Keypair;
  readonly networks: Network;
  readonly subnets: Subnet;
  readonly securityGroups: SecurityGroup;
  readonly routers: Router;
  readonly ports: Port;
  readonly floatingAddresses: FloatingAddress;
  readonly portForwardings: PortForwarding;
  readonly loadBalancers: LoadBalancer;
  readonly machines: Machine;
}

export type InventoryKind = keyof InventoryItems;

export const inventoryKinds = [
  ...(['projects', 'users', 'hosts', 'images', 'keypairs', 'networks', 'subnets', 'securityGroups', 'routers', 'ports'] as const),
  ...(['floatingAddresses', 'portForwardings', 'loadBalancers', 'machines'] as const),
] as const satisfies readonly InventoryKind[];

/** Why a list is not the whole truth. */
export interface InventoryGap {
  readonly kind: InventoryKind;
  /** `forbidden`: may not be read · `own-project`: shows only what the reader's project has · `absent`: the service does not exist · `failed`: did not answer. */
  readonly reason: 'forbidden' | 'own-project' | 'absent' | 'failed';
  /** One sentence for a person. */
  readonly detail: string;
}

/** One reading of a cloud is pages of one kind each, then its end. Pages are bounded; a kind may have many, or none. */
export type InventoryEvent =
  | {
      readonly [K in InventoryKind]: { readonly event: 'page'; readonly kind: K; readonly items: readonly InventoryItems[K][] };
    }[InventoryKind]
  /** All items of the kind were read: those not seen are gone. Not sent when there is a gap that hides some. */
  | { readonly event: 'complete'; readonly kind: InventoryKind }
  | { readonly event: 'gap'; readonly gap: InventoryGap };

/** An item as it was from one reading to another. Times are those of readings: the change happened between two of them. */
export interface Version<T> {
  readonly value: T;
  /** First reading that showed it so. */
  readonly from: EpochMicros;
  /** First reading that showed it otherwise, or no more; undefined while it holds. */
  readonly to?: EpochMicros;
  /** First reading with a gap that did not show it: whether it still holds is not known from then on. */
  readonly unseenSince?: EpochMicros;
}

/** One reading of a cloud, as far as it went. */
export interface InventoryReading {
  readonly at: EpochMicros;
  /** Kinds of which all items were read. */
  readonly complete: readonly InventoryKind[];
  readonly gaps: readonly InventoryGap[];
}

/** What is known of a cloud, over time. */
export interface InventoryHistory {
  readonly cloud: string;
  /** Times of readings, first and last; undefined when there was none. */
  readonly firstReadAt: EpochMicros | undefined;
  readonly lastReadAt: EpochMicros | undefined;
  /** What is not known: of each kind, the gaps of the last reading that read it. */
  readonly gaps: readonly InventoryGap[];
  /** Oldest first. Of runs of readings that changed nothing, the first and the last are kept. */
  readonly readings: readonly InventoryReading[];
  /** A description without a time (a file written by hand): it counts for all times. */
  readonly timeless: boolean;
  /** All versions of all items of a kind, in order of `from` per item. */
  versions<K extends InventoryKind>(kind: K): Iterable<Version<InventoryItems[K]>>;
  /** The versions of one item, oldest first; [] when there is none. */
  versionsOf<K extends InventoryKind>(kind: K, id: string): readonly Version<InventoryItems[K]>[];
}
