// One reading of a cloud, folded into what it changed. Pure: time is an argument.
import type { EpochMicros } from '../base/units.ts';
import { canonicalItem, sameItem } from './canonical-item.ts';
import { type InventoryEvent, type InventoryGap, type InventoryKind, type InventoryReading, inventoryKinds } from './inventory.ts';
import type { AnyItem, InventoryChange, InventoryTimeline } from './inventory-timeline.ts';

/** Most gaps kept of one reading. */
const maxGaps = 100;

/** Takes the events of one reading and compares them with what was known. The timeline is not touched. */
export class InventoryReadingFold {
  readonly #timeline: InventoryTimeline;
  readonly #at: EpochMicros;
  readonly #seen = new Map<InventoryKind, Set<string>>();
  readonly #complete = new Set<InventoryKind>();
  readonly #gaps: InventoryGap[] = [];

  constructor(timeline: InventoryTimeline, at: EpochMicros) {
    this.#timeline = timeline;
    this.#at = at;
  }

  /** Items read so far, of each kind. */
  get counts(): Readonly<Partial<Record<InventoryKind, number>>> {
    return Object.fromEntries([...this.#seen].map(([kind, ids]) => [kind, ids.size]));
  }

  /** @returns what the event changes */
  take(event: InventoryEvent): InventoryChange[] {
    switch (event.event) {
      case 'page':
        return event.items.flatMap((item) => this.#item(event.kind, item));
      case 'complete':
        this.#seenOf(event.kind);
        this.#complete.add(event.kind);
        return [];
      case 'gap':
        if (this.#gaps.length < maxGaps) this.#gaps.push(event.gap);
        this.#seenOf(event.gap.kind);
        return [];
    }
  }

  /** End of the reading. A kind with a gap never makes anything gone; a kind that was not read says nothing. */
  finish(): { readonly changes: readonly InventoryChange[]; readonly reading: InventoryReading } {
    const hidden = new Set(this.#gaps.map(({ kind }) => kind));
    const complete = inventoryKinds.filter((kind) => this.#complete.has(kind) && !hidden.has(kind));
    const changes: InventoryChange[] = [];
    for (const [kind, seen] of this.#seen) {
      const isWhole = complete.includes(kind);
      // Only a view that is narrower than the cloud tells that an item left it; a list that broke off tells nothing.
      if (!isWhole && !this.#isNarrowed(kind)) continue;
      for (const { value, unseenSince } of this.#timeline.current(kind)) {
        if (seen.has(value.id)) continue;
        if (isWhole) changes.push({ kind, at: this.#at, change: 'gone', id: value.id });
        else if (unseenSince === undefined) changes.push({ kind, at: this.#at, change: 'unseen', id: value.id });
      }
    }
    const gaps = [...this.#gaps].sort((a, b) => inventoryKinds.indexOf(a.kind) - inventoryKinds.indexOf(b.kind));
    return { changes, reading: { at: this.#at, complete, gaps } };
  }

  #isNarrowed(kind: InventoryKind): boolean {
    const gaps = this.#gaps.filter((gap) => gap.kind === kind);
    return gaps.length > 0 && gaps.every(({ reason }) => reason === 'own-project');
  }

  #seenOf(kind: InventoryKind): Set<string> {
    let seen = this.#seen.get(kind);
    if (seen === undefined) {
      seen = new Set();
      this.#seen.set(kind, seen);
    }
    return seen;
  }

  #item(kind: InventoryKind, item: AnyItem): InventoryChange[] {
    this.#seenOf(kind).add(item.id);
    const known = this.#timeline.currentOf(kind, item.id);
    if (known === undefined || !sameItem(known.value, item)) return [{ kind, at: this.#at, change: 'set', value: canonicalItem(item) }];
    return known.unseenSince === undefined ? [] : [{ kind, at: this.#at, change: 'seen', id: item.id }];
  }
}
