// Whose an address is, what its security groups intend, and which addresses there are: an inventory as the exposure jobs ask it.

import { Attributor } from '../../attribute/attributor.ts';
import { isPublicWords } from '../../base/address-class.ts';
import { parseAddress } from '../../base/ip.ts';
import { type EpochMicros, formatInstant } from '../../base/units.ts';
import type { End } from '../../exposure/assess.ts';
import { type Groups, intendedView } from '../../exposure/intended.ts';
import type { ReachedPort } from '../../exposure/observed-connections.ts';
import type { ScannedPort } from '../../exposure/silent-rules.ts';
import type { Attribution, Candidate } from '../../model/attribution.ts';
import type { ExposureOwner, ExposureReport, IntendedView, MeasuredHost } from '../../model/exposure.ts';
import type { InventoryHistory, InventoryItems, InventoryKind, PortForwarding } from '../../model/inventory.ts';
import { GroupIndex } from './group-index.ts';

const isPublic = (address: string): boolean => {
  const words = parseAddress(address);
  return words !== undefined && isPublicWords(words);
};

/** An inventory at the time of a scan: of its last reading, when that is earlier. */
export class Owners {
  readonly at: EpochMicros;
  readonly groups: Groups;
  readonly #attributor: Attributor;
  readonly #history: InventoryHistory;
  readonly #hasGroups: boolean;
  readonly #forwardings: ReadonlyMap<string, readonly PortForwarding[]>;

