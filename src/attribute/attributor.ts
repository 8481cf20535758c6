// Whose was this address at that time? Claims of the inventory, narrowed by where the packet was seen and by its MAC.
import type { EpochMicros } from '../base/units.ts';
import type { Attribution, AttributionQuery, Candidate } from '../model/attribution.ts';
import type { InventoryHistory, Port } from '../model/inventory.ts';
import { addressKey, macKey } from './address-key.ts';
import { AsOf, type Present } from './as-of.ts';
import { ClaimIndex, isRouterPort } from './claim-index.ts';
import { Coverage } from './coverage.ts';
import { type Scope, Scopes } from './scope.ts';
import type { ItemSpan } from './spans.ts';
import { timeText, type Vote, Voting } from './votes.ts';

const maxCandidates = 20;
/** Weight of a claim that the MAC contradicts, and of a MAC that sends under an address that is not its own. */
const contradicted = 0.2;
const macAlone = 0.8;
/** From this confidence on one of several is the answer. */
const sure = 0.9;
/** So long after a reading it may still be said that nobody holds an address. */
const freshMicros = 15 * 60e6;

type MacPorts = readonly Present<ItemSpan<Port>>[];

/** Answers questions about one history; built once, then each answer costs a few look-ups. */
export class Attributor {
  readonly asOf: AsOf;
  readonly #scopes: Scopes;
  readonly #voting: Voting;

  constructor(history: InventoryHistory) {
    this.asOf = new AsOf(history, new ClaimIndex(history), new Coverage(history));
    this.#scopes = new Scopes(this.asOf);
    this.#voting = new Voting(this.asOf);
  }

  /** The machine's port that a MAC is, at a time; undefined for routers and for what is not in the inventory. */
  machinePort(mac: string, context: string | undefined, at: EpochMicros): Port | undefined {
    const { scope } = this.#scopes.of({ at, ...(context !== undefined && { context }) });
    const ports = this.#macPorts(mac, scope, at).filter(({ span }) => !isRouterPort(span.value) && span.value.deviceId !== '');
    return ports.length === 1 ? ports[0]?.span.value : undefined;
  }

  /** The answer, with candidates, reasons and what could not be seen. */
  attribute(query: AttributionQuery): Attribution {
    const { at } = query;
    const placed = this.#scopes.of(query);
    const macPorts = this.#macPorts(query.mac, placed.scope, at);
    const scope = placed.scope ?? this.#scopeOfMac(macPorts, at);
    const claimed = (query.address === undefined ? [] : this.asOf.index.claims(query.address)).flatMap((claim) =>
      this.#voting.of(claim, query),
    );
    const { votes, excluded } = narrowed(claimed, scope, (networkId) => this.asOf.isExternal(networkId, at));
    const heard = this.#withMac(dropStandIns(votes), macPorts, query);
    const all = heard.length > 0 || query.address !== undefined ? heard : this.#portOfScope(scope, at);
    const candidates = candidatesOf(all, scope);
    const caveats = [...placed.caveats, ...this.#caveats(query, macPorts), ...excludedText(excluded, scope, query.address)];
    return { ...this.#verdict(candidates, all, query), caveats };
  }

  /** Ports with the MAC; of equal MACs in several networks those that the place reaches. */
  #macPorts(text: string | undefined, scope: Scope | undefined, at: EpochMicros): MacPorts {
    const mac = text === undefined ? undefined : macKey(text);
    if (mac === undefined) return [];
    const ports = this.asOf.present(this.asOf.index.byMac.get(mac), at);
    const near = ports.filter(({ span }) => scope?.reach.has(span.value.networkId));
    return near.length > 0 ? near : ports;
  }

  /** A MAC says which network it is in; that of a router only which networks are behind it. */
  #scopeOfMac(ports: MacPorts, at: EpochMicros): Scope | undefined {
    const [first] = ports;
    if (first === undefined) return undefined;
    const { networkId, mac, deviceId } = first.span.value;
    const network = this.asOf.name('networks', networkId, at);
    if (!isRouterPort(first.span.value)) {
      return { networks: new Set([networkId]), reach: this.asOf.reachOf([networkId], at), reason: `${mac} is a port in ${network}` };
    }
    const reason = `${mac} is the interface of router ${this.asOf.name('routers', deviceId, at)} in ${network}`;
    return { networks: new Set(), reach: this.asOf.networksOfRouter(deviceId, at), reason };
  }

