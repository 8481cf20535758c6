// The history of one cloud in memory: versions of items, made by applying changes. Pure; storing it is for src/store.
import type { EpochMicros } from '../base/units.ts';
import {
  type InventoryGap,
  type InventoryHistory,
  type InventoryItems,
  type InventoryKind,
  type InventoryReading,
  inventoryKinds,
  type Version,
} from './inventory.ts';

/** An item of any kind. */
export type AnyItem = InventoryItems[InventoryKind];

/** What one reading changed about one item. */
export type InventoryChange = { readonly kind: InventoryKind; readonly at: EpochMicros } & (
  | { readonly change: 'set'; readonly value: AnyItem }
  /** `gone`: a complete list lacks it · `unseen`: a list with a gap lacks it · `seen`: it is in the list again, as before. */
  | { readonly change: 'gone' | 'unseen' | 'seen'; readonly id: string }
);

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Versions = Writable<Version<AnyItem>>[];

/** What is not known after a reading: a kind that it did not read stays as it was. */
function gapsAfter(before: readonly InventoryGap[], { complete, gaps }: InventoryReading): readonly InventoryGap[] {
  const read = new Set([...complete, ...gaps.map(({ kind }) => kind)]);
  const kept = before.filter(({ kind }) => !read.has(kind));
  return kept.length === 0 ? gaps : inventoryKinds.flatMap((kind) => [...kept, ...gaps].filter((gap) => gap.kind === kind));
}

