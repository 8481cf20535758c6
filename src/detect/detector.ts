// The contract of a detector: a fold over records. No I/O, no clock (record time only), bounded, deterministic.
import type { EpochMicros } from '../base/units.ts';
import type { Finding, FindingDraft } from '../model/finding.ts';
import type { RecordName, RecordRow } from '../model/records/index.ts';
import type { EndsMap } from './ends/ends-map.ts';
import type { RowEnds } from './ends/row-ends.ts';
import type { BoundedMap } from './stats/bounded-map.ts';
import type { Forgetting } from './stats/record-clock.ts';

/** A threshold that an operator may change. */
export interface Tunable {
  readonly default: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** Where the default comes from. */
  readonly why: string;
}

type Tunables = Readonly<Record<string, Tunable>>;

/** What a running detector may ask and do. */
export interface DetectionHost {
  /** One of ours: private ranges by default, `--local` and inventory on top. */
  isOurs(address: string): boolean;
  /** Unicast beyond a private network: neither private nor loopback, link-local, multicast or reserved. */
  isPublic(address: string): boolean;
  /** Multicast or broadcast: never a victim of a sweep. */
  isMulticast(address: string): boolean;
  /** Label that the operator gave (`--known "label=cidr"`): a trusted end, set aside but shown. */
  knownAs(address: string): string | undefined;
  /** A bounded map keyed by ends as numbers: what `RowEnds` gives for each record. Never given back: make few. */
  newEndsMap<V>(capacity: number, forgetting?: Forgetting<V>): EndsMap<V>;
  /** A bounded map for names that are no ends. Never given back: make few. */
  newTextMap<V>(capacity: number, forgetting: Forgetting<V>): BoundedMap<string, V>;
  /** The number of an end that no record at hand names: for looking up, at the end or for a finding. */
  endOf(address: string, context: string | undefined): number;
  /** What was in view, for claims that need it. Grows while records come. */
  readonly visibility: Visibility;
  /** The inventory, where there is one. */
  readonly inventory: DetectionInventory | undefined;
  raise(draft: FindingDraft): void;
  /** The newest state of a finding; undefined when it did not fit into the bound. */
  finding(detector: string, id: string): Finding | undefined;
}

/** What an inventory tells detectors, as of a time. */
export interface DetectionInventory {
  /** Whether the address is one of ours at any time. */
  owns(address: string): boolean;
  /** Whether anything held the address; what was given up a quarter of an hour ago still counts as held. */
  holding(address: string, context: string | undefined, at: EpochMicros): 'held' | 'unheld' | 'unknown';
  /** The machine's port that a hardware address is; undefined for routers and strangers. */
  sender(mac: string, context: string | undefined, at: EpochMicros): DetectionSender | undefined;
}

/** A machine's port, as a sender of packets. */
export interface DetectionSender {
  /** Its first own address. */
  readonly address: string | undefined;
  /** Whether it may send under this address: its own, or an allowed pair. */
  permits(address: string): boolean;
}

/** What could be seen so far. */
export interface Visibility {
  /** Rows seen of each log. */
  readonly rows: Readonly<Partial<Record<RecordName, number>>>;
  /** Time of the earliest and latest row, microseconds since the epoch; 0 before the first. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * One handler a record type that it reads. Rows come in order of completion, which is not the order of `ts`
 * (a connection is reported when it ends): windows must be keyed by `ts`, never assume it grows. `ends` are the ends of the row as
 * numbers, for maps of the host; valid during the call.
 */
export type Handlers<R extends RecordName> = { readonly [K in R]: (row: RecordRow<K>, ends: RowEnds) => void } & {
  /** Another detector raised or renewed a finding (for detectors that join others, D50). */
  readonly finding?: (finding: Finding) => void;
  /** End of input: raise what is still pending. */
  readonly finish?: () => void;
};

export interface Detector<R extends RecordName = RecordName> {
  /** `D<nn>-<slug>`; the folder is the slug. */
  readonly id: string;
  readonly title: string;
  /** MITRE ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly reads: readonly R[];
  /** One sentence: the behaviour that it finds. */
  readonly finds: string;
  readonly misses: readonly string[];
  readonly benign: readonly string[];
  /** What a person should look at next: names a record or field and a time window. */
  readonly investigate: readonly string[];
  readonly sources: readonly string[];
  readonly tunables: Tunables;
  start(tune: Readonly<Record<string, number>>, host: DetectionHost): Handlers<R>;
}

/** Declares a detector; `start` gets exactly the records and numbers that it declared. */
export function defineDetector<const R extends RecordName, const T extends Tunables>(
  detector: Omit<Detector<R>, 'start' | 'tunables'> & {
    readonly tunables: T;
    start(tune: { readonly [K in keyof T]: number }, host: DetectionHost): Handlers<R>;
  },
): Detector {
  return detector as unknown as Detector;
}
