// What the fake cloud consists of: plain values, so that a test can build one, and a file can hold one.
import type { FloatingAddress, Image, Machine, Network, Port, Project, Router, SecurityGroup } from '../../model/inventory.ts';
import type { CloudIdentity, TapFlow } from '../cloud.ts';

/** A change that was accepted and is not done yet. */
export interface PendingChange {
  readonly kind: 'machine' | 'image';
  readonly id: string;
  /** What the item's status will be. */
  readonly status: string;
  /** Readings of the item that still show it as before. */
  reads: number;
}

/** Everything that the fake knows. Items are replaced, never altered in place. */
export interface FakeWorld {
  identity: CloudIdentity;
  projects: Project[];
  machines: Machine[];
  ports: Port[];
  networks: Network[];
  routers: Router[];
  securityGroups: SecurityGroup[];
  floatingAddresses: FloatingAddress[];
  tapFlows: TapFlow[];
  images: Image[];
  volumeSnapshots: { readonly id: string; readonly volumeId: string; readonly name: string }[];
  pending: PendingChange[];
  /** Most security groups of one project. */
  securityGroupQuota: number;
  /** Whether there is a volume service. */
  hasVolumes: boolean;
  /** Readings that an accepted action takes to be done; 0 is at once. */
  actionReads: number;
  /** Last id that was given out. */
  lastId: number;
}

/** A world with nothing in it, seen by an administrator of the project `operators`. */
export function emptyWorld(): FakeWorld {
  return {
    identity: { userId: 'u-admin', userName: 'admin', projectId: 'operators', projectName: 'operators', roles: ['admin'], isAdmin: true },
    projects: [],
    machines: [],
    ports: [],
    networks: [],
    routers: [],
    securityGroups: [],
    floatingAddresses: [],
    tapFlows: [],
    images: [],
    volumeSnapshots: [],
    pending: [],
    securityGroupQuota: 10,
    hasVolumes: false,
    actionReads: 0,
    lastId: 0,
  };
}

/** Puts an item in the place of the one with its id. */
export function replaceItem<T extends { readonly id: string }>(items: T[], item: T): void {
  const at = items.findIndex(({ id }) => id === item.id);
  if (at >= 0) items[at] = item;
}
