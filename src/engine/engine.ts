// Packets in, records out: the loop that joins decoder, flow table and analyzers. No clock, no I/O; several engines may run
// side by side, each with its share of the flows.
import type { Cidr } from '../base/ip.ts';
import { type EpochMicros, epochMicros } from '../base/units.ts';
import type { CapturePoint, PacketBatch } from '../model/packet-batch.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import type { Analyzer, AnalyzerHost } from './analyzers/analyzer.ts';
import { analyzers as allAnalyzers } from './analyzers/index.ts';
import { Files } from './files/files.ts';
import { AnalyzerBook } from './flow/analyzer-book.ts';
import { Carrier } from './flow/carrier-view.ts';
import { type FlowCounters, FlowTable } from './flow/flow-table.ts';
import { LocalNets } from './flow/local-nets.ts';
import { Weirds } from './flow/weirds.ts';
import type { Platform } from './platform.ts';
import { Decoder } from './wire/decoder.ts';
import type { Packet } from './wire/packet.ts';
import type { WireCounters } from './wire/report.ts';

export interface EngineOptions {
  /** Ranges that are local beside the private and special-use ones. */
  readonly local?: readonly Cidr[];
  /** Most connections at once. Default 1 000 000. */
  readonly maxConnections?: number;
  /** Most bytes kept above holes of TCP streams. Default 64 MiB. */
  readonly maxHeldBytes?: number;
  /** UDP ports of VXLAN. Default 4789. */
  readonly vxlanPorts?: readonly number[];
  /** UDP ports of Geneve. Default 6081. */
  readonly genevePorts?: readonly number[];
  /** Of hashes and identifiers; the same seed gives the same identifiers. Default 0. */
  readonly seed?: number;
  /** Default: all. */
  readonly analyzers?: readonly Analyzer[];
  /** Hashes of every file without holes, see files/hash-choice.ts. Default true. */
  readonly hashes?: boolean;
}

export interface EngineCounters {
  readonly wire: Readonly<WireCounters>;
  readonly flow: Readonly<FlowCounters>;
  /** Oddities by name. */
  readonly weirds: ReadonlyMap<string, number>;
  /** Bytes above holes that were not kept because there were too many. */
  readonly heldBytesDropped: number;
  readonly expectationsDropped: number;
}

/** Nothing is due. */
const noTime = Number.POSITIVE_INFINITY;

class Host implements AnalyzerHost {
  readonly #sink: RecordSink;
  /** Earliest time that some analyzer asked for. */
  #next = noTime;
  readonly #wakes: { analyzer: Analyzer | null; at: number }[] = [];

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  get next(): number {
    return this.#next;
  }

  /** The engine's own analyzers; each gets a host that knows who asks. */
  own(analyzer: Analyzer): Analyzer {
    if (analyzer.instance === undefined) return analyzer;
    const wake: { analyzer: Analyzer | null; at: number } = { analyzer: null, at: noTime };
    this.#wakes.push(wake);
    const host: AnalyzerHost = {
      emit: (name, row) => this.#sink.emit(name, row),
      wake: (at) => {
        if (at >= wake.at) return;
        wake.at = at;
        if (at < this.#next) this.#next = at;
      },
    };
    wake.analyzer = analyzer.instance(host);
    return wake.analyzer;
  }

  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    this.#sink.emit(name, row);
  }

  wake(): void {}

  /** Calls those whose time has come. */
  run(now: number): void {
    this.#next = noTime;
    for (const wake of this.#wakes) {
      if (wake.at <= now) {
        wake.at = noTime;
        wake.analyzer?.onTime?.(epochMicros(now));
      }
      if (wake.at < this.#next) this.#next = wake.at;
    }
  }
}

export class Engine {
  readonly #sink: RecordSink;
  readonly #decoder: Decoder;
  readonly #table: FlowTable;
  readonly #weirds: Weirds;
  readonly #files: Files;
  readonly #host: Host;
  readonly #analyzers: readonly Analyzer[];
  readonly #carrier: Carrier;
  #hasStarted = false;
  #isFinished = false;