  /** Confirms or contradicts by MAC; a machine's MAC under a foreign address is a candidate itself. */
  #withMac(votes: readonly Vote[], macPorts: MacPorts, { at, address, mac }: AttributionQuery): readonly Vote[] {
    const machines = macPorts.filter(({ span }) => !isRouterPort(span.value) && span.value.deviceId !== '');
    if (machines.length === 0) return votes;
    const ids = new Set(machines.map(({ span }) => span.value.id));
    const confirmed = votes.filter(({ who }) => who.portId !== undefined && ids.has(who.portId));
    if (confirmed.length > 0) return confirmed.map((vote) => ({ ...vote, reasons: [...vote.reasons, `its MAC ${mac} sent the packets`] }));
    const reason =
      address === undefined
        ? `has MAC ${mac}`
        : `has MAC ${mac}, which sent the packets; ${address} is neither one of its addresses nor allowed to it`;
    const others = votes.map((vote) => ({
      ...vote,
      weight: vote.weight * contradicted,
      reasons: [...vote.reasons, `but the packets came from MAC ${mac}`],
    }));
    const factor = votes.length === 0 ? 1 : macAlone;
    return [...machines.flatMap(({ span, presence }) => this.#voting.port(span, at, presence, reason, factor)), ...others];
  }

  /** No address, no MAC: a device named after a port is that port's. */
  #portOfScope(scope: Scope | undefined, at: EpochMicros): readonly Vote[] {
    const span = scope?.portId === undefined ? undefined : this.asOf.port(scope.portId, at);
    const presence = span && this.asOf.coverage.presence(span, at);
    return span === undefined || presence === undefined ? [] : this.#voting.port(span, at, presence, 'is the capture point');
  }

  #verdict(candidates: readonly Candidate[], votes: readonly Vote[], query: AttributionQuery): Pick<Attribution, 'verdict' | 'candidates'> {
    const [first] = candidates;
    if (first === undefined) return { verdict: this.#covers(query) ? 'unowned' : 'unknown', candidates };
    if (votes.every(({ certainty }) => certainty === 'before')) return { verdict: 'unknown', candidates };
    const isAlone = candidates.length === 1 && votes.every(({ certainty }) => certainty !== 'changing');
    return { verdict: isAlone || first.confidence >= sure ? 'one' : 'ambiguous', candidates };
  }

  /** Whether "nobody" can be said: the whole list of ports was read before and after. */
  #covers({ at }: AttributionQuery): boolean {
    if (this.asOf.coverage.isTimeless) return true;
    const span = this.asOf.coverage.completeSpan('ports');
    return span !== undefined && at >= span[0] && at <= span[1] + freshMicros;
  }

  #caveats({ at, mac, address }: AttributionQuery, macPorts: MacPorts): string[] {
    const { history, coverage } = this.asOf;
    const { firstReadAt, lastReadAt } = history;
    const key = mac === undefined ? undefined : macKey(mac);
    const known = key === undefined || this.asOf.index.byMac.has(key);
    const gaps = history.gaps.filter(({ kind }) => ['ports', 'machines', 'floatingAddresses', 'networks'].includes(kind));
    return [
      ...(firstReadAt === undefined ? ['the inventory was never read'] : []),
      ...(!coverage.isTimeless && firstReadAt !== undefined && at < firstReadAt
        ? [`the first reading of the inventory (${timeText(firstReadAt)}) is ${ageText(firstReadAt - at)} later`]
        : []),
      ...(!coverage.isTimeless && lastReadAt !== undefined && at > lastReadAt
        ? [`the last reading of the inventory (${timeText(lastReadAt)}) is ${ageText(at - lastReadAt)} earlier`]
        : []),
      ...gaps.map(({ kind, detail }) => `${kind} are not all known: ${detail}`),
      ...(known ? [] : [`MAC ${mac} is no port of the inventory`]),
      ...(mac !== undefined && known && macPorts.length === 0 ? [`MAC ${mac} was no port at that time`] : []),
      ...(address !== undefined && addressKey(address) === undefined ? [`${address} is not an address`] : []),
    ];
  }
}

/** What only stands for something gives way to it: a subnet's description of its gateway, Neutron's own ports of floating addresses. */
function dropStandIns(votes: readonly Vote[]): readonly Vote[] {
  const isListed = votes.some(({ origin }) => origin === 'floatingAddresses');
  const others = votes.filter(({ who, origin }) => who.kind !== 'gateway' && !(isListed && who.kind === 'floating' && origin === 'ports'));
  return others.length > 0 ? others : votes;
}