const sameKinds = (a: readonly InventoryKind[], b: readonly InventoryKind[]): boolean => a.join() === b.join();
const sameGaps = (a: readonly InventoryGap[], b: readonly InventoryGap[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Versions of everything; grows with changes, not with readings. */
export class InventoryTimeline implements InventoryHistory {
  readonly cloud: string;
  readonly timeless: boolean;
  readonly #items = new Map<InventoryKind, Map<string, Versions>>(inventoryKinds.map((kind) => [kind, new Map()]));
  readonly #readings: InventoryReading[] = [];
  /** Whether each kept reading changed something. */
  readonly #changed: boolean[] = [];
  /** Lists of kinds that readings share; readings of a few kinds alternate with those of all. */
  readonly #kindLists = new Map<string, readonly InventoryKind[]>();
  #gaps: readonly InventoryGap[] = [];
  #pending = 0;
  #versions = 0;

  constructor(cloud: string, options: { readonly timeless?: boolean } = {}) {
    this.cloud = cloud;
    this.timeless = options.timeless ?? false;
  }

  get firstReadAt(): EpochMicros | undefined {
    return this.#readings[0]?.at;
  }

  get lastReadAt(): EpochMicros | undefined {
    return this.#readings.at(-1)?.at;
  }

  get gaps(): readonly InventoryGap[] {
    return this.#gaps;
  }

  get readings(): readonly InventoryReading[] {
    return this.#readings;
  }

  /** Versions kept, of all items. */
  get versionCount(): number {
    return this.#versions;
  }

  *versions<K extends InventoryKind>(kind: K): Iterable<Version<InventoryItems[K]>> {
    for (const versions of this.#items.get(kind)?.values() ?? []) yield* versions as unknown as Version<InventoryItems[K]>[];
  }

  versionsOf<K extends InventoryKind>(kind: K, id: string): readonly Version<InventoryItems[K]>[] {
    return (this.#items.get(kind)?.get(id) ?? []) as unknown as readonly Version<InventoryItems[K]>[];
  }

  /** Newest version of each item of a kind that is not gone. */
  *current(kind: InventoryKind): Iterable<Version<AnyItem>> {
    for (const versions of this.#items.get(kind)?.values() ?? []) {
      const last = versions.at(-1);
      if (last !== undefined && last.to === undefined) yield last;
    }
  }

  /** The version that holds now. */
  currentOf(kind: InventoryKind, id: string): Version<AnyItem> | undefined {
    const last = this.#items.get(kind)?.get(id)?.at(-1);
    return last?.to === undefined ? last : undefined;
  }

  /** Changes come in order of time; those of one reading before its `close`. */
  apply(change: InventoryChange): void {
    this.#pending++;
    if (change.change === 'set') {
      this.#set(change.kind, change.value, change.at);
      return;
    }
    const last = this.#items.get(change.kind)?.get(change.id)?.at(-1);
    if (last === undefined || last.to !== undefined) return;
    if (change.change === 'gone') last.to = change.at;
    else if (change.change === 'unseen') last.unseenSince = change.at;
    else delete last.unseenSince;
  }

  #set(kind: InventoryKind, value: AnyItem, at: EpochMicros): void {
    const items = this.#items.get(kind);
    const versions = items?.get(value.id);
    const last = versions?.at(-1);
    if (last !== undefined && last.to === undefined) {
      // A list that moves while it is read may show an item twice: the later one counts.
      if (last.from === at) {
        last.value = value;
        return;
      }
      last.to = at;
    }
    if (versions === undefined) items?.set(value.id, [{ value, from: at }]);
    else versions.push({ value, from: at });
    this.#versions++;
  }

  /** Ends a reading. One in the middle of a run that changed nothing is not kept: it says nothing more. */
  close(reading: InventoryReading): void {
    const changed = this.#pending > 0;
    this.#pending = 0;
    const last = this.#readings.at(-1);
    const isLike = (other: InventoryReading | undefined): boolean =>
      other !== undefined && sameKinds(other.complete, reading.complete) && sameGaps(other.gaps, reading.gaps);
    const isRun = !changed && this.#changed.at(-1) === false && isLike(last) && isLike(this.#readings.at(-2));
    if (isRun) this.#readings.pop();
    else this.#changed.push(changed);
    this.#gaps = gapsAfter(this.#gaps, reading);
    // Equal lists are shared, so that a year of readings does not hold them a thousand times.
    const shared = { ...reading, complete: this.#sharedKinds(reading.complete) };
    this.#readings.push(isLike(last) && last !== undefined ? { ...last, at: reading.at } : shared);
  }

  #sharedKinds(kinds: readonly InventoryKind[]): readonly InventoryKind[] {
    const key = kinds.join();
    const known = this.#kindLists.get(key);
    if (known !== undefined) return known;
    this.#kindLists.set(key, kinds);
    return kinds;
  }

  /**
   * The changes and readings that make this history again, without versions that ended before `keepFrom`. Of the readings before it,
   * the last is kept.
   */
  *replay(keepFrom: number): Iterable<InventoryChange | InventoryReading> {
    const changes = [...this.#changesSince(keepFrom)].sort((a, b) => a.at - b.at);
    let next = 0;
    for (const [i, reading] of this.#readings.entries()) {
      const isLastBefore = (this.#readings[i + 1]?.at ?? Number.POSITIVE_INFINITY) >= keepFrom;
      if (reading.at < keepFrom && !isLastBefore) continue;
      for (let change = changes[next]; change !== undefined && change.at <= reading.at; change = changes[++next]) yield change;
      yield reading;
    }
  }

  *#changesSince(keepFrom: number): Iterable<InventoryChange> {
    for (const [kind, items] of this.#items) for (const [id, versions] of items) yield* changesOf(kind, id, versions, keepFrom);
  }
}

/** What made the versions of one item, as far as they lasted beyond `keepFrom`. */
function* changesOf(kind: InventoryKind, id: string, versions: Versions, keepFrom: number): Iterable<InventoryChange> {
  for (const [i, { value, from, to, unseenSince }] of versions.entries()) {
    if (to !== undefined && to <= keepFrom) continue;
    yield { kind, at: from, change: 'set', value };
    if (unseenSince !== undefined) yield { kind, at: unseenSince, change: 'unseen', id };
    if (to !== undefined && versions[i + 1]?.from !== to) yield { kind, at: to, change: 'gone', id };
  }
}
