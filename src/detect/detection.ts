// Feeds records to detectors, completes what they raise, and keeps the newest state of every finding.
import { inAny, isMulticastWords, isPublicWords, privateRanges, remembered } from '../base/address-class.ts';
import { type AddressWords, type Cidr, inCidr, parseAddress } from '../base/ip.ts';
import { hashText } from '../base/text-hash.ts';
import type { Finding, FindingDraft } from '../model/finding.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { DetectionHost, DetectionInventory, Detector, Handlers, Visibility } from './detector.ts';
import { EndBook, type EndClass } from './ends/end-book.ts';
import { RowEnds } from './ends/row-ends.ts';
import { KeptFindings } from './kept-findings.ts';
import { BoundedMap } from './stats/bounded-map.ts';
import { type Forgetting, hour, RecordClock } from './stats/record-clock.ts';

const maxListed = 100;
const addressMemory = 1 << 13;

export interface DetectionOptions {
  readonly detectors: readonly Detector[];
  /** Ranges that are ours besides the private ones. */
  readonly local?: readonly Cidr[];
  /** Ends that the operator vouches for. */
  readonly known?: readonly { readonly label: string; readonly range: Cidr }[];
  /** Changed thresholds: detector id → tunable → value. */
  readonly tune?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Tells whose addresses are, as of a time. */
  readonly inventory?: DetectionInventory;
  /** Called when a finding is new (live alerts). */
  readonly onNew?: (finding: Finding) => void;
}

type AnyHandler = (row: RecordRow<RecordName>, ends: RowEnds) => void;

/** Who reads a log, and how many rows of it came. */
interface Log {
  readonly handlers: AnyHandler[];
  rows: number;
}

const noClass: EndClass = { isOurs: false, isPublic: false, isMulticast: false };

/** A running set of detectors. Give it every record, then `finish`; `findings` is sorted and deterministic. */
export class Detection implements RecordSink {
  readonly #findings = new KeptFindings();
  /** The newest finding under an identifier that an earlier one has. */
  readonly #newest = new Map<string, string>();
  readonly #logs = new Map<RecordName, Log>();
  readonly #running: { readonly detector: Detector; readonly handlers: Handlers<RecordName> }[] = [];
  readonly #onNew: ((finding: Finding) => void) | undefined;
  readonly #clock = new RecordClock();
  #book: EndBook;
  readonly #textMaps: BoundedMap<string, unknown>[] = [];
  #ends: RowEnds;
  /** Before the end. */
  #evicted = 0;
  readonly #span = { firstAt: 0, lastAt: 0 };

