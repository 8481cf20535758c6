// Findings get names: whose their ends were at their time, with the network context and the hardware addresses of their flows.
import { Attributor } from '../attribute/attributor.ts';
import { DetectionView } from '../attribute/detection-view.ts';
import { exposureOf } from '../attribute/port-exposure.ts';
import { inAny, privateRanges, remembered } from '../base/address-class.ts';
import { type EpochMicros, formatInstant } from '../base/units.ts';
import type { Attribution, FindingAttribution } from '../model/attribution.ts';
import type { Finding } from '../model/finding.ts';
import type { CapturePoint } from '../model/packet-batch.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { ChosenInventory } from './inventory.ts';

/** Ends of flows whose hardware addresses are kept, and how many of one end. */
const maxEnds = 100_000;
const maxMacs = 4;
const addressMemory = 1 << 14;
/** Peers of one finding that are named. */
const maxPeers = 12;
/** From this confidence on a finding carries the name, where no other is as likely. */
const namedFrom = 0.5;

const macPattern = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;
const keyOf = (context: string | undefined, address: string): string => `${context ?? ''}|${address}`;

/** Remembers from which hardware addresses each address of ours sent, by context. Bounded. */
export class EndMacs implements RecordSink {
  readonly #macs = new Map<string, string[]>();
  readonly #isOurs: (address: string) => boolean;

  constructor(isOurs: (address: string) => boolean) {
    this.#isOurs = isOurs;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    if (name !== 'conn') return;
    const conn = row as unknown as RecordRow<'conn'>;
    if (conn.carrier === true) return;
    this.#note(conn.context, conn['id.orig_h'], conn.orig_l2_addr);
    this.#note(conn.context, conn['id.resp_h'], conn.resp_l2_addr);
  }

  /** First seen first. */
  of(context: string | undefined, address: string): readonly string[] {
    return this.#macs.get(keyOf(context, address)) ?? [];
  }

