// The job of `vedette packets`: the packets of a finding, of a connection or of a filter, cut out of captures into a pcapng file.
import { VedetteError } from '../base/errors.ts';
import type { PacketSource } from '../capture/packet-source.ts';
import type { PacketWriter } from '../capture/packet-writer.ts';
import { PacketWalk } from '../engine/packet-walk.ts';
import type { Packet } from '../engine/wire/packet.ts';
import type { CapturePoint, PacketBatch } from '../model/packet-batch.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { RecordLookup } from '../store/record-lookup.ts';
import { FilterError, type PacketTest, parsePacketFilter } from './packet-filter.ts';
import { PacketPicker, type WantedConnection, wantedOf } from './packet-picker.ts';
import { untilInterrupted } from './until-interrupted.ts';

export interface PacketsRequest {
  readonly inputs: readonly string[];
  /** Connections to cut: those of a finding, or one by its uid; `directory` is an output directory of analyze, or of Zeek. */
  readonly connections?: { readonly finding?: string; readonly uids?: readonly string[]; readonly directory: string };
  /** A filter; with `connections`, both must hold. */
  readonly filter?: string;
  /** Comment of the file and its packets in place of one made from the request. */
  readonly comment?: string;
  readonly out: string;
  readonly force: boolean;
  readonly vxlanPorts?: readonly number[];
  readonly genevePorts?: readonly number[];
  readonly signal?: AbortSignal;
}

export interface PacketsResult {
  readonly packets: number;
  /** Packets looked at. */
  readonly read: number;
  readonly out: string;
  readonly partial: boolean;
}

/** What the job needs of the outside. */
export interface PacketsDependencies {
  readonly version: string;
  openCaptures(paths: readonly string[]): Promise<PacketSource>;
  createWriter(
    path: string,
    options: {
      readonly replace: boolean;
      /** Files that are read: these are never replaced. */
      readonly inputs: readonly string[];
      readonly comment: string;
      readonly application: string;
    },
  ): Promise<PacketWriter>;
  readonly lookUpRecords: RecordLookup;
  /** Title and uids of a finding of an output directory; undefined when there is none of that id. */
  readFinding(directory: string, id: string): Promise<{ readonly title: string; readonly records: readonly string[] } | undefined>;
}

/** Connections to cut and what to say of them. */
interface Choice {
  readonly wanted: readonly WantedConnection[] | undefined;
  readonly test: PacketTest | undefined;
  /** Comment of the file and, with the uid, of each packet. */
  readonly comment: string;
}

async function choose({ connections, filter }: PacketsRequest, { lookUpRecords, readFinding }: PacketsDependencies): Promise<Choice> {
  const test = filter === undefined ? undefined : testOf(filter);
  const filterText = filter === undefined ? [] : [`filter ${filter}`];
  if (connections === undefined) return { wanted: undefined, test, comment: filterText.join('') };
  const { finding: id, directory } = connections;
  const finding = id === undefined ? undefined : await readFinding(directory, id);
  if (id !== undefined && finding === undefined) throw new VedetteError('finding-unknown', { id, path: directory });
  const uids = new Set([...(finding?.records ?? []), ...(connections.uids ?? [])]);
  const wanted: WantedConnection[] = [];
  const sink: RecordSink = {
    emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
      const connection = name === 'conn' ? wantedOf(row as Readonly<Record<string, unknown>>) : undefined;
      if (connection !== undefined) wanted.push(connection);
    },
  };
  await lookUpRecords(directory, uids, sink);
  if (wanted.length === 0) throw new VedetteError('connection-unknown', { uid: id ?? [...uids].join(', '), path: directory });
  const what = id === undefined ? `uid ${[...uids].join(' ')}` : `finding ${id}: ${finding?.title ?? ''}`;
  return { wanted, test, comment: [what, ...filterText].join('; ') };
}

function testOf(filter: string): PacketTest {
  try {
    return parsePacketFilter(filter);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new VedetteError(
      'usage',
      { problem: `cannot read the filter: ${error.message}`, advice: 'see vedette packets --help' },
      { cause: error },
    );
  }
}

/** Frames of the current batch that were chosen, with the uids of the connections in them. */
type Chosen = Map<number, Set<string>>;

