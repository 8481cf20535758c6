// Where a packet was seen → which networks its addresses belong to. Names are Neutron's and Nova's; see docs/guides/inventory.md.
import type { EpochMicros } from '../base/units.ts';
import type { AttributionQuery } from '../model/attribution.ts';
import type { InventoryHistory } from '../model/inventory.ts';
import type { AsOf } from './as-of.ts';
import { portPrefixLength } from './claim-index.ts';

/** What a place says of the addresses seen there. */
export interface Scope {
  /** Address spaces of the place itself; empty when only what is routed to it is known. */
  readonly networks: ReadonlySet<string>;
  /** Those and what a router joins to them. */
  readonly reach: ReadonlySet<string>;
  /** The port at which it was seen. */
  readonly portId?: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** Scope and what could not be used of the context. */
export interface ScopeAnswer {
  readonly scope: Scope | undefined;
  readonly caveats: readonly string[];
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const namespaces = new RegExp(`(qrouter|snat|qdhcp|ovnmeta|fip)-(${uuid})`, 'gi');
/** Interfaces named after a port: a prefix and the beginning of its id. OVN's metadata ones have 10 characters of a network. */
const devices = /(?:^|[^a-z0-9])(qr-|qg-|sg-|fg-|ha-|tap|qvo|qvb|qbr|vhu|ns-)([0-9a-f]{8}-[0-9a-f]{1,3})/gi;
const captureFile = /\.(?:pcap|pcapng|cap|dmp|log|gz|zst|lz4)$/i;
const segmentsPattern = /(?:^|\/)(vxlan|geneve|gre|vlan):(\d+)/g;

/** Segment numbers on the wire, with the networks that have them. */
export class SegmentIndex {
  readonly #networks = new Map<string, Set<string>>();
  readonly #names = new Map<string, Set<string>>();

  constructor(history: InventoryHistory) {
    for (const { value } of history.versions('networks')) {
      for (const { type, number } of value.segments) if (number !== undefined) this.#add(this.#networks, `${type}:${number}`, value.id);
      for (const name of [value.id, value.name]) if (name !== '') this.#add(this.#names, name.toLowerCase(), value.id);
    }
  }

  networksOf(segment: string): readonly string[] {
    return [...(this.#networks.get(segment) ?? [])];
  }

  networksNamed(name: string): readonly string[] {
    return [...(this.#names.get(name.toLowerCase()) ?? [])];
  }

  #add(map: Map<string, Set<string>>, key: string, id: string): void {
    const ids = map.get(key);
    if (ids === undefined) map.set(key, new Set([id]));
    else ids.add(id);
  }
}

/** Reads contexts and capture points. */
export class Scopes {
  readonly #asOf: AsOf;
  readonly #segments: SegmentIndex;

  constructor(asOf: AsOf) {
    this.#asOf = asOf;
    this.#segments = new SegmentIndex(asOf.history);
  }

  /** What context and capture point of a question say together; the most exact of them counts. */
  of({ context = '', capturePoint = '', at }: Pick<AttributionQuery, 'context' | 'capturePoint' | 'at'>): ScopeAnswer {
    const text = `${capturePoint}/${context}`;
    const caveats: string[] = [];
    const scope =
      this.#segment(context, at, caveats) ??
      this.#device(text, at, caveats) ??
      this.#namespace(text, at, caveats) ??
      this.#named(context, at);
    // The name of a capture file says nothing of networks, and is not expected to.
    const isPlain = context === '' || captureFile.test(context) || scope !== undefined || caveats.length > 0;
    return { scope, caveats: isPlain ? caveats : [`context ${context} is not known to the inventory`] };
  }

  /** Segment numbers count only where a network has them: mirrors number their sessions as they like. */
  #segment(context: string, at: EpochMicros, caveats: string[]): Scope | undefined {
    const found = [...context.matchAll(segmentsPattern)].map(([, type = '', number = '']) => `${type}:${number}`);
    // The innermost is the tenant's.
    for (const segment of found.reverse()) {
      const networks = this.#segments.networksOf(segment);
      if (networks.length > 0) return this.#networks(networks, at, `${segment} is the segment of ${this.#names(networks, at)}`);
    }
    const [innermost] = found;
    if (innermost !== undefined)
      caveats.push(`${innermost} is the segment of no network in the inventory (a mirror session, or a local VLAN)`);
    return undefined;
  }

  #device(text: string, at: EpochMicros, caveats: string[]): Scope | undefined {
    for (const [, prefix = '', start = ''] of text.matchAll(devices)) {
      const device = `${prefix}${start}`;
      const ids = [...(this.#asOf.index.byPortPrefix.get(start.toLowerCase().slice(0, portPrefixLength)) ?? [])];
      const [id] = ids;
      if (id === undefined || ids.length > 1) {
        caveats.push(`${device} is the device of ${ids.length === 0 ? 'no port' : 'several ports'} in the inventory`);
        continue;
      }
      const span = this.#asOf.port(id, at);
      if (span === undefined) continue;
      const { networkId } = span.value;
      const place = `${device} is a port in ${this.#names([networkId], at)}`;
      return { ...this.#networks([networkId], at, place), portId: id };
    }
    return undefined;
  }

  #namespace(text: string, at: EpochMicros, caveats: string[]): Scope | undefined {
    for (const [name, kind = '', id = ''] of text.matchAll(namespaces)) {
      const key = id.toLowerCase();
      const isNetwork = ['qdhcp', 'ovnmeta', 'fip'].includes(kind.toLowerCase());
      const networks = isNetwork
        ? this.#segments.networksNamed(key)
        : [...this.#asOf.networksOfRouter(key, at)].filter((network) => !this.#asOf.isExternal(network, at));
      if (networks.length > 0) return this.#networks(networks, at, `${name} serves ${this.#names(networks, at)}`);
      caveats.push(`${name} is not in the inventory`);
    }
    return undefined;
  }

  /** A name that a person typed: of a network, else of a router. */
  #named(context: string, at: EpochMicros): Scope | undefined {
    const name = context.replace(/^(?:network|router):/i, '');
    if (name === '') return undefined;
    const networks = this.#segments.networksNamed(name);
    if (networks.length > 0) return this.#networks(networks, at, `${name} is a network`);
    for (const { value } of this.#asOf.history.versions('routers')) {
      if (value.id !== name && value.name !== name) continue;
      const attached = [...this.#asOf.networksOfRouter(value.id, at)].filter((network) => !this.#asOf.isExternal(network, at));
      return this.#networks(attached, at, `router ${name} serves ${this.#names(attached, at)}`);
    }
    return undefined;
  }

  #networks(networks: readonly string[], at: EpochMicros, reason: string): Scope {
    return { networks: new Set(networks), reach: this.#asOf.reachOf(networks, at), reason };
  }

  #names(networks: readonly string[], at: EpochMicros): string {
    return networks.map((id) => this.#asOf.name('networks', id, at)).join(', ') || 'no network';
  }
}
