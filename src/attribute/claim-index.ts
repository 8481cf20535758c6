// Everything in a history that claims addresses, by address, MAC, port and segment: thousands of questions cost a map look-up each.
import type { FloatingAddress, InventoryHistory, LoadBalancer, Port, PortForwarding, Router, Subnet } from '../model/inventory.ts';
import { addressKey, RangeMap } from './address-key.ts';
import { allSpans, type ItemSpan } from './spans.ts';

/** One claim on an address. `pair` is an allowed pair, `bits` of its range over 128. */
export type Claim =
  | { readonly type: 'fixed'; readonly address: string; readonly span: ItemSpan<Port> }
  | {
      readonly type: 'pair';
      readonly address: string;
      readonly bits: number;
      readonly span: ItemSpan<Port>;
      readonly mac: string | undefined;
    }
  | { readonly type: 'floating'; readonly address: string; readonly span: ItemSpan<FloatingAddress> }
  | { readonly type: 'router'; readonly address: string; readonly span: ItemSpan<Router> }
  | { readonly type: 'balancer'; readonly address: string; readonly span: ItemSpan<LoadBalancer> }
  | { readonly type: 'gateway'; readonly address: string; readonly span: ItemSpan<Subnet> };

/** A CIDR this wide lets a port send under any name: it names nobody. */
const widestPairBits = 104;

const append = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
};

const identityOfPort = ({ mac, networkId, deviceId, deviceOwner, fixed, allowedPairs, trunk }: Port): string =>
  JSON.stringify([mac, networkId, deviceId, deviceOwner, fixed, allowedPairs, trunk]);

/** Ports of routers, in Neutron's words. */
export const isRouterPort = ({ deviceOwner }: Port): boolean =>
  deviceOwner.startsWith('network:') && /^network:(?:router_|ha_router|routed$)/.test(deviceOwner);

/** Device names on Linux hold at most 15 characters: a prefix and this much of the port's id. */
export const portPrefixLength = 11;

/** Built once from a history. */
export class ClaimIndex {
  readonly #byAddress = new Map<string, Claim[]>();
  readonly #pairs = new RangeMap<Extract<Claim, { type: 'pair' }>>();
  readonly #subnets = new RangeMap<ItemSpan<Subnet>>();
  readonly byMac = new Map<string, ItemSpan<Port>[]>();
  readonly byPort = new Map<string, ItemSpan<Port>[]>();
  readonly byPortPrefix = new Map<string, Set<string>>();
  /** Ports of a device (machine, router), and router ports of a network. */
  readonly byDevice = new Map<string, ItemSpan<Port>[]>();
  readonly byNetwork = new Map<string, ItemSpan<Port>[]>();
  readonly routersByNetwork = new Map<string, ItemSpan<Port>[]>();
  readonly floatingOfPort = new Map<string, ItemSpan<FloatingAddress>[]>();
  readonly forwardings = new Map<string, ItemSpan<PortForwarding>[]>();
  readonly balancerOfPort = new Map<string, ItemSpan<LoadBalancer>[]>();

  constructor(history: InventoryHistory) {
    for (const span of allSpans(history, 'ports', identityOfPort)) this.#port(span);
    for (const span of allSpans(history, 'floatingAddresses', (f) => JSON.stringify([f.address, f.portId, f.fixedAddress, f.projectId]))) {
      this.#claim({ type: 'floating', address: span.value.address, span });
      if (span.value.portId !== undefined) append(this.floatingOfPort, span.value.portId, span);
    }
    for (const span of allSpans(history, 'routers', (router) => JSON.stringify([router.gatewayAddresses, router.snat]))) {
      for (const { address } of span.value.gatewayAddresses) this.#claim({ type: 'router', address, span });
    }
    for (const span of allSpans(history, 'loadBalancers', ({ address, portId }) => `${address}|${portId}`)) {
      this.#claim({ type: 'balancer', address: span.value.address, span });
      if (span.value.portId !== undefined) append(this.balancerOfPort, span.value.portId, span);
    }
    for (const span of allSpans(history, 'subnets', ({ cidr, gateway, networkId }) => `${cidr}|${gateway}|${networkId}`)) {
      this.#subnets.add(span.value.cidr, span);
      if (span.value.gateway !== undefined) this.#claim({ type: 'gateway', address: span.value.gateway, span });
    }
    for (const span of allSpans(history, 'portForwardings', (forwarding) => JSON.stringify(forwarding))) {
      append(this.forwardings, span.value.floatingAddressId, span);
    }
  }

  /** Claims on an address, allowed ranges included. */
  claims(address: string): readonly Claim[] {
    const key = addressKey(address);
    if (key === undefined) return [];
    const pairs = this.#pairs.find(key).filter(({ bits }) => bits >= widestPairBits);
    return [...(this.#byAddress.get(key) ?? []), ...pairs.map(({ value }) => value)];
  }

  /** Subnets that the address lies in, narrowest first. */
  subnetsOf(address: string): readonly ItemSpan<Subnet>[] {
    return this.#subnets.find(address).map(({ value }) => value);
  }

  /** All addresses that something claims by itself, without ranges. */
  addresses(): Iterable<string> {
    return this.#byAddress.keys();
  }

  #claim(claim: Exclude<Claim, { type: 'pair' }>): void {
    const key = addressKey(claim.address);
    if (key !== undefined) append(this.#byAddress, key, { ...claim, address: key });
  }

  #port(span: ItemSpan<Port>): void {
    const { value: port } = span;
    append(this.byPort, port.id, span);
    if (port.mac !== '') append(this.byMac, port.mac, span);
    append(this.byNetwork, port.networkId, span);
    if (isRouterPort(port) && port.deviceId !== '') append(this.routersByNetwork, port.networkId, span);
    if (port.deviceId !== '') append(this.byDevice, port.deviceId, span);
    const prefix = port.id.slice(0, portPrefixLength);
    const ids = this.byPortPrefix.get(prefix);
    if (ids === undefined) this.byPortPrefix.set(prefix, new Set([port.id]));
    else ids.add(port.id);
    for (const { address } of port.fixed) this.#claim({ type: 'fixed', address, span });
    for (const { address, mac } of port.allowedPairs) {
      const isWhole = !address.includes('/');
      const bits = isWhole ? 128 : Number(address.slice(address.indexOf('/') + 1)) + (address.includes(':') ? 0 : 96);
      this.#pairs.add(address, { type: 'pair', address, bits, span, mac });
    }
  }
}