/** Of claims in several networks those that the place can see: its own networks, else those behind its routers. */
function narrowed(
  votes: readonly Vote[],
  scope: Scope | undefined,
  isExternal: (networkId: string) => boolean,
): { readonly votes: readonly Vote[]; readonly excluded: readonly Vote[] } {
  if (scope === undefined) return { votes, excluded: [] };
  const level = ({ networkId, who }: Vote): number => {
    if (scope.portId !== undefined && who.portId === scope.portId) return 0;
    if (networkId === undefined || isExternal(networkId)) return 2;
    return scope.networks.has(networkId) ? 1 : scope.reach.has(networkId) ? 2 : 3;
  };
  const best = Math.min(...votes.map(level), 3);
  if (best === 3) return { votes: [], excluded: votes };
  // A port of the place may hold the address together with others there (allowed pairs): only that port sent here.
  return { votes: votes.filter((vote) => level(vote) === best), excluded: votes.filter((vote) => level(vote) > best) };
}

function excludedText(excluded: readonly Vote[], scope: Scope | undefined, address: string | undefined): string[] {
  if (excluded.length === 0 || scope === undefined) return [];
  const names = [...new Set(excluded.map(({ who }) => `${who.name}${who.networkName === undefined ? '' : ` in ${who.networkName}`}`))];
  return [`${address} is also held by ${names.slice(0, 5).join(', ')}: set aside, because ${scope.reason}`];
}

/** `3 h 12 min`, `2 d 4 h` */
export function ageText(micros: number): string {
  const minutes = Math.round(micros / 60e6);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

interface Sum {
  readonly byOrigin: Map<string, number>;
  readonly reasons: Set<string>;
  from: EpochMicros;
  to: EpochMicros | undefined;
  best: number;
  who: Vote['who'];
}

/** Votes for the same holder of the same port joined: of one list they add up, several lists confirm each other. */
function candidatesOf(votes: readonly Vote[], scope: Scope | undefined): Candidate[] {
  const sums = new Map<string, Sum>();
  for (const vote of votes) {
    const key = `${vote.who.kind}|${vote.who.id}|${vote.who.kind === 'router' ? '' : (vote.who.portId ?? '')}`;
    const known = sums.get(key);
    if (known === undefined) {
      const { who, weight, from, to } = vote;
      sums.set(key, {
        byOrigin: new Map([[vote.origin, weight]]),
        reasons: new Set(vote.reasons),
        from,
        to,
        best: weight,
        who,
      });
    } else join(known, vote);
  }
  const weighed = [...sums.values()].map((sum) => ({ sum, weight: Math.min(1, Math.max(...sum.byOrigin.values())) }));
  const total = Math.max(
    1,
    weighed.reduce((all, { weight }) => all + weight, 0),
  );
  const place = scope === undefined ? [] : [scope.reason];
  return weighed
    .map(({ sum, weight }): Candidate => {
      const { who, from, to, reasons } = sum;
      return { ...who, from, ...(to !== undefined && { to }), confidence: rounded(weight / total), reasons: [...reasons, ...place] };
    })
    .sort((a, b) => b.confidence - a.confidence || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
    .slice(0, maxCandidates);
}

function join(sum: Sum, vote: Vote): void {
  sum.byOrigin.set(vote.origin, (sum.byOrigin.get(vote.origin) ?? 0) + vote.weight);
  for (const reason of vote.reasons) sum.reasons.add(reason);
  if (vote.from < sum.from) sum.from = vote.from;
  if (vote.to === undefined || (sum.to !== undefined && vote.to > sum.to)) sum.to = vote.to;
  if (vote.weight > sum.best) {
    sum.best = vote.weight;
    sum.who = vote.who;
  }
}

/** Down, so that the sum stays at most 1. */
const rounded = (value: number): number => Math.floor(value * 1000 + 1e-9) / 1000;

const attributors = new WeakMap<InventoryHistory, { readonly versionOf: EpochMicros | undefined; readonly attributor: Attributor }>();

/** One answer; the index of a history is kept until it is read anew. */
export function attribute(history: InventoryHistory, query: AttributionQuery): Attribution {
  const known = attributors.get(history);
  if (known !== undefined && known.versionOf === history.lastReadAt) return known.attributor.attribute(query);
  const attributor = new Attributor(history);
  attributors.set(history, { versionOf: history.lastReadAt, attributor });
  return attributor.attribute(query);
}