  constructor(history: InventoryHistory, now: EpochMicros) {
    this.#history = history;
    this.#attributor = new Attributor(history);
    const { lastReadAt } = history;
    this.at = !history.timeless && lastReadAt !== undefined && lastReadAt < now ? lastReadAt : now;
    this.#hasGroups = [...this.#held('securityGroups')].length > 0;
    this.groups = new GroupIndex((id) => this.#item('securityGroups', id), [...this.#held('ports')]);
    const addressOf = new Map([...this.#held('floatingAddresses')].map(({ id, address }) => [id, address]));
    this.#forwardings = Map.groupBy(this.#held('portForwardings'), ({ floatingAddressId }) => addressOf.get(floatingAddressId) ?? '');
  }

  owner({ address, protocol, port }: End): ExposureOwner {
    return this.#ownerOf(address, this.#attributor.attribute({ at: this.at, address, protocol, port }));
  }

  /** What the groups intend for an end; a floating address without a port intends nothing. */
  intended(end: End, owner: ExposureOwner): IntendedView {
    if (owner.kind === 'floating') return { verdict: 'closed', rules: [] };
    const port = owner.portId === undefined ? undefined : this.#item('ports', owner.portId);
    if (port === undefined || (!this.#hasGroups && port.portSecurity)) return { verdict: 'unknown', rules: [] };
    const ipVersion = end.address.includes(':') ? 6 : 4;
    return intendedView(port, this.groups, { protocol: end.protocol, port: this.#internalPort(end), ipVersion });
  }

  /** Behind a port forwarding the groups see another number. */
  #internalPort({ address, protocol, port }: End): number {
    const found = this.#forwardings
      .get(address)
      ?.find((one) => one.protocol === protocol && port >= one.externalFrom && port <= one.externalTo);
    return found === undefined ? port : found.internalFrom + port - found.externalFrom;
  }

  /** The public address by which a reached port is known; the address itself when it is public. */
  publicAddress({ address, context, protocol, port }: ReachedPort): string | undefined {
    if (isPublic(address)) return address;
    const place = context === '' ? {} : { context };
    const { verdict, candidates } = this.#attributor.attribute({ at: this.at, address, protocol, port, ...place });
    return verdict === 'one' ? candidates[0]?.floatingAddress : undefined;
  }

  /** Every public address that something holds or could hold. */
  *publicAddresses(): Iterable<string> {
    const external = new Set([...this.#held('networks')].filter((one) => one.external).map(({ id }) => id));
    for (const { address } of this.#held('floatingAddresses')) yield address;
    for (const { gatewayAddresses } of this.#held('routers')) for (const { address } of gatewayAddresses) yield address;
    for (const { address } of this.#held('loadBalancers')) if (isPublic(address)) yield address;
    for (const { networkId, fixed } of this.#held('ports')) {
      for (const { address } of fixed) if (external.has(networkId) || isPublic(address)) yield address;
    }
  }

  /** Ranges of the external networks; where addresses that nobody knows of turn up. */
  externalRanges(): string[] {
    const external = new Set([...this.#held('networks')].filter((one) => one.external).map(({ id }) => id));
    return [...this.#held('subnets')].filter(({ networkId }) => external.has(networkId)).map(({ cidr }) => cidr);
  }

  /** Ports of machines that the scan has looked at, for the rules that nothing uses. */
  *scannedPorts(hosts: Iterable<MeasuredHost>): Iterable<ScannedPort> {
    for (const host of hosts) {
      const { verdict, candidates } = this.#attributor.attribute({ at: this.at, address: host.address });
      const [who] = candidates;
      const port = verdict === 'one' && who?.kind === 'machine' && who.portId !== undefined ? this.#item('ports', who.portId) : undefined;
      if (port !== undefined && who !== undefined) yield { host, port, machine: who.name };
    }
  }

  projectName(id: string): string {
    return this.#item('projects', id)?.name ?? id;
  }

  /** Mail addresses in the tags of a project: `contact:ops@acme.example`. */
  projectContacts(id: string): string[] {
    return (this.#item('projects', id)?.tags ?? []).flatMap((tag) => /^contact[:=](\S+@\S+)$/.exec(tag)?.[1] ?? []);
  }

  /** What the report says of the inventory. */
  facts(): NonNullable<ExposureReport['inventory']> {
    const { cloud, timeless, lastReadAt, gaps } = this.#history;
    return {
      cloud,
      lastReadAt: timeless || lastReadAt === undefined ? null : formatInstant(lastReadAt),
      gaps: gaps.map(({ kind, detail }) => `${kind}: ${detail}`),
    };
  }

  #ownerOf(address: string, { verdict, candidates, caveats }: Attribution): ExposureOwner {
    const [who] = candidates;
    if (who === undefined || verdict === 'unowned') return { verdict, key: `address:${address}`, tags: [], candidates, caveats };
    if (verdict !== 'one') return { verdict, key: `address:${address}`, ...shortOf(who), tags: [], candidates, caveats };
    const tags = [
      ...(who.kind === 'machine' ? (this.#item('machines', who.id)?.tags ?? []) : []),
      ...(this.#item('projects', who.projectId)?.tags ?? []),
    ];
    return { verdict, key: `${who.kind}:${who.id}`, ...shortOf(who), tags, candidates: [], caveats: [] };
  }

  #item<K extends InventoryKind>(kind: K, id: string | undefined): InventoryItems[K] | undefined {
    return this.#attributor.asOf.item(kind, id, this.at);
  }

  *#held<K extends InventoryKind>(kind: K): Iterable<InventoryItems[K]> {
    for (const { value, from, to } of this.#history.versions(kind)) {
      if (this.#history.timeless || (from <= this.at && (to === undefined || to > this.at))) yield value;
    }
  }
}

/** The likeliest holder, in the words of the report. */
function shortOf(who: Candidate): Partial<ExposureOwner> {
  const { kind, id, name, projectId, projectName, userId, userName, host, routerName, networkName, portId, fixedAddress, floatingAddress } =
    who;
  const all = {
    ...{ kind, id, name, projectId, project: projectName, userId, user: userName, host, router: routerName, network: networkName },
    ...{ portId, fixedAddress, floatingAddress },
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Without an inventory nobody is known. */
export const unknownOwner = (address: string): ExposureOwner => ({
  verdict: 'unknown',
  key: `address:${address}`,
  tags: [],
  candidates: [],
  caveats: ['no inventory was given: whose it is was not asked'],
});