  constructor(options: DetectionOptions) {
    this.#onNew = options.onNew;
    const { local = [], inventory } = options;
    const isOurs = (words: AddressWords): boolean => inAny(privateRanges, words) || inAny(local, words);
    this.#book = new EndBook((address) => {
      const words = parseAddress(address);
      if (words === undefined) return noClass;
      const isHeld = isOurs(words) || inventory?.owns(address) === true;
      return { isOurs: isHeld, isPublic: isPublicWords(words), isMulticast: isMulticastWords(words) };
    }, this.#clock);
    this.#ends = new RowEnds(this.#book);
    const hostOf = this.#hostFactory(options, isOurs);
    for (const detector of options.detectors) {
      const tune = Object.fromEntries(Object.entries(detector.tunables).map(([name, tunable]) => [name, tunable.default]));
      const handlers = detector.start({ ...tune, ...options.tune?.[detector.id] }, hostOf(detector));
      this.#running.push({ detector, handlers });
      for (const name of detector.reads) this.#log(name).handlers.push(handlers[name] as AnyHandler);
    }
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    const log = this.#log(name);
    log.rows++;
    const ts = row.ts as number;
    if (this.#span.firstAt === 0 || ts < this.#span.firstAt) this.#span.firstAt = ts;
    if (ts > this.#span.lastAt) this.#span.lastAt = ts;
    if (this.#clock.move(ts)) this.#forgetOld();
    if (log.handlers.length === 0) return;
    this.#ends.begin(row);
    for (const handle of log.handlers) handle(row as RecordRow<RecordName>, this.#ends);
  }

  #log(name: RecordName): Log {
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const log: Log = { handlers: [], rows: 0 };
    this.#logs.set(name, log);
    return log;
  }

  /** End of input: detectors raise what is pending. Detectors that join findings come last in the list. */
  finish(): void {
    for (const { handlers } of this.#running) handlers.finish?.();
    this.#release();
  }

  /** Nothing comes any more: only findings stay, so that there is room for a report. */
  #release(): void {
    this.#evicted = this.evicted;
    this.#running.length = 0;
    for (const { handlers } of this.#logs.values()) handlers.length = 0;
    this.#textMaps.length = 0;
    this.#book = new EndBook(() => noClass);
    this.#ends = new RowEnds(this.#book);
  }

  /** What was in view. */
  get visibility(): Visibility {
    const rows: Partial<Record<RecordName, number>> = {};
    for (const [name, log] of this.#logs) if (log.rows > 0) rows[name] = log.rows;
    return { rows, ...this.#span };
  }

  /** Gravest first, then by time, detector and id. */
  findings(): readonly Finding[] {
    return this.#findings.sorted();
  }

  /** Findings that did not fit into the bound. */
  get dropped(): number {
    return this.#findings.dropped;
  }

  /** Ends, pairs and names that detectors let go for want of room, not because they were old. */
  get evicted(): number {
    return this.#textMaps.reduce((sum, { evicted }) => sum + evicted, this.#evicted + this.#book.evicted);
  }

  /** What can no longer lead to a finding goes; detectors have their last word about it. */
  #forgetOld(): void {
    this.#book.forgetOld();
    for (const map of this.#textMaps) map.forgetOld();
  }

  #hostFactory(
    { known = [], inventory }: DetectionOptions,
    isOursWords: (words: AddressWords) => boolean,
  ): (detector: Detector) => DetectionHost {
    const isInRanges = remembered(addressMemory, isOursWords);
    const isOurs = inventory === undefined ? isInRanges : (address: string): boolean => isInRanges(address) || inventory.owns(address);
    const isPublic = remembered(addressMemory, isPublicWords);
    const isMulticast = remembered(addressMemory, isMulticastWords);
    const knownAs = (address: string): string | undefined => {
      const words = known.length === 0 ? undefined : parseAddress(address);
      return words && known.find(({ range }) => inCidr(range, ...words))?.label;
    };
    const detection = this;
    return (detector) => ({
      isOurs,
      isPublic,
      isMulticast,
      knownAs,
      newEndsMap: (capacity, forgetting) => this.#book.newMap(capacity, forgetting),
      newTextMap: (capacity, forgetting) => this.#newTextMap(capacity, forgetting),
      finding: (detector, id) => this.#findings.get(detector, id),
      endOf: (address, context) => this.#book.numberOf(address, context),
      inventory,
      get visibility() {
        return detection.visibility;
      },
      raise: (draft) => this.#raise(detector, draft),
    });
  }

  #newTextMap<V>(capacity: number, forgetting: Forgetting<V>): BoundedMap<string, V> {
    const map = new BoundedMap<string, V>(capacity, forgetting, this.#clock);
    this.#textMaps.push(map as BoundedMap<string, unknown>);
    return map;
  }

  #raise(detector: Detector, draft: FindingDraft): void {
    const { key, title, attack, benign = [], blindSpots = [], peers, records, ...rest } = draft;
    const id = this.#idOf(`${rest.subject.context ?? ''}|${rest.subject.address}|${key}`, detector, rest);
    const finding: Finding = {
      schema: 1,
      id,
      detector: detector.id,
      title: title ?? detector.title,
      ...rest,
      peers: peers.slice(0, maxListed),
      attack: attack ?? detector.attack,
      benign: benign.length === 0 ? detector.benign : [...detector.benign, ...benign],
      blindSpots: blindSpots.length === 0 ? detector.misses : [...detector.misses, ...blindSpots],
      records: records.slice(0, maxListed),
    };
    const isNew = this.#findings.put(finding);
    if (isNew === undefined) return;
    if (isNew) this.#onNew?.(finding);
    for (const { detector: other, handlers } of this.#running) if (other !== detector) handlers.finding?.(finding);
  }

  /** What begins long after the finding under its key had ended is another one: the detector had forgotten the earlier. */
  #idOf(key: string, { id: detector }: Detector, { firstSeen }: { readonly firstSeen: number }): string {
    const first = idOf(detector, key);
    const newest = this.#newest.get(first) ?? first;
    if (firstSeen - (this.#findings.lastSeen(detector, newest) ?? Number.POSITIVE_INFINITY) <= hour * 1e6) return newest;
    const another = idOf(detector, `${key}|${firstSeen}`);
    this.#newest.set(first, another);
    return another;
  }
}

const idOf = (detector: string, key: string): string => `${detector}-${hashText(key).toString(16).padStart(14, '0')}`;
