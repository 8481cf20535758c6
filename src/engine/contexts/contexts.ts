// The registry of network contexts: which address space a packet belongs to. An address means nothing without it (design §2.1).
import type { CapturePoint } from '../../model/packet-batch.ts';

/**
 * What a context adds to the one around it. `point` is a capture point; `pair` a tunnel without an identifier, told by its two
 * ends; the others have an explicit identifier on the wire.
 */
export const ContextKind = { point: 0, vlan: 1, innerVlan: 2, vxlan: 3, geneve: 4, gre: 5, erspan: 6, pair: 7 } as const;
export type ContextKind = (typeof ContextKind)[keyof typeof ContextKind];

const kindNames = ['', 'vlan', 'inner-vlan', 'vxlan', 'geneve', 'gre', 'erspan', 'tunnel'] as const;
const kindCount = kindNames.length;

/** As many contexts as there are VNIs in the largest clouds' regions; 3 MB when all are in use. */
const maxContexts = 65_536;
/** Unions are rare (at most one per pair of capture points or mirror ids); more would be an attack. */
const maxUnions = 4096;
const noIdentifier = -1;

/** Told when two spaces turned out to be one: flows of `from` are continued under `to`. */
export type UnitedListener = (from: number, to: number) => void;

/**
 * Interns (space around, kind, identifier) to a small integer, and unites spaces that are proven to be one (union-find).
 * `child` and `point` always give the canonical number, so packets of united spaces meet in one flow.
 *
 * Rules
 * - Different capture points are different spaces until something proves otherwise.
 * - `unite` (proof: one packet seen in both) refuses spaces whose explicit identifiers of one kind differ.
 * - `uniteDirections` (proof: one conversation, a direction in each) is for mirrors that number directions; see directions.ts.
 */
export class Contexts {
  readonly #parents: number[] = [];
  readonly #kinds: number[] = [];
  readonly #ids: number[] = [];
  /** Union-find: the space that this one is part of; itself when canonical. */
  readonly #roots: number[] = [];
  /** Explicit identifiers of a canonical space by kind, `kindCount` entries each; nested ones of one kind hashed together. */
  readonly #identifiers: number[] = [];
  /** Conversations were seen in both directions within the space. */
  readonly #complete: boolean[] = [];
  /** Text of a capture point, or of the ends of a tunnel. */
  readonly #labels: (string | undefined)[] = [];
  readonly #pointContexts: number[] = [];
  readonly #index = new ContextIndex();
  readonly #listener: UnitedListener;
  /** Texts by canonical context, kept until spaces unite or capture points come. */
  #texts: (string | null | undefined)[] = [];
  #points = 0;
  #unions = 0;
  /** Packets whose context no longer fitted. */
  overflows = 0;

  constructor(listener: UnitedListener = () => {}) {
    this.#listener = listener;
  }

  /** Contexts interned so far, united ones included. */
  get count(): number {
    return this.#kinds.length;
  }

  /** Canonical context of a capture point. @param index as in `PacketBatch.points` */
  point(index: number, point: CapturePoint): number {
    const known = this.#pointContexts[index];
    if (known !== undefined) return this.canonical(known);
    const context = this.#add(0, ContextKind.point, index);
    if (context < 0) return 0;
    this.#labels[context] = point.interfaceName === '' ? fileName(point.source) : point.interfaceName;
    this.#pointContexts[index] = context;
    this.#points++;
    this.#texts = [];
    return context;
  }

  /** Canonical context inside `parent`, made when it is new. @param id a signed 32-bit integer, shown unsigned */
  child(parent: number, kind: ContextKind, id: number): number {
    const found = this.#index.find(parent, kind, id, this.#parents, this.#kinds, this.#ids);
    if (found >= 0) return this.#roots[found] === found ? found : this.canonical(found);
    const context = this.#add(parent, kind, id);
    if (context < 0) {
      this.overflows++;
      return parent;
    }
    this.#index.insert(context, this.#parents, this.#kinds, this.#ids);
    return context;
  }

  /** Text of a context instead of its identifier. */
  setLabel(context: number, label: string): void {
    this.#labels[context] = label;
    this.#texts = [];
  }

  #add(parent: number, kind: number, id: number): number {
    const context = this.#kinds.length;
    if (context >= maxContexts) return -1;
    this.#parents.push(kind === ContextKind.point ? -1 : parent);
    this.#kinds.push(kind);
    this.#ids.push(id);
    this.#roots.push(context);
    this.#complete.push(false);
    this.#labels.push(undefined);
    for (let k = 0; k < kindCount; k++) {
      const around = kind === ContextKind.point ? noIdentifier : (this.#identifiers[parent * kindCount + k] ?? noIdentifier);
      this.#identifiers.push(k === kind && isExplicit(kind) ? nested(around, id) : around);
    }
    return context;
  }