  constructor(options: EngineOptions, platform: Platform, sink: RecordSink) {
    this.#sink = sink;
    this.#weirds = new Weirds(sink);
    this.#host = new Host(sink);
    this.#analyzers = (options.analyzers ?? allAnalyzers).map((analyzer) => this.#host.own(analyzer));
    this.#files = new Files({
      platform,
      emit: (row) => sink.emit('files', row),
      emitOcsp: (row) => sink.emit('ocsp', row),
      hashes: options.hashes ?? true,
    });
    this.#decoder = new Decoder({
      events: { weird: (name, addl, source, packet, addressed) => this.#wireWeird(name, addl, source, packet, addressed) },
      sink,
      onUnited: (from, to) => this.#table.unite(from, to),
      ...(options.vxlanPorts === undefined ? {} : { vxlanPorts: options.vxlanPorts }),
      ...(options.genevePorts === undefined ? {} : { genevePorts: options.genevePorts }),
    });
    this.#table = new FlowTable({
      platform,
      sink,
      weirds: this.#weirds,
      tcp: new AnalyzerBook(this.#analyzers, 'tcp'),
      udp: new AnalyzerBook(this.#analyzers, 'udp'),
      nets: new LocalNets(options.local ?? []),
      maxConnections: options.maxConnections ?? 1_000_000,
      maxHeldBytes: options.maxHeldBytes ?? 1 << 26,
      seed: options.seed ?? 0,
      openFile: (flow, fileOptions) => this.#files.open(flow, fileOptions),
      contextText: (context) => this.#decoder.contexts.text(context),
      onCarrierEnd: (uid, at) => this.#decoder.tunnels.close(uid, at),
    });
    this.#carrier = new Carrier(this.#table);
  }

  get counters(): EngineCounters {
    return {
      wire: this.#decoder.report.counters,
      flow: this.#table.counters,
      weirds: this.#weirds.counts,
      heldBytesDropped: this.#table.held.dropped,
      expectationsDropped: this.#table.expectationsDropped,
    };
  }

  /** What analyzers threw, the first ten: bugs of ours. */
  get failures(): readonly { readonly analyzer: string; readonly error: unknown }[] {
    return this.#table.failures;
  }

  /** Latest time of a packet. */
  get now(): EpochMicros {
    return epochMicros(this.#table.now);
  }

  /** Takes packets in the order of the capture; `points` as in `PacketSource`. */
  onBatch(batch: PacketBatch, points: readonly CapturePoint[]): void {
    const decoder = this.#decoder;
    const table = this.#table;
    for (let i = 0; i < batch.count; i++) {
      const point = points[batch.points[i] ?? 0];
      if (point === undefined) continue;
      const at = batch.times[i] ?? 0;
      if (!this.#hasStarted) this.#start(at);
      table.advance(at);
      if (table.now >= this.#host.next) this.#host.run(table.now);
      for (let more = decoder.decode(batch, i, point); more; ) {
        const connection = table.take(decoder.packet);
        more = decoder.next(this.#carrier.of(connection), table.fromClient);
      }
      if (decoder.wasDuplicate) table.noteDuplicate(decoder.packet);
    }
  }

  /** Lets time pass without packets, for a quiet live capture: ends what is over. */
  passTime(at: EpochMicros): void {
    this.#table.advance(at);
    if (this.#table.now >= this.#host.next) this.#host.run(this.#table.now);
  }

  /** The capture is over: writes what is open. Call once, at the end. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#decoder.finish();
    this.#table.finish();
    this.#files.close(this.now);
    for (const analyzer of this.#analyzers) analyzer.onFinish?.(this.now);
  }

  #start(at: number): void {
    this.#hasStarted = true;
    this.#sink.emit('packet_filter', {
      ts: epochMicros(at),
      node: 'vedette',
      filter: 'ip or not ip',
      init: true,
      success: true,
      failure_reason: undefined,
    });
  }

  #wireWeird(name: string, addl: string | undefined, source: string | undefined, packet: Packet, addressed: boolean): void {
    if (addressed) this.#table.weirdPacket(packet, name, source, addl);
    else this.#weirds.raise(this.#table.now, packet.tunnelDepth > 0 ? `${name}_in_tunnel` : name, undefined, source, addl);
  }
}
