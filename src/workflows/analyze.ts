// The main job: captures or Zeek logs → records → findings → logs, report and summary.

import { type Cidr, formatCidr } from '../base/ip.ts';
import { epochMicros, formatInstant } from '../base/units.ts';
import type { CaptureSummary, PacketSource } from '../capture/packet-source.ts';
import { Detection } from '../detect/detection.ts';
import { detectors } from '../detect/detectors/index.ts';
import { Engine } from '../engine/engine.ts';
import type { Platform } from '../engine/platform.ts';
import { type Finding, findingJson } from '../model/finding.ts';
import type { RecordName, RecordRow, RecordSink } from '../model/records/index.ts';
import { Observer } from '../report/observe/observer.ts';
import { type SummaryLine, summaryLines } from '../report/summary.ts';
import type { OutputDirectory, RecordLogs } from '../store/output-directory.ts';
import type { RecordLookup } from '../store/record-lookup.ts';
import type { RecordLogSummary, RecordSource } from '../store/record-source.ts';
import { FindingNames, type InventoryUsed } from './attribute-findings.ts';
import type { ChosenInventory, InventoryChoice } from './inventory.ts';
import { readPackets, readRecords } from './read-inputs.ts';
import { inputFacts, writeReport } from './write-report.ts';

export type { SummaryLine } from '../report/summary.ts';

export interface AnalyzeRequest {
  /** Captures, Zeek logs, directories of either, or `-` for a capture on standard input. */
  readonly inputs: readonly string[];
  /** Where to write; nothing is written without. */
  readonly outDirectory?: string;
  readonly force: boolean;
  readonly format: 'tsv' | 'json';
  readonly local: readonly Cidr[];
  readonly known: readonly { readonly label: string; readonly range: Cidr }[];
  readonly tune: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly language: 'en' | 'nb';
  /** UDP ports of VXLAN and of Geneve, where they are not 4789 and 6081. */
  readonly vxlanPorts?: readonly number[];
  readonly genevePorts?: readonly number[];
  /** Names machines, as of the time of each finding. */
  readonly inventory?: InventoryChoice;
  /** Stops the analysis; what was read so far is finished and marked partial. */
  readonly signal?: AbortSignal;
  /** Called now and then with the packets or rows so far. */
  readonly onProgress?: (done: number) => void;
}

/** One input as it goes into run.json. */
export type InputSummary = CaptureSummary | RecordLogSummary;

export interface AnalyzeResult {
  readonly findings: readonly Finding[];
  readonly inputs: readonly InputSummary[];
  /** Why the results are not complete; undefined when they are. */
  readonly partial: string | undefined;
  /** What the engine counted (packets, drops, oddities by name) and findings beyond the bound. */
  readonly counters: Readonly<Record<string, unknown>>;
  readonly rows: Readonly<Record<string, number>>;
  /** What was in view, microseconds since the epoch; 0 when nothing was. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly outDirectory: string | undefined;
  /** What names came from. */
  readonly inventory?: InventoryUsed;
  /** What a person reads on a terminal, the verdict first. */
  readonly summary: readonly SummaryLine[];
}

/** What the job needs of the outside. */
export interface AnalyzeDependencies {
  readonly version: string;
  readonly platform: Platform;
  readonly now: () => Date;
  /** Tells captures from Zeek logs. @throws {VedetteError} for what is neither */
  openInputs(paths: readonly string[]): Promise<{ readonly packets?: PacketSource; readonly records?: RecordSource }>;
  /** Opens capture files again, to find the packets of findings. */
  reopenCaptures(paths: readonly string[]): Promise<PacketSource>;
  /** @throws {VedetteError} when there is none */
  openInventory(choice: InventoryChoice): ChosenInventory;
  openOutput(path: string, force: boolean): OutputDirectory;
  /** Finds rows of the logs in a directory again. */
  readonly lookUpRecords: RecordLookup;
}

/** Gives every record to several sinks, in order. */
class Fanout implements RecordSink {
  readonly #sinks: readonly RecordSink[];
  constructor(sinks: readonly RecordSink[]) {
    this.#sinks = sinks;
  }
  emit<N extends RecordName>(name: N, row: RecordRow<N>): void {
    for (const sink of this.#sinks) sink.emit(name, row);
  }
}

/** Counts rows by log, for runs that write none. */
class RowCounter implements RecordLogs {
  readonly #counts: Record<string, number> = {};
  emit(name: RecordName): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }
  counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }
  close(): void {}
}

/** What one run is made of while it runs. */
interface Run {
  readonly request: AnalyzeRequest;
  readonly dependencies: AnalyzeDependencies;
  readonly logs: RecordLogs;
  readonly detection: Detection;
  readonly sink: RecordSink;
  readonly packets: PacketSource | undefined;
  readonly records: RecordSource | undefined;
}

