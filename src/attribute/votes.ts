// Claims weighed at a time: each becomes a vote for somebody, with its reason.
import { type EpochMicros, formatInstant } from '../base/units.ts';
import type { AttributionQuery } from '../model/attribution.ts';
import type { FloatingAddress, Port, PortForwarding } from '../model/inventory.ts';
import type { AsOf } from './as-of.ts';
import type { Claim } from './claim-index.ts';
import type { Certainty, Presence, Span } from './coverage.ts';
import { Describer, type Identity } from './describe.ts';
import { type ItemSpan, instantOf } from './spans.ts';

/** For whom one claim speaks. */
export interface Vote {
  readonly who: Identity;
  readonly weight: number;
  readonly certainty: Certainty;
  readonly from: EpochMicros;
  readonly to: EpochMicros | undefined;
  readonly reasons: readonly string[];
  /** Network that the address is one of; undefined when unknown. */
  readonly networkId: string | undefined;
  /** Tells claims of the same origin apart from others: those add up, others confirm each other. */
  readonly origin: string;
}

/** How much a claim weighs against the address of a port. */
const pairWeight = { address: 0.9, range: 0.4 } as const;
const unboundWeight = 0.3;
const maxShared = 8;

/** `2026-11-20 14:03:00` */
export const timeText = (at: EpochMicros): string => formatInstant(at).slice(0, 19).replace('T', ' ');

/** What a presence is, for a person. */
function certaintyText({ certainty, between }: Presence): string | undefined {
  if (certainty === 'changing' && between !== undefined) {
    return `changed at some time between the readings of ${timeText(between[0])} and ${timeText(between[1])}`;
  }
  if (certainty === 'before') return 'as it was at the first reading, which is later';
  if (certainty === 'stale') return 'as it was at the last reading, which is earlier';
  return certainty === 'unseen' ? 'no later reading could see it' : undefined;
}

/** Turns claims into votes. */
export class Voting {
  readonly #asOf: AsOf;
  readonly #describer: Describer;

  constructor(asOf: AsOf) {
    this.#asOf = asOf;
    this.#describer = new Describer(asOf);
  }

  /** Votes of one claim; none when it did not hold at the time. */
  of(claim: Claim, query: AttributionQuery): readonly Vote[] {
    const { at } = query;
    const presence = this.#asOf.coverage.presence(claim.span, at);
    if (presence === undefined || presence.weight <= 0) return [];
    switch (claim.type) {
      case 'fixed':
        return this.port(claim.span, at, presence, `had ${claim.address}${this.#place(claim.span.value, at)}`);
      case 'pair': {
        const factor = claim.bits === 128 ? pairWeight.address : pairWeight.range;
        const range = claim.bits === 128 ? claim.address : `addresses of ${claim.address}`;
        return this.port(
          claim.span,
          at,
          presence,
          `was allowed to use ${range}${this.#place(claim.span.value, at)} (allowed pair)`,
          factor,
        );
      }
      case 'floating':
        return this.#floating(claim.span, query, presence);
      case 'router':
        return [this.#router(claim.span.value.id, claim.address, claim.span, presence, at)];
      case 'balancer': {
        const who = this.#describer.plain('load-balancer', claim.span.value, at);
        const networkId = this.#asOf.port(claim.span.value.portId ?? '', at)?.value.networkId;
        return [vote(who, claim.span, presence, `${claim.address} is its virtual address`, networkId)];
      }
      case 'gateway': {
        const { networkId, projectId, id } = claim.span.value;
        const name = `gateway of ${this.#asOf.name('networks', networkId, at)}`;
        const who = this.#describer.plain('gateway', { id, name, projectId, networkId }, at);
        const reason = `${claim.address} is the gateway of subnet ${claim.span.value.cidr}; no port has it`;
        return [vote(who, claim.span, presence, reason, networkId)];
      }
    }
  }

  /** A vote for the holder of a port. */
  port(span: ItemSpan<Port>, at: EpochMicros, presence: Presence, reason: string, factor = 1, floating?: FloatingAddress): readonly Vote[] {
    const who = this.#describer.port(span, at, floating);
    const exact = this.#withCreation(who, presence, at);
    if (exact === undefined) return [];
    const isUnbound = who.kind === 'port';
    const weighed = { ...exact, weight: exact.weight * factor * (isUnbound ? unboundWeight : 1) };
    return [vote(who, span, weighed, `port ${span.value.name || span.value.id} ${reason}`, floating?.networkId ?? span.value.networkId)];
  }

  /** The provider's word on when a machine was made is more exact than our readings. */
  #withCreation(who: Identity, presence: Presence, at: EpochMicros): Presence | undefined {
    if (who.kind !== 'machine' || presence.certainty === 'held') return presence;
    const createdAt = instantOf(this.#asOf.item('machines', who.id, at)?.createdAt);
    if (createdAt === undefined) return presence;
    if (createdAt > at) return undefined;
    return presence.certainty === 'before' ? { ...presence, weight: Math.max(presence.weight, 0.7) } : presence;
  }

  #floating(span: ItemSpan<FloatingAddress>, query: AttributionQuery, presence: Presence): readonly Vote[] {
    const { value: floating } = span;
    const { at } = query;
    if (floating.portId !== undefined) {
      const port = this.#asOf.port(floating.portId, at);
      if (port === undefined)
        return [
          vote(
            this.#describer.plain('floating', named(floating), at),
            span,
            presence,
            'its port is not in the inventory',
            floating.networkId,
          ),
        ];
      const fixed = floating.fixedAddress ?? port.value.fixed[0]?.address ?? 'its port';
      const reason = `had floating address ${floating.address} (translated to ${fixed})`;
      return this.port(
        { ...port, kind: span.kind, from: span.from, to: span.to, isFirst: span.isFirst },
        at,
        presence,
        reason,
        1,
        floating,
      );
    }
    const forwards = this.#asOf.present(this.#asOf.index.forwardings.get(floating.id), at).map(({ span: one }) => one);
    const fitting = forwards.filter(({ value }) => fits(value, query));
    const votes = fitting.flatMap((forward) => this.#forwarded(forward, floating, at, presence, fitting.length));
    if (votes.length > 0) return votes;
    const reason = forwards.length > 0 ? `none of its ${forwards.length} port forwardings fits` : 'it was not assigned to a port';
    return [
      vote(
        this.#describer.plain('floating', named(floating), at),
        span,
        presence,
        `${floating.address} is a floating address; ${reason}`,
        floating.networkId,
      ),
    ];
  }

  #forwarded(
    forward: ItemSpan<PortForwarding>,
    floating: FloatingAddress,
    at: EpochMicros,
    presence: Presence,
    among: number,
  ): readonly Vote[] {
    const { portId, protocol, externalFrom, externalTo, internalAddress, internalFrom } = forward.value;
    const port = this.#asOf.port(portId, at);
    if (port === undefined) return [];
    const ports = externalFrom === externalTo ? `${externalFrom}` : `${externalFrom}-${externalTo}`;
    const reason = `gets ${protocol} ${ports} of floating address ${floating.address} (forwarded to ${internalAddress}:${internalFrom})`;
    return this.port(port, at, presence, reason, 1 / among, { ...floating, fixedAddress: internalAddress });
  }

