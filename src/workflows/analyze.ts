// The main job: captures or Zeek logs → records → findings → logs, report and summary.

import type { Cidr } from '../base/ip.ts';
import type { CaptureSummary, PacketSource } from '../capture/packet-source.ts';
import { Detection } from '../detect/detection.ts';
import { detectors } from '../detect/detectors/index.ts';
import type { Platform } from '../engine/platform.ts';
import { type Finding, findingJson } from '../model/finding.ts';
import { Observer } from '../report/observe/observer.ts';
import { type SummaryLine, summaryLines } from '../report/summary.ts';
import type { OutputDirectory } from '../store/output-directory.ts';
import type { RecordLookup } from '../store/record-lookup.ts';
import type { RecordLogSummary, RecordSource } from '../store/record-source.ts';
import { FindingNames, type InventoryUsed } from './attribute-findings.ts';
import type { ChosenInventory, InventoryChoice } from './inventory.ts';
import { readInputs } from './read-inputs.ts';
import { RowCounter, RunSink } from './record-sinks.ts';
import { RunFile } from './run-file.ts';
import { inputFacts, writeReport } from './write-report.ts';

export type { SummaryLine } from '../report/summary.ts';

export interface AnalyzeRequest {
  /** Captures, Zeek logs, directories of either, or `-` for a capture on standard input. */
  readonly inputs: readonly string[];
  /** Where to write; nothing is written without. */
  readonly outDirectory?: string;
  readonly force: boolean;
  /** Writes the logs and run.json alone, without judging: what stock Zeek would do. Files are not hashed then. */
  readonly onlyLogs?: boolean;
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
  openInventory(choice: InventoryChoice): Promise<ChosenInventory>;
  openOutput(path: string, options: { readonly force: boolean; readonly inputs: readonly string[] }): OutputDirectory;
  /** Finds rows of the logs in a directory again. */
  readonly lookUpRecords: RecordLookup;
}

/** Does one step; a failure is kept when it is the first. */
async function attempt(outcome: Outcome, step: () => void | Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    outcome.failure ??= error;
  }
}

/** Not kept while the report is written: it may be tens of megabytes. */
const linesOf = (findings: readonly Finding[]): string => findings.map((finding) => `${findingJson(finding)}\n`).join('');

/** How a run went so far. */
interface Outcome {
  failure: unknown;
}

/** Why the results are not complete; undefined when they are. */
function partialReason({ failure }: Outcome, signal: AbortSignal | undefined): string | undefined {
  if (failure !== undefined) return (failure as Error).message;
  return signal?.aborted ? 'interrupted' : undefined;
}

/**
 * Runs one analysis.
 * @throws {VedetteError} when nothing could be read, or the output could not be written (what was written stays, marked partial)
 */
export async function analyze(request: AnalyzeRequest, dependencies: AnalyzeDependencies): Promise<AnalyzeResult> {
  const started = dependencies.now();
  const names = new FindingNames(request.inventory && (await dependencies.openInventory(request.inventory)));
  const { packets, records } = await dependencies.openInputs(request.inputs);
  try {
    return await analyzeOpened(request, dependencies, { packets, records, started, names });
  } finally {
    await packets?.close();
    await records?.close();
  }
}

/** What was opened, and when. */
interface Opened {
  readonly packets: PacketSource | undefined;
  readonly records: RecordSource | undefined;
  readonly started: Date;
  readonly names: FindingNames;
}

async function analyzeOpened(
  request: AnalyzeRequest,
  dependencies: AnalyzeDependencies,
  { packets, records, started, names }: Opened,
): Promise<AnalyzeResult> {
  const { signal } = request;
  const inputs = (): InputSummary[] => [...(packets?.summaries() ?? []), ...(records?.summaries() ?? [])];
  const { outDirectory, force } = request;
  const sources = inputs().map(({ source }) => source);
  const output = outDirectory === undefined ? undefined : dependencies.openOutput(outDirectory, { force, inputs: sources });
  const runFile = output && new RunFile(output, request, { version: dependencies.version, started });
  runFile?.begin(inputs());
  const logs = output?.openLogs(request.format) ?? new RowCounter();
  const onlyLogs = request.onlyLogs === true;
  const detection = new Detection({
    detectors: onlyLogs ? [] : detectors,
    local: request.local,
    known: request.known,
    tune: request.tune,
    ...names.forDetection,
  });
  const observer = new Observer({ local: request.local, known: request.known, owns: names.owns });
  // The report alone needs what the observer keeps, and it is written into the output directory.
  const sink = new RunSink(logs, detection, onlyLogs ? undefined : output && observer, names.sink);
  const outcome: Outcome = { failure: undefined };
  let counters: Readonly<Record<string, unknown>> = {};
  await attempt(outcome, () =>
    readInputs({ request, platform: dependencies.platform, packets, records, sink }, (counted) => {
      counters = counted;
    }),
  );
  await attempt(outcome, () => sink.flush());
  await packets?.close();
  await records?.close();
  // Detectors say at the end what they know; a run that failed has got this far all the same.
  await attempt(outcome, () => detection.finish());
  const findings = names.name(detection.findings(), observer.isOurs, packets?.points);
  // A run that failed may have no room: what weighs most goes first.
  output?.releaseRoom();
  if (!onlyLogs) await attempt(outcome, () => output?.write('findings.ndjson', linesOf(findings)));
  await attempt(outcome, () => logs.close());
  const { firstAt, lastAt } = detection.visibility;
  const resultNow = (): AnalyzeResult => {
    const partial = partialReason(outcome, signal);
    const facts = { partial, firstAt, lastAt, findings, onlyLogs, isOurs: observer.isOurs, outDirectory: output?.path };
    return {
      ...{ findings, inputs: inputs(), partial, rows: logs.counts(), firstAt, lastAt, outDirectory: output?.path },
      counters: { ...counters, findingsDropped: detection.dropped, detectorEntriesEvicted: detection.evicted },
      ...names.used,
      summary: summaryLines({ ...facts, language: request.language, inputs: inputFacts(inputs()) }),
    };
  };
  if (output !== undefined && !onlyLogs) {
    await attempt(outcome, () => writeReport({ request, dependencies, result: resultNow(), observer, output }));
  }
  const result = resultNow();
  await attempt(outcome, () => runFile?.end(result, dependencies.now()));
  if (outcome.failure !== undefined) throw outcome.failure;
  return result;
}
