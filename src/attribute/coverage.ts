// How sure it is that something held at a time, given that a cloud is read now and then and may hide things.
import type { EpochMicros } from '../base/units.ts';
import type { InventoryHistory, InventoryKind } from '../model/inventory.ts';

/** From when to when a claim holds, in times of readings. */
export interface Span {
  /** List that it was read from. */
  readonly kind: InventoryKind;
  readonly from: EpochMicros;
  readonly to?: EpochMicros | undefined;
  readonly unseenSince?: EpochMicros | undefined;
  /** Nothing is known of the item before. */
  readonly isFirst: boolean;
  /** When the provider says that it was made. */
  readonly createdAt?: EpochMicros | undefined;
}

/**
 * `held` read before and after · `changing` between a reading that shows it and one that does not · `before` earlier than the first
 * reading · `stale` later than the last · `unseen` only readings with a gap since.
 */
export type Certainty = 'held' | 'changing' | 'before' | 'stale' | 'unseen';

export interface Presence {
  /** 0 to 1: share of the doubt that speaks for it. */
  readonly weight: number;
  readonly certainty: Certainty;
  /** The readings that the time lies between, where there are two. */
  readonly between?: readonly [EpochMicros, EpochMicros];
}

const held: Presence = { weight: 1, certainty: 'held' };

/** Weights where the inventory does not reach. An address rarely changes its owner within a day; in a week it may well have. */
const beforeWeight = { made: 0.7, unknown: 0.5 } as const;
const staleWeights: readonly (readonly [micros: number, weight: number])[] = [
  [15 * 60e6, 0.99],
  [86_400e6, 0.9],
  [7 * 86_400e6, 0.7],
  [Number.POSITIVE_INFINITY, 0.5],
];
const unseenWeight = 0.5;

/** Index of the first element that is at least `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What readings of one history cover. */
export class Coverage {
  readonly #timeless: boolean;
  /** Times of readings that showed the whole list, and of those that showed what may be seen of it. */
  readonly #complete = new Map<InventoryKind, EpochMicros[]>();
  readonly #shown = new Map<InventoryKind, EpochMicros[]>();

  constructor(history: InventoryHistory) {
    this.#timeless = history.timeless;
    const add = (map: Map<InventoryKind, EpochMicros[]>, kind: InventoryKind, at: EpochMicros): void => {
      const times = map.get(kind);
      if (times === undefined) map.set(kind, [at]);
      else if (times.at(-1) !== at) times.push(at);
    };
    for (const { at, complete, gaps } of history.readings) {
      for (const kind of complete) {
        add(this.#complete, kind, at);
        add(this.#shown, kind, at);
      }
      for (const { kind, reason } of gaps) if (reason === 'own-project') add(this.#shown, kind, at);
    }
  }

  get isTimeless(): boolean {
    return this.#timeless;
  }

  /** First and last time at which the whole list was read; undefined when it never was. */
  completeSpan(kind: InventoryKind): readonly [EpochMicros, EpochMicros] | undefined {
    const times = this.#complete.get(kind);
    const [first] = times ?? [];
    const last = times?.at(-1);
    return first === undefined || last === undefined ? undefined : [first, last];
  }

  /** Last reading that showed what may be seen of the list. */
  lastShown(kind: InventoryKind): EpochMicros | undefined {
    return this.#shown.get(kind)?.at(-1);
  }

  /** How a span stands to a time; undefined when it did not hold. */
  presence(span: Span, at: EpochMicros): Presence | undefined {
    if (this.#timeless) return held;
    return at < span.from ? this.#beforeFirstSight(span, at) : this.#afterFirstSight(span, at);
  }

  /** Last reading that did not show the span, and last that did: the changes lie behind them. Undefined where there is none. */
  edges({ kind, from, to }: Span): { readonly absentAt: EpochMicros | undefined; readonly lastHeldAt: EpochMicros | undefined } {
    const last = to === undefined ? undefined : Math.max(from, this.#lastBefore(this.#shown, kind, to) ?? from);
    return { absentAt: this.#lastBefore(this.#complete, kind, from), lastHeldAt: last as EpochMicros | undefined };
  }

  #beforeFirstSight({ kind, from, isFirst, createdAt }: Span, at: EpochMicros): Presence | undefined {
    if (isFirst && createdAt !== undefined && createdAt > at) return undefined;
    const before = this.#lastBefore(this.#complete, kind, from);
    if (before === undefined) {
      if (!isFirst) return undefined;
      return { weight: createdAt === undefined ? beforeWeight.unknown : beforeWeight.made, certainty: 'before' };
    }
    if (at <= before) return undefined;
    return { weight: (at - before) / (from - before), certainty: 'changing', between: [before, from] };
  }

  #afterFirstSight({ kind, from, to, unseenSince }: Span, at: EpochMicros): Presence | undefined {
    if (to === undefined) {
      if (unseenSince !== undefined && at > (this.#lastBefore(this.#shown, kind, unseenSince) ?? from)) {
        return { weight: unseenWeight, certainty: 'unseen' };
      }
      const age = at - Math.max(from, this.lastShown(kind) ?? from);
      return age <= 0 ? held : { weight: staleWeight(age), certainty: 'stale' };
    }
    if (at >= to) return undefined;
    const last = Math.max(from, this.#lastBefore(this.#shown, kind, to) ?? from) as EpochMicros;
    return at <= last ? held : { weight: (to - at) / (to - last), certainty: 'changing', between: [last, to] };
  }

  #lastBefore(map: ReadonlyMap<InventoryKind, readonly EpochMicros[]>, kind: InventoryKind, at: EpochMicros): EpochMicros | undefined {
    const times = map.get(kind) ?? [];
    return times[lowerBound(times, at) - 1];
  }
}

const staleWeight = (age: number): number => staleWeights.find(([micros]) => age <= micros)?.[1] ?? 0.5;