  #router(id: string, address: string, span: Span, presence: Presence, at: EpochMicros): Vote {
    const sharers = this.#sharers(id, at);
    const shared =
      sharers.length === 0
        ? 'no machine without a floating address is behind it'
        : `${sharers.length} ${sharers.length === 1 ? 'machine' : 'machines'} without a floating address share it (${sharers.slice(0, maxShared).join(', ')}${sharers.length > maxShared ? ', …' : ''}); only a NAT log tells which`;
    const who = this.#describer.router(id, at);
    const networkId = this.#asOf.item('routers', id, at)?.externalNetworkId;
    return vote(who, span, presence, `${address} is its own public address (SNAT); ${shared}`, networkId);
  }

  /** Names of machines that leave under a router's address. */
  #sharers(routerId: string, at: EpochMicros): string[] {
    const names = new Set<string>();
    const router = this.#asOf.item('routers', routerId, at);
    if (router?.snat === false) return [];
    for (const networkId of this.#asOf.networksOfRouter(routerId, at)) {
      if (this.#asOf.isExternal(networkId, at)) continue;
      for (const { span } of this.#asOf.present(this.#asOf.index.byNetwork.get(networkId), at)) {
        const who = this.#describer.port(span, at);
        if (who.kind === 'machine' && who.floatingAddress === undefined) names.add(who.name);
      }
    }
    return [...names].sort();
  }

  #place(port: Port, at: EpochMicros): string {
    return ` in ${this.#asOf.name('networks', port.networkId, at)}`;
  }
}

const named = ({ id, address, projectId, networkId }: FloatingAddress) => ({ id, name: address, projectId, networkId });

const fits = ({ protocol, externalFrom, externalTo }: PortForwarding, query: AttributionQuery): boolean =>
  (query.port === undefined || (query.port >= externalFrom && query.port <= externalTo)) &&
  (query.protocol === undefined || query.protocol.toLowerCase() === protocol.toLowerCase());

function vote(who: Identity, span: Span, presence: Presence, reason: string, networkId: string | undefined): Vote {
  const doubt = certaintyText(presence);
  return {
    ...{ who, weight: presence.weight, certainty: presence.certainty, from: span.from, to: span.to, networkId },
    reasons: doubt === undefined ? [reason] : [reason, doubt],
    origin: span.kind,
  };
}