  /** The space that `context` is part of. */
  canonical(context: number): number {
    let root = context;
    for (let up = this.#roots[root]; up !== undefined && up !== root; up = this.#roots[root]) root = up;
    for (let at = context; at !== root; ) {
      const up = this.#roots[at] ?? root;
      this.#roots[at] = root;
      at = up;
    }
    return root;
  }

  kind(context: number): number {
    return this.#kinds[context] ?? ContextKind.point;
  }

  /** Whether both could be one space: no explicit identifier of one kind differs. Takes canonical contexts. */
  compatible(a: number, b: number): boolean {
    for (let k = 1; k < kindCount; k++) {
      const ofA = this.#identifiers[a * kindCount + k] ?? noIdentifier;
      const ofB = this.#identifiers[b * kindCount + k] ?? noIdentifier;
      if (ofA !== ofB && ofA !== noIdentifier && ofB !== noIdentifier) return false;
    }
    return true;
  }

  /** Whether conversations were seen in both directions within the (canonical) space. */
  isComplete(context: number): boolean {
    return this.#complete[context] ?? false;
  }

  markComplete(context: number): void {
    this.#complete[context] = true;
  }

  /** Whether they differ in one step only: another identifier of one kind, or a VLAN tag that one of them lacks. */
  areSiblings(a: number, b: number): boolean {
    const stepsOfA = this.#steps(a);
    const stepsOfB = this.#steps(b);
    if (stepsOfA.length === stepsOfB.length) return this.#differInOneIdentifier(stepsOfA, stepsOfB);
    return stepsOfA.length > stepsOfB.length ? this.#hasOneTagMore(stepsOfA, stepsOfB) : this.#hasOneTagMore(stepsOfB, stepsOfA);
  }

  #differInOneIdentifier(a: readonly number[], b: readonly number[]): boolean {
    let differences = 0;
    for (let i = 0; i < a.length; i++) {
      if (this.#isSameStep(a[i] ?? -1, b[i] ?? -1)) continue;
      if (++differences > 1 || this.kind(a[i] ?? 0) !== this.kind(b[i] ?? 0)) return false;
    }
    return true;
  }

  #hasOneTagMore(longer: readonly number[], shorter: readonly number[]): boolean {
    if (longer.length !== shorter.length + 1) return false;
    let skipped = 0;
    for (let i = 0; i < longer.length; i++) {
      if (this.#isSameStep(longer[i] ?? -1, shorter[i - skipped] ?? -1)) continue;
      if (++skipped > 1 || !isTag(this.kind(longer[i] ?? 0))) return false;
    }
    return true;
  }

  /** From the capture point inwards. */
  #steps(context: number): readonly number[] {
    const steps: number[] = [];
    for (let at = context; at >= 0; at = this.#parents[at] ?? -1) steps.unshift(at);
    return steps;
  }

  #isSameStep(a: number, b: number): boolean {
    if (a < 0 || b < 0 || this.#kinds[a] !== this.#kinds[b]) return false;
    return this.#kinds[a] === ContextKind.point ? this.canonical(a) === this.canonical(b) : this.#ids[a] === this.#ids[b];
  }

  /** One packet was seen in both. @returns their common context, or -1 when they cannot be one */
  unite(a: number, b: number): number {
    const first = this.canonical(a);
    const second = this.canonical(b);
    if (first === second) return first;
    return this.compatible(first, second) ? this.#merge(first, second) : -1;
  }

  /**
   * One conversation has a direction in each. Spaces that hold whole conversations already are complete by themselves and stay
   * apart, unless they are VLANs and `isProven` by the conversation's sequence numbers. @returns as `unite`
   */
  uniteDirections(a: number, b: number, isProven: boolean): number {
    const first = this.canonical(a);
    const second = this.canonical(b);
    if (first === second) return first;
    if (!this.areSiblings(first, second)) return -1;
    const areRouted = isProven && this.kind(first) <= ContextKind.innerVlan && this.kind(second) <= ContextKind.innerVlan;
    if (!areRouted && (this.isComplete(first) || this.isComplete(second))) return -1;
    const root = this.#merge(first, second);
    if (root >= 0) this.#complete[root] = true;
    return root;
  }

  #merge(a: number, b: number): number {
    if (this.#unions >= maxUnions) return -1;
    this.#unions++;
    const to = Math.min(a, b);
    const from = Math.max(a, b);
    this.#roots[from] = to;
    this.#texts = [];
    if (this.#complete[from] === true) this.#complete[to] = true;
    for (let k = 1; k < kindCount; k++) {
      const at = to * kindCount + k;
      if (this.#identifiers[at] === noIdentifier) this.#identifiers[at] = this.#identifiers[from * kindCount + k] ?? noIdentifier;
    }
    this.#listener(from, to);
    this.#adoptChildren(from, to);
    return to;
  }

  /** Spaces inside united ones are one as well when they have the same identifier. */
  #adoptChildren(from: number, to: number): void {
    const known = this.#kinds.length;
    for (let context = 0; context < known; context++) {
      if (this.#parents[context] !== from) continue;
      this.#parents[context] = to;
      const twin = this.#index.find(to, this.#kinds[context] ?? 0, this.#ids[context] ?? 0, this.#parents, this.#kinds, this.#ids);
      if (twin < 0 || twin === context) this.#index.insert(context, this.#parents, this.#kinds, this.#ids);
      else if (this.canonical(twin) !== this.canonical(context)) this.#merge(this.canonical(twin), this.canonical(context));
    }
  }

  /**
   * For the `context` column: `vxlan:11`, `vlan:100`, `geneve:0/vxlan:7`, with the capture point first where there are several.
   * Undefined for the plain space of the only capture point. The most telling member names a united space.
   */
  text(context: number): string | undefined {
    const root = this.canonical(context);
    const known = this.#texts[root];
    if (known !== undefined) return known ?? undefined;
    const text = this.#unions === 0 ? this.#chain(root) : this.#longestChain(root);
    this.#texts[root] = text ?? null;
    return text;
  }

  #longestChain(root: number): string | undefined {
    let best: string | undefined;
    for (let member = root; member < this.#kinds.length; member++) {
      if (this.canonical(member) !== root) continue;
      const text = this.#chain(member);
      if (best === undefined || (text !== undefined && depth(text) > depth(best))) best = text;
    }
    return best;
  }

  #chain(context: number): string | undefined {
    const parts: string[] = [];
    for (let at = context; at >= 0; at = this.#parents[at] ?? -1) {
      const kind = this.#kinds[at] ?? 0;
      if (kind !== ContextKind.point) parts.unshift(`${kindNames[kind] ?? ''}:${this.#labels[at] ?? (this.#ids[at] ?? 0) >>> 0}`);
      else if (this.#points > 1) parts.unshift(this.#labels[at] ?? '');
    }
    return parts.length === 0 ? undefined : parts.join('/');
  }
}

const isTag = (kind: number): boolean => kind === ContextKind.vlan || kind === ContextKind.innerVlan;
const isExplicit = (kind: number): boolean => kind !== ContextKind.point && kind !== ContextKind.pair;
/** Identifier of a kind that occurs a second time further in. */
const nested = (around: number, id: number): number => (around === noIdentifier ? id >>> 0 : (Math.imul(around, 31) + id) & 0x7fffffff);
const depth = (text: string): number => text.split('/').length;
const fileName = (source: string): string => source.slice(source.lastIndexOf('/') + 1);

/** Open-addressed table from (parent, kind, id) to context: three integers a key, so no text and no boxed number is made per look-up. */
class ContextIndex {
  #slots = new Int32Array(256).fill(-1);
  #used = 0;

  find(parent: number, kind: number, id: number, parents: readonly number[], kinds: readonly number[], ids: readonly number[]): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(parent, kind, id) & mask; ; slot = (slot + 1) & mask) {
      const context = this.#slots[slot] ?? -1;
      if (context < 0) return -1;
      if (parents[context] === parent && ids[context] === id && kinds[context] === kind) return context;
    }
  }

  insert(context: number, parents: readonly number[], kinds: readonly number[], ids: readonly number[]): void {
    if (this.#used * 2 >= this.#slots.length) this.#grow(parents, kinds, ids);
    this.#place(context, parents, kinds, ids);
    this.#used++;
  }

  #place(context: number, parents: readonly number[], kinds: readonly number[], ids: readonly number[]): void {
    const mask = this.#slots.length - 1;
    let slot = hash(parents[context] ?? 0, kinds[context] ?? 0, ids[context] ?? 0) & mask;
    while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = context;
  }

  #grow(parents: readonly number[], kinds: readonly number[], ids: readonly number[]): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(-1);
    for (const context of old) if (context >= 0) this.#place(context, parents, kinds, ids);
  }
}

function hash(parent: number, kind: number, id: number): number {
  const mixed = Math.imul(parent ^ Math.imul(kind + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(id, 0xc2b2ae35);
  return mixed ^ (mixed >> 15);
}