/** Reads everything to its end, or to the interruption. @returns what the engine counted */
async function readAll({ request, dependencies, detection, sink, packets, records }: Run): Promise<Readonly<Record<string, unknown>>> {
  let counters: Readonly<Record<string, unknown>> = {};
  if (packets !== undefined) {
    const { vxlanPorts, genevePorts } = request;
    const ports = { ...(vxlanPorts && { vxlanPorts }), ...(genevePorts && { genevePorts }) };
    const engine = new Engine({ local: request.local, ...ports }, dependencies.platform, sink);
    await readPackets(packets, engine, request);
    engine.finish();
    counters = { ...engine.counters, weirds: Object.fromEntries(engine.counters.weirds) };
  }
  if (records !== undefined) await readRecords(records, sink, request);
  detection.finish();
  return counters;
}

/** Ends the logs. After a failure (a full disk) the second one says nothing new. */
function closeLogs(logs: RecordLogs, failure: unknown): unknown {
  try {
    logs.close();
    return failure;
  } catch (error) {
    return failure ?? error;
  }
}

/**
 * Runs one analysis.
 * @throws {VedetteError} when nothing could be read, or the output could not be written (what was written stays, marked partial)
 */
export async function analyze(request: AnalyzeRequest, dependencies: AnalyzeDependencies): Promise<AnalyzeResult> {
  const started = dependencies.now();
  const names = new FindingNames(request.inventory && dependencies.openInventory(request.inventory));
  const { packets, records } = await dependencies.openInputs(request.inputs);
  const output = request.outDirectory === undefined ? undefined : dependencies.openOutput(request.outDirectory, request.force);
  const logs = output?.openLogs(request.format) ?? new RowCounter();
  const detection = new Detection({ detectors, local: request.local, known: request.known, tune: request.tune, ...names.forDetection });
  const observer = new Observer({ local: request.local, known: request.known, owns: names.owns });
  // The report alone needs what the observer keeps, and it is written into the output directory.
  const sink = new Fanout([logs, detection, ...(output === undefined ? [] : [observer]), ...names.sinks]);
  let counters: Readonly<Record<string, unknown>> = {};
  let failure: unknown;
  try {
    counters = await readAll({ request, dependencies, logs, detection, sink, packets, records });
  } catch (error) {
    failure = error;
  }
  failure = closeLogs(logs, failure);
  const partial = failure !== undefined ? String((failure as Error).message) : request.signal?.aborted ? 'interrupted' : undefined;
  const inputs = [...(packets?.summaries() ?? []), ...(records?.summaries() ?? [])];
  const findings = names.name(detection.findings(), observer.isOurs, packets?.points);
  const { firstAt, lastAt } = detection.visibility;
  const facts = { partial, firstAt, lastAt, findings, isOurs: observer.isOurs, outDirectory: output?.path };
  const result: AnalyzeResult = {
    ...{ findings, inputs, partial, rows: logs.counts(), firstAt, lastAt, outDirectory: output?.path },
    counters: { ...counters, findingsDropped: detection.dropped },
    ...names.used,
    summary: summaryLines({ ...facts, language: request.language, inputs: inputFacts(inputs) }),
  };
  await packets?.close();
  await records?.close();
  if (output !== undefined) {
    try {
      // A run that failed has no room, or no input: its findings and what is known of it go first.
      writeResults(output, result, request, { version: dependencies.version, started, ended: dependencies.now() });
      await writeReport({ request, dependencies, result, observer, output });
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return result;
}

/** Writes everything but the logs and the report. A full disk here loses the summary, never what was written before. */
function writeResults(
  output: OutputDirectory,
  result: AnalyzeResult,
  request: AnalyzeRequest,
  run: { readonly version: string; readonly started: Date; readonly ended: Date },
): void {
  const { findings, outDirectory: _, summary: __, ...rest } = result;
  const at = (micros: number): string | null => (micros === 0 ? null : formatInstant(epochMicros(micros)));
  const { inputs, format, language, tune, local, known } = request;
  const configuration = {
    ...{ inputs, format, language, tune },
    local: local.map(formatCidr),
    known: known.map(({ label, range }) => ({ label, range: formatCidr(range) })),
  };
  const summary = {
    schema: 1,
    version: run.version,
    started: run.started.toISOString(),
    seconds: (run.ended.getTime() - run.started.getTime()) / 1000,
    configuration,
    ...rest,
    partial: result.partial ?? false,
    firstAt: at(result.firstAt),
    lastAt: at(result.lastAt),
    findings: findings.length,
  };
  output.write('findings.ndjson', findings.map((finding) => `${findingJson(finding)}\n`).join(''));
  output.write('run.json', `${JSON.stringify(summary, undefined, 2)}\n`);
}