/** Finds the chosen frames of batches. */
class Sieve {
  readonly #walk: PacketWalk;
  readonly #picker: PacketPicker | undefined;
  readonly #test: PacketTest | undefined;
  readonly #contextOf = (packet: Packet): string | undefined => this.#walk.contextOf(packet);

  constructor({ wanted, test }: Choice, { vxlanPorts, genevePorts }: PacketsRequest) {
    this.#walk = new PacketWalk({ ...(vxlanPorts && { vxlanPorts }), ...(genevePorts && { genevePorts }) });
    this.#picker = wanted === undefined ? undefined : new PacketPicker(wanted, this.#contextOf);
    this.#test = test;
  }

  onBatch(batch: PacketBatch, points: readonly CapturePoint[]): Chosen {
    const chosen: Chosen = new Map();
    this.#walk.onBatch(batch, points, (packet, index) => {
      if (this.#test !== undefined && !this.#test(packet, this.#contextOf)) return;
      const connection = this.#picker?.pick(packet);
      if (this.#picker !== undefined && connection === undefined) return;
      const uids = chosen.get(index) ?? new Set<string>();
      if (connection !== undefined) uids.add(connection.uid);
      chosen.set(index, uids);
    });
    return chosen;
  }
}

/** Writes chosen frames, each of the interface that it came from. */
class Output {
  readonly #writer: PacketWriter;
  readonly #comment: string;
  readonly #interfaces = new Map<number, number>();

  constructor(writer: PacketWriter, comment: string) {
    this.#writer = writer;
    this.#comment = comment;
  }

  async write(batch: PacketBatch, points: readonly CapturePoint[], chosen: Chosen): Promise<void> {
    for (const [index, uids] of chosen) {
      const point = batch.points[index] ?? 0;
      await this.#writer.write({
        interfaceIndex: this.#interfaceOf(point, points),
        time: batch.times[index] ?? 0,
        bytes: batch.bytes.u8,
        start: batch.starts[index] ?? 0,
        captured: batch.captured[index] ?? 0,
        wire: batch.wire[index] ?? 0,
        comments: [
          `${this.#comment}${uids.size > 0 ? `; uid ${[...uids].join(' ')}` : ''}; packet ${batch.numbers[index] ?? 0} of ${points[point]?.source ?? ''}`,
        ],
      });
    }
  }

  #interfaceOf(point: number, points: readonly CapturePoint[]): number {
    const known = this.#interfaces.get(point);
    if (known !== undefined) return known;
    const { linkType = 1, snapLength = 0, interfaceName = '', source = '' } = points[point] ?? {};
    const made = this.#writer.addInterface({
      linkType,
      snapLength,
      ...(interfaceName !== '' && { name: interfaceName }),
      description: source,
    });
    this.#interfaces.set(point, made);
    return made;
  }
}

/**
 * Cuts packets. Without a single match no file is left.
 * @throws {VedetteError} for what cannot be read or written, for unknown findings and connections, and when nothing matches
 */
export async function cutPackets(request: PacketsRequest, dependencies: PacketsDependencies): Promise<PacketsResult> {
  const chosen = await choose(request, dependencies);
  const choice = { ...chosen, comment: request.comment ?? chosen.comment };
  const source = await dependencies.openCaptures(request.inputs);
  const application = `vedette ${dependencies.version}`;
  const isAborted = (): boolean => request.signal?.aborted === true;
  const writer = await dependencies
    .createWriter(request.out, {
      ...{ replace: request.force, comment: choice.comment, application },
      inputs: source.summaries().map((input) => input.source),
    })
    .catch(async (error: unknown) => {
      await source.close();
      throw error;
    });
  const sieve = new Sieve(choice, request);
  const output = new Output(writer, choice.comment);
  let read = 0;
  try {
    const next = untilInterrupted(source, request.signal);
    for (let batch = await next(); batch !== null; batch = await next()) {
      read += batch.count;
      await output.write(batch, source.points, sieve.onBatch(batch, source.points));
    }
    if (writer.packets === 0 && !isAborted())
      throw new VedetteError('packets-none', { path: request.inputs.join(', '), what: choice.comment });
    await writer.close();
    return { packets: writer.packets, read, out: request.out, partial: isAborted() };
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    await source.close();
  }
}
