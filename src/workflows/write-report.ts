// After an analysis: proof is collected, and the report and the indicator lists are written.
import { formatCidr } from '../base/ip.ts';
import { detectors } from '../detect/detectors/index.ts';
import { indicatorsCsv } from '../report/exports/indicators-csv.ts';
import { stixBundle } from '../report/exports/stix.ts';
import { suricataRules } from '../report/exports/suricata-rules.ts';
import { zeekIntel } from '../report/exports/zeek-intel.ts';
import type { InputFact, PacketsMissing } from '../report/investigation.ts';
import type { Observer } from '../report/observe/observer.ts';
import { reportOf } from '../report/report.ts';
import type { OutputDirectory } from '../store/output-directory.ts';
import type { AnalyzeDependencies, AnalyzeRequest, AnalyzeResult, InputSummary } from './analyze.ts';
import { collectEvidence } from './collect-evidence.ts';

/** Inputs as the report shows them. */
export function inputFacts(inputs: readonly InputSummary[]): InputFact[] {
  return inputs.map((input): InputFact => {
    const { source, bytes, sha256 } = input;
    if ('log' in input) {
      const { badLines, firstBad, truncated } = input;
      const damages = [
        ...(badLines > 0
          ? [`${badLines} unreadable lines${firstBad === undefined ? '' : `, the first in line ${firstBad.line}: ${firstBad.reason}`}`]
          : []),
        ...(truncated ? ['the file ends early'] : []),
      ];
      return { source, kind: 'log', count: input.rows, bytes, sha256, truncatedPackets: 0, reportedDrops: 0, damages };
    }
    return {
      ...{ source, kind: 'capture', count: input.packets, bytes, sha256 },
      truncatedPackets: input.truncatedPackets,
      reportedDrops: input.reportedDrops ?? 0,
      damages: input.damages.map(({ message }) => message),
    };
  });
}

/** What the run was told, as far as it is not the default. */
function parametersOf({ inputs, local, known, tune, format, language, vxlanPorts, genevePorts }: AnalyzeRequest): [string, string][] {
  return [
    ['inputs', inputs.join(' ')],
    ['format', format],
    ['lang', language],
    ...(local.length > 0 ? [['local', local.map(formatCidr).join(', ')] as [string, string]] : []),
    ...known.map(({ label, range }): [string, string] => ['known', `${label}=${formatCidr(range)}`]),
    ...Object.entries(tune).flatMap(([detector, values]) =>
      Object.entries(values).map(([name, value]): [string, string] => ['tune', `${detector}.${name}=${value}`]),
    ),
    ...(vxlanPorts === undefined ? [] : [['vxlan ports', vxlanPorts.join(', ')] as [string, string]]),
    ...(genevePorts === undefined ? [] : [['geneve ports', genevePorts.join(', ')] as [string, string]]),
  ];
}

/** Which inventory named the machines. */
function inventoryParameter({ inventory }: AnalyzeResult): [string, string][] {
  return inventory === undefined
    ? []
    : [['inventory', [inventory.cloud, inventory.lastReadAt, ...inventory.notes].filter(Boolean).join('; ')]];
}

/** What the report is written from. */
interface ReportJob {
  readonly request: AnalyzeRequest;
  readonly dependencies: AnalyzeDependencies;
  readonly result: AnalyzeResult;
  readonly observer: Observer;
  readonly output: OutputDirectory;
}

/** Why packets cannot be read again; undefined when they can. */
function packetsMissing(inputs: readonly InputFact[]): PacketsMissing | undefined {
  const captures = inputs.filter(({ kind }) => kind === 'capture');
  if (captures.length === 0) return 'logs';
  return captures.some(({ source }) => source === '-') ? 'stdin' : undefined;
}

const malformed = (counters: AnalyzeResult['counters']): number => {
  const wire = counters['wire'] as { malformed?: number } | undefined;
  const flow = counters['flow'] as { malformed?: number } | undefined;
  return (wire?.malformed ?? 0) + (flow?.malformed ?? 0);
};

/** Writes report.html, report.md and the iocs files. @throws {VedetteError} `output-unwritable` */
export async function writeReport({ request, dependencies, result, observer, output }: ReportJob): Promise<void> {
  const inputs = inputFacts(result.inputs);
  const missing = packetsMissing(inputs);
  const captures = inputs.filter(({ kind }) => kind === 'capture').map(({ source }) => source);
  const findings = await collectEvidence(result.findings, {
    directory: output.path,
    lookUp: dependencies.lookUpRecords,
    reopen: missing === undefined ? () => dependencies.reopenCaptures(captures) : undefined,
    packetsMissing: missing,
    guides: new Map(detectors.map(({ id, finds, investigate }) => [id, { finds, investigate }])),
    walk: {
      ...(request.vxlanPorts && { vxlanPorts: request.vxlanPorts }),
      ...(request.genevePorts && { genevePorts: request.genevePorts }),
    },
    signal: request.signal,
  });
  const observations = observer.observations();
  const { html, markdown, indicators } = reportOf({
    version: dependencies.version,
    language: request.language,
    // Whoever interrupts a run while its packets are looked up gets a report without some of them.
    partial: result.partial ?? (request.signal?.aborted ? 'interrupted' : undefined),
    ...{ firstAt: result.firstAt, lastAt: result.lastAt, inputs, findings },
    findingsDropped: Number(result.counters['findingsDropped'] ?? 0),
    observations: { ...observations, dropped: observations.dropped + Number(result.counters['detectorEntriesEvicted'] ?? 0) },
    ...{ isOurs: observer.isOurs, knownAs: observer.knownAs },
    parameters: [...parametersOf(request), ...inventoryParameter(result)],
    malformedPackets: malformed(result.counters),
    outDirectory: output.path,
  });
  output.write('report.html', html);
  output.write('report.md', markdown);
  output.write('iocs.csv', indicatorsCsv(indicators));
  output.write('iocs.stix.json', stixBundle(indicators, result.findings, result.lastAt));
  output.write('iocs.intel', zeekIntel(indicators));
  output.write('iocs.rules', suricataRules(indicators));
}
