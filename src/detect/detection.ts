// Feeds records to detectors, completes what they raise, and keeps the newest state of every finding.
import { inAny, isMulticastWords, isPublicWords, privateRanges, remembered } from '../base/address-class.ts';
import { type Cidr, inCidr, parseAddress } from '../base/ip.ts';
import { hashText } from '../base/text-hash.ts';
import { type Finding, type FindingDraft, severities } from '../model/finding.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { DetectionHost, DetectionInventory, Detector, Handlers, Visibility } from './detector.ts';

/** Most findings kept at once; what is raised beyond is counted, never silently lost. */
const maxFindings = 20_000;
const maxListed = 100;
const addressMemory = 1 << 16;

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

type AnyHandler = (row: RecordRow<RecordName>) => void;

/** A running set of detectors. Give it every record, then `finish`; `findings` is sorted and deterministic. */
export class Detection implements RecordSink {
  readonly #findings = new Map<string, Finding>();
  readonly #handlers = new Map<RecordName, AnyHandler[]>();
  readonly #running: { readonly detector: Detector; readonly handlers: Handlers<RecordName> }[] = [];
  readonly #onNew: ((finding: Finding) => void) | undefined;
  readonly #rows: Partial<Record<RecordName, number>> = {};
  readonly #span = { firstAt: 0, lastAt: 0 };
  /** Findings that did not fit into the bound. */
  dropped = 0;

  constructor(options: DetectionOptions) {
    this.#onNew = options.onNew;
    const hostOf = this.#hostFactory(options);
    for (const detector of options.detectors) {
      const tune = Object.fromEntries(Object.entries(detector.tunables).map(([name, tunable]) => [name, tunable.default]));
      const handlers = detector.start({ ...tune, ...options.tune?.[detector.id] }, hostOf(detector));
      this.#running.push({ detector, handlers });
      for (const name of detector.reads) {
        const list = this.#handlers.get(name) ?? [];
        list.push(handlers[name] as AnyHandler);
        this.#handlers.set(name, list);
      }
    }
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#rows[name] = (this.#rows[name] ?? 0) + 1;
    const ts = row.ts as number;
    if (this.#span.firstAt === 0 || ts < this.#span.firstAt) this.#span.firstAt = ts;
    if (ts > this.#span.lastAt) this.#span.lastAt = ts;
    const handlers = this.#handlers.get(name);
    if (handlers === undefined) return;
    for (const handle of handlers) handle(row as RecordRow<RecordName>);
  }

  /** End of input: detectors raise what is pending. Detectors that join findings come last in the list. */
  finish(): void {
    for (const { handlers } of this.#running) handlers.finish?.();
  }

  /** What was in view. */
  get visibility(): Visibility {
    return { rows: this.#rows, ...this.#span };
  }

  /** Gravest first, then by time, detector and id. */
  findings(): readonly Finding[] {
    return [...this.#findings.values()].sort(
      (a, b) =>
        severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
        a.firstSeen - b.firstSeen ||
        (a.detector < b.detector ? -1 : a.detector > b.detector ? 1 : a.id < b.id ? -1 : 1),
    );
  }

  #hostFactory({ local = [], known = [], inventory }: DetectionOptions): (detector: Detector) => DetectionHost {
    const isInRanges = remembered(addressMemory, (words) => inAny(privateRanges, words) || inAny(local, words));
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
      inventory,
      get visibility() {
        return detection.visibility;
      },
      raise: (draft) => this.#raise(detector, draft),
    });
  }

  #raise(detector: Detector, draft: FindingDraft): void {
    const { key, title, attack, benign = [], blindSpots = [], peers, records, ...rest } = draft;
    const id = `${detector.id}-${hashText(`${rest.subject.context ?? ''}|${rest.subject.address}|${key}`)
      .toString(16)
      .padStart(14, '0')}`;
    const isNew = !this.#findings.has(id);
    if (isNew && this.#findings.size >= maxFindings) {
      this.dropped++;
      return;
    }
    const finding: Finding = {
      schema: 1,
      id,
      detector: detector.id,
      title: title ?? detector.title,
      ...rest,
      peers: peers.slice(0, maxListed),
      attack: attack ?? detector.attack,
      benign: [...detector.benign, ...benign],
      blindSpots: [...detector.misses, ...blindSpots],
      records: records.slice(0, maxListed),
    };
    this.#findings.set(id, finding);
    if (isNew) this.#onNew?.(finding);
    for (const { detector: other, handlers } of this.#running) if (other !== detector) handlers.finding?.(finding);
  }
}
