// vedette analyze: argument handling and terminal output of the main job.
import { type Command, InvalidArgumentError } from 'commander';
import { VedetteError } from '../../base/errors.ts';
import { type Cidr, parseCidr } from '../../base/ip.ts';
import { loadConfig } from '../../config/load-config.ts';
import { atLeast, findingJson, type Severity, severities } from '../../model/finding.ts';
import type { AnalyzeRequest, AnalyzeResult } from '../../workflows/analyze.ts';
import { interruptible } from '../interruption.ts';
import { terminalSummary } from '../output/terminal-summary.ts';
import { addInventoryOptions, choiceOf, type InventoryOptions } from './arguments.ts';

interface Options extends InventoryOptions {
  readonly out?: string;
  readonly force: boolean;
  readonly onlyLogs: boolean;
  readonly config?: string;
  readonly format?: 'tsv' | 'json';
  readonly json: boolean;
  readonly local: readonly Cidr[];
  readonly known: readonly { readonly label: string; readonly range: Cidr }[];
  readonly tune: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly lang?: 'en' | 'nb';
  readonly failOn?: Severity;
}

/** `10.0.0.0/8` or one address. */
function cidrOf(text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw new InvalidArgumentError(`"${text}" is not an address or CIDR such as 203.0.113.0/24.`);
  return range;
}

const collectLocal = (text: string, before: readonly Cidr[]): readonly Cidr[] => [...before, ...text.split(',').map(cidrOf)];

function collectKnown(text: string, before: Options['known']): Options['known'] {
  const cut = text.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError(`"${text}" is not label=cidr such as "our jump host=198.51.100.7".`);
  return [...before, { label: text.slice(0, cut).trim(), range: cidrOf(text.slice(cut + 1).trim()) }];
}

function collectTune(text: string, before: Options['tune']): Options['tune'] {
  const match = /^(D\d\d-[a-z0-9-]+)\.(\w+)=(-?\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) throw new InvalidArgumentError(`"${text}" is not DETECTOR.NAME=NUMBER such as D02-port-scan.ports=20.`);
  const [, detector = '', name = '', value = ''] = match;
  return { ...before, [detector]: { ...before[detector], [name]: Number(value) } };
}

const oneOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`choose one of ${choices.join(', ')}.`);
    return found;
  };

const examples = `
Examples:
  vedette analyze capture.pcap                       say which machine is compromised, and why
  vedette analyze capture.pcap --out case-17         also write logs, findings and the report
  vedette analyze qr-1.pcap qr-2.pcap --out case-18  several capture points, merged in time
  vedette analyze /var/log/zeek/2026-11-20 --out d   Zeek logs instead of packets
  vedette analyze capture.pcap --out logs --only-logs  the logs that Zeek would write, fast
  tcpdump -w - -U | vedette analyze -                packets as they come
  vedette analyze c.pcap --inventory inventory.yaml  names machines and owners; also --state DIR of vedette inventory sync
  vedette analyze c.pcap --local 203.0.113.0/24 --known "jump host=198.51.100.7" --fail-on high

Exit codes: 0 done, 1 done and --fail-on found something, 2 bad usage or input, 3 refused, 4 something outside failed, or
interrupted (run.json then says why it is partial).
`;

/** Adds the command; `analyze` does the work. */
export function addAnalyzeCommand(program: Command, analyze: (request: AnalyzeRequest) => Promise<AnalyzeResult>): void {
  const command = program
    .command('analyze')
    .summary('read captures or Zeek logs and report compromised machines')
    .description(
      'Reads pcap, pcapng (gz, zst, lz4), Zeek log directories, or - for standard input; finds compromised machines and shows the proof.',
    )
    .argument('<path...>', 'captures, Zeek logs, directories of them, or -')
    .option('-o, --out <dir>', 'write logs, findings.ndjson, report.html, report.md, IoCs and run.json there')
    .option('--force', 'replace what an earlier run wrote into --out', false)
    .option('--only-logs', 'write the logs alone, as stock Zeek would: no findings, no report, no hashes of files', false)
    .option('--format <tsv|json>', 'format of the logs (standard: tsv)', oneOf(['tsv', 'json']))
    .option('--config <file>', 'configuration; see vedette config explain (standard: /etc/vedette/vedette.yaml)')
    .option('--json', 'print findings and counters as JSON', false)
    .option('--local <cidr>', 'addresses that are ours, besides private ranges (repeatable, comma-separated)', collectLocal, [])
    .option('--known <label=cidr>', 'an end that you vouch for: shown, not accused (repeatable)', collectKnown, [])
    .option('--tune <detector.name=value>', 'change a threshold (repeatable)', collectTune, {})
    .option('--lang <en|nb>', 'language of the report (standard: en)', oneOf(['en', 'nb']))
    .option('--fail-on <severity>', `exit 1 when a finding is at least this grave: ${severities.join(', ')}`, oneOf(severities));
  addInventoryOptions(command)
    .addHelpText('after', examples)
    .action((paths: readonly string[], options: Options) =>
      interruptible(async (signal) => {
        const result = await analyze(requestOf(paths, options, signal));
        process.stdout.write(options.json ? jsonOf(result) : terminalSummary(result.summary, { color: useColor() }));
        process.exitCode = exitCode(result, options.failOn);
      }),
    );
}

const useColor = (): boolean => process.stdout.isTTY === true && !process.env['NO_COLOR'];

function requestOf(inputs: readonly string[], options: Options, signal: AbortSignal): AnalyzeRequest {
  const { out, force, onlyLogs, local, known, tune, inventory, state, cloud } = options;
  if (onlyLogs && out === undefined)
    throw new VedetteError('usage', { problem: '--only-logs without --out', advice: 'name a directory with --out' });
  const wantsNames = inventory.length > 0 || state !== undefined || cloud !== undefined;
  const config = loadConfig(options.config);
  return {
    inputs,
    ...(out !== undefined && { outDirectory: out }),
    ...(wantsNames && { inventory: choiceOf(options) }),
    force,
    onlyLogs,
    format: options.format ?? config.format ?? 'tsv',
    // Ranges add up; of one threshold the command line's wins.
    local: [...(config.local ?? []), ...local],
    known: [...known, ...(config.known ?? [])],
    tune: merged(config.tune ?? {}, tune),
    language: options.lang ?? config.language ?? 'en',
    ...(config.vxlanPorts && { vxlanPorts: config.vxlanPorts }),
    ...(config.genevePorts && { genevePorts: config.genevePorts }),
    signal,
    ...(process.stderr.isTTY === true && { onProgress: showProgress }),
  };
}

function merged(below: Options['tune'], above: Options['tune']): Options['tune'] {
  const detectors = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...detectors].map((id) => [id, { ...below[id], ...above[id] }]));
}

const showProgress = (done: number): void => {
  process.stderr.write(`\r${done.toLocaleString('en')} packets\r`);
};

/** Interrupted counts as failed outside: results are there, but not whole. */
function exitCode(result: AnalyzeResult, failOn: Severity | undefined): number {
  if (result.partial !== undefined) return 4;
  return failOn !== undefined && result.findings.some(({ severity }) => atLeast(severity, failOn)) ? 1 : 0;
}

function jsonOf({ findings, summary: _, ...rest }: AnalyzeResult): string {
  return `${JSON.stringify({ schema: 1, ...rest, findings: findings.map((finding) => JSON.parse(findingJson(finding)) as unknown) }, undefined, 2)}\n`;
}
