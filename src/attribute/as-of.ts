// Items as they were at a time. A name is wanted even where the item is gone: the nearest version tells it.
import type { EpochMicros } from '../base/units.ts';
import type { InventoryHistory, InventoryItems, InventoryKind, Port } from '../model/inventory.ts';
import type { ClaimIndex } from './claim-index.ts';
import type { Coverage, Presence, Span } from './coverage.ts';
import type { ItemSpan } from './spans.ts';

/** A span that held at the time, with how sure that is. */
export interface Present<T> {
  readonly span: T;
  readonly presence: Presence;
}

/** Reads one history at one time after another. */
export class AsOf {
  readonly history: InventoryHistory;
  readonly index: ClaimIndex;
  readonly coverage: Coverage;

  constructor(history: InventoryHistory, index: ClaimIndex, coverage: Coverage) {
    this.history = history;
    this.index = index;
    this.coverage = coverage;
  }

  /** The version that held, or the nearest in time; undefined when the item was never read. */
  item<K extends InventoryKind>(kind: K, id: string | undefined, at: EpochMicros): InventoryItems[K] | undefined {
    if (id === undefined || id === '') return undefined;
    const versions = this.history.versionsOf(kind, id);
    let found = versions[0];
    for (const version of versions) if (version.from <= at) found = version;
    return found?.value;
  }

  /** Name of an item, or its id. */
  name(kind: 'projects' | 'users' | 'images' | 'networks' | 'routers' | 'securityGroups', id: string, at: EpochMicros): string {
    const name = this.item(kind, id, at)?.name;
    return name === undefined || name === '' ? id : name;
  }

  /** Those of some spans that held, likeliest first. */
  present<S extends Span>(spans: readonly S[] | undefined, at: EpochMicros): Present<S>[] {
    return (spans ?? [])
      .flatMap((span) => {
        const presence = this.coverage.presence(span, at);
        return presence === undefined || presence.weight <= 0 ? [] : [{ span, presence }];
      })
      .sort((a, b) => b.presence.weight - a.presence.weight);
  }

  /** The likeliest of some spans. */
  likeliest<S extends Span>(spans: readonly S[] | undefined, at: EpochMicros): S | undefined {
    return this.present(spans, at)[0]?.span;
  }

  /** The port as it was, or the nearest in time. */
  port(id: string, at: EpochMicros): ItemSpan<Port> | undefined {
    const spans = this.index.byPort.get(id);
    return this.likeliest(spans, at) ?? spans?.at(-1);
  }

  /** Networks that a router was attached to, its external one included. */
  networksOfRouter(routerId: string, at: EpochMicros): ReadonlySet<string> {
    const networks = new Set(this.present(this.index.byDevice.get(routerId), at).map(({ span }) => span.value.networkId));
    const external = this.item('routers', routerId, at)?.externalNetworkId;
    if (external !== undefined) networks.add(external);
    return networks;
  }

  /** Routers attached to a network at a time. */
  routersOfNetwork(networkId: string, at: EpochMicros): ReadonlySet<string> {
    return new Set(this.present(this.index.routersByNetwork.get(networkId), at).map(({ span }) => span.value.deviceId));
  }

  /** The networks themselves and those one router away. */
  reachOf(networks: Iterable<string>, at: EpochMicros): ReadonlySet<string> {
    const reach = new Set(networks);
    for (const network of [...reach]) {
      for (const router of this.routersOfNetwork(network, at)) for (const one of this.networksOfRouter(router, at)) reach.add(one);
    }
    return reach;
  }

  isExternal(networkId: string, at: EpochMicros): boolean {
    return this.item('networks', networkId, at)?.external === true;
  }
}