  #note(context: string | undefined, address: string, mac: string | undefined): void {
    if (mac === undefined || !this.#isOurs(address)) return;
    const key = keyOf(context, address);
    const macs = this.#macs.get(key);
    if (macs === undefined) {
      if (this.#macs.size < maxEnds) this.#macs.set(key, [mac]);
    } else if (macs.length < maxMacs && !macs.includes(mac)) macs.push(mac);
  }
}

interface Naming {
  readonly attributor: Attributor;
  readonly macs: EndMacs;
  readonly isOurs: (address: string) => boolean;
  /** The only capture point, where there is one: rows do not carry it then. */
  readonly capturePoint: string | undefined;
}

/** The one whom the answer names; undefined when it is open. */
function nameable({ verdict, candidates }: Attribution): Attribution['candidates'][number] | undefined {
  const [first, second] = candidates;
  if (first === undefined || verdict === 'ambiguous' || first.confidence < namedFrom) return undefined;
  return second !== undefined && second.confidence * 2 > first.confidence ? undefined : first;
}

function ask(
  { attributor, macs, capturePoint }: Naming,
  address: string,
  context: string | undefined,
  at: EpochMicros,
  more: { mac?: string; port?: number },
): Attribution {
  const place = { at, ...(context !== undefined && { context }), ...(capturePoint !== undefined && { capturePoint }) };
  if (macPattern.test(address)) return attributor.attribute({ ...place, mac: address });
  const seen = more.mac === undefined ? macs.of(context, address) : [more.mac];
  // A router's hardware address says less than a machine's.
  const mac = seen.find((one) => attributor.machinePort(one, context, at) !== undefined) ?? seen[0];
  return attributor.attribute({
    ...place,
    address,
    ...(mac !== undefined && { mac }),
    ...(more.port !== undefined && { port: more.port }),
  });
}

function withChange(naming: Naming, finding: Finding, first: Attribution, mac: { mac?: string }): Attribution {
  const { subject, lastSeen } = finding;
  if (finding.lastSeen <= finding.firstSeen) return first;
  const last = ask(naming, subject.address, subject.context, lastSeen, mac);
  const [before] = first.candidates;
  const [after] = last.candidates;
  if (before?.id === after?.id) return first;
  const caveat = `at the end of the finding ${after === undefined ? 'nobody held it' : `${after.kind} ${after.name} held it`}`;
  return { ...first, caveats: [...first.caveats, caveat] };
}

/** The finding with names and the reasons for them, as of when it began. */
function nameFinding(finding: Finding, naming: Naming): Finding {
  const { subject, peers, firstSeen: at, evidence } = finding;
  const hardware = evidence['hardwareAddress'];
  const mac = typeof hardware === 'string' && macPattern.test(hardware) ? { mac: hardware } : {};
  const first = ask(naming, subject.address, subject.context, at, mac);
  const named = nameable(first);
  const ours = peers.filter(({ address }) => naming.isOurs(address)).slice(0, maxPeers);
  const attribution: FindingAttribution = {
    at,
    subject: withChange(naming, finding, first, mac),
    peers: ours.map(({ address, port }) => {
      const answer = ask(naming, address, subject.context, at, {});
      const holder = nameable(answer);
      const portId = holder?.kind === 'machine' ? holder.portId : undefined;
      const remote = naming.isOurs(subject.address) ? {} : { remote: subject.address };
      const exposure =
        portId === undefined || port === undefined ? undefined : exposureOf(naming.attributor.asOf, { portId, at, port, ...remote });
      return { address, ...(port !== undefined && { port }), attribution: answer, ...(exposure !== undefined && { exposure }) };
    }),
  };
  return {
    ...finding,
    subject: {
      ...subject,
      ...(named?.kind === 'machine' && { machine: named.name }),
      ...(named?.projectName !== undefined && { project: named.projectName }),
    },
    attribution,
  };
}

/** The inventory of one run. */
export interface InventoryUsed {
  readonly cloud: string;
  /** ISO 8601; null for what counts for all times. */
  readonly lastReadAt: string | null;
  readonly notes: readonly string[];
}

/** What an analysis does with an inventory; without one, nothing. */
export class FindingNames {
  readonly #chosen: ChosenInventory | undefined;
  readonly #attributor: Attributor | undefined;
  readonly #macs: EndMacs;
  readonly forDetection: { readonly inventory?: DetectionView };
  readonly sink: RecordSink | undefined;

  constructor(chosen: ChosenInventory | undefined) {
    this.#chosen = chosen;
    this.#attributor = chosen && new Attributor(chosen.history);
    const inventory = this.#attributor && new DetectionView(this.#attributor);
    this.forDetection = inventory === undefined ? {} : { inventory };
    const isPrivate = remembered(addressMemory, (words) => inAny(privateRanges, words));
    this.#macs = new EndMacs((address) => isPrivate(address) || inventory?.owns(address) === true);
    this.sink = inventory && this.#macs;
  }

  /** Whether the inventory has the address; undefined without an inventory. */
  get owns(): ((address: string) => boolean) | undefined {
    const { inventory } = this.forDetection;
    return inventory && ((address) => inventory.owns(address));
  }

  /** Names all findings. @param points capture points of the packets that were read */
  name(findings: readonly Finding[], isOurs: (address: string) => boolean, points: readonly CapturePoint[] = []): readonly Finding[] {
    const attributor = this.#attributor;
    if (attributor === undefined) return findings;
    const [point, ...others] = points;
    const capturePoint = point !== undefined && others.length === 0 ? `${point.source}/${point.interfaceName}` : undefined;
    return findings.map((finding) => nameFinding(finding, { attributor, macs: this.#macs, isOurs, capturePoint }));
  }

  /** For run.json and the report. */
  get used(): { readonly inventory?: InventoryUsed } {
    if (this.#chosen === undefined) return {};
    const { history, notes } = this.#chosen;
    const { cloud, lastReadAt, timeless } = history;
    return { inventory: { cloud, lastReadAt: timeless || lastReadAt === undefined ? null : formatInstant(lastReadAt), notes } };
  }
}
