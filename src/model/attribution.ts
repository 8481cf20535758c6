// The answer to "whose is this address, at that time?": candidates with reasons, never a bare name.
import { type EpochMicros, formatInstant } from '../base/units.ts';

/** What is known of an end. Everything but `at` may be missing; what is there narrows the answer. */
export interface AttributionQuery {
  readonly at: EpochMicros;
  readonly address?: string;
  readonly mac?: string;
  /** Public ports decide between machines behind one port-forwarding address. */
  readonly port?: number;
  readonly protocol?: string;
  /** Network context of the flow as records carry it (`conn.context`): namespace, VNI, VLAN, interface. */
  readonly context?: string;
  /** Capture point: file or interface name (`qr-…`, `tap…`, `qvo…`), namespace (`qrouter-…`). */
  readonly capturePoint?: string;
}

/** Someone who may have held the address. */
export interface Candidate {
  /** `machine` a VM · `router` its own address (SNAT) · `load-balancer` · `dhcp` · `gateway` · `port` an unbound port · `floating` a floating address without a machine. */
  readonly kind: 'machine' | 'router' | 'load-balancer' | 'dhcp' | 'gateway' | 'port' | 'floating';
  readonly id: string;
  readonly name: string;
  readonly projectId?: string;
  readonly projectName?: string;
  readonly userId?: string;
  readonly userName?: string;
  readonly host?: string;
  readonly portId?: string;
  readonly mac?: string;
  readonly fixedAddress?: string;
  readonly floatingAddress?: string;
  readonly networkId?: string;
  readonly networkName?: string;
  readonly routerId?: string;
  readonly routerName?: string;
  readonly imageName?: string;
  readonly keypair?: string;
  /** When the claim holds; `to` is undefined while it still does. */
  readonly from: EpochMicros;
  readonly to?: EpochMicros;
  /** 0 to 1; the sum over candidates is at most 1. */
  readonly confidence: number;
  /** Why this one, in short sentences: which join, as of which reading, what narrowed it. */
  readonly reasons: readonly string[];
}

export interface Attribution {
  /** `one` · `ambiguous` · `unowned`: the inventory covers the time and nobody held it · `unknown`: it does not cover the time, or not the network. */
  readonly verdict: 'one' | 'ambiguous' | 'unowned' | 'unknown';
  /** Most likely first. */
  readonly candidates: readonly Candidate[];
  /** What could not be seen: gaps of the inventory, staleness, a time before the first reading. */
  readonly caveats: readonly string[];
}

/** A rule that lets something in. */
export interface ExposureRule {
  readonly ruleId: string;
  readonly groupId: string;
  readonly groupName: string;
  /** `tcp 80 from 0.0.0.0/0 (group web)`, groups expanded. */
  readonly text: string;
  /** Whether it lets in the remote end that was asked about. */
  readonly applies: boolean;
}

/** Whether a port of a machine was open at a time, by its security groups. `unenforced`: port security is off, nothing is filtered. */
export interface Exposure {
  readonly portId: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly verdict: 'open' | 'closed' | 'unenforced' | 'unknown';
  readonly rules: readonly ExposureRule[];
}

/** Whose the ends of a finding were, as of its time. */
export interface FindingAttribution {
  /** Time that it was asked for. */
  readonly at: EpochMicros;
  readonly subject: Attribution;
  /** Ends of ours among the peers. */
  readonly peers: readonly {
    readonly address: string;
    readonly port?: number;
    readonly attribution: Attribution;
    readonly exposure?: Exposure;
  }[];
}

/** As plain JSON with times in ISO 8601. */
export const attributionJson = ({ verdict, candidates, caveats }: Attribution): object => ({
  verdict,
  candidates: candidates.map(({ from, to, ...who }) => ({
    ...who,
    from: formatInstant(from),
    ...(to !== undefined && { to: formatInstant(to) }),
  })),
  caveats,
});

/** As plain JSON with times in ISO 8601. */
export const findingAttributionJson = ({ at, subject, peers }: FindingAttribution): object => ({
  at: formatInstant(at),
  subject: attributionJson(subject),
  peers: peers.map(({ attribution, ...peer }) => ({ ...peer, attribution: attributionJson(attribution) })),
});
