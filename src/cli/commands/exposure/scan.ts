// vedette exposure scan
import type { Command } from 'commander';
import { VedetteError } from '../../../base/errors.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { isStanding } from '../../../model/exposure.ts';
import { atLeast, type Severity, severities } from '../../../model/finding.ts';
import type { ExposureScanRequest, ExposureScanResult } from '../../../workflows/exposure/scan.ts';
import { type ReportFormat, renderReport, reportJson } from '../../../workflows/exposure/write-run.ts';
import { standardState } from '../../../workflows/inventory.ts';
import { exitCodeOf, showError } from '../../output/show-error.ts';
import { addInventoryOptions, choiceOf, collectTexts, durationArgument, type InventoryOptions } from '../arguments.ts';
import { numberArgument, oneOf } from './arguments.ts';
import type { ExposureJobs } from './jobs.ts';
import { progressLine } from './progress-line.ts';

interface Options extends InventoryOptions {
  readonly exclude: readonly string[];
  readonly engine: 'auto' | 'nmap' | 'connect';
  readonly tcp?: string;
  readonly udp?: string;
  readonly rate: number;
  readonly hostTimeout?: number;
  readonly versions: boolean;
  readonly banners: boolean;
  readonly authorisation: string;
  readonly window: string;
  readonly wait: boolean;
  readonly policy?: string;
  readonly observed: readonly string[];
  readonly resume?: string | true;
  readonly mail?: string;
  readonly mailAlways: boolean;
  readonly mailProjects: boolean;
  readonly out?: string;
  readonly format?: ReportFormat;
  readonly json: boolean;
  readonly config?: string;
  readonly failOn?: Severity;
}

const examples = `
Targets are addresses, CIDRs and ranges; "inventory" stands for every public address of the inventory (also the standard), "external"
for the whole ranges of its external networks, where addresses turn up that nobody knows of. Standard ports (22, 80, 443, unless a
policy says otherwise) are not reported on machines and load balancers. Only scan what you are allowed to, and say by whose word.

Examples:
  vedette exposure scan --inventory inventory.yaml --authorisation "change 4711"
  vedette exposure scan inventory external --cloud prod --policy policy.yaml --window 01:00-05:00 --wait
  vedette exposure scan 203.0.113.0/24 --exclude 203.0.113.66 --rate 200 --udp risk
  vedette exposure scan --cloud prod --observed /var/log/zeek/current --mail admins --mail-projects
  vedette exposure scan 203.0.113.0/24 --inventory inventory.yaml --policy icclab.yaml --out /var/archive --format icclab
  vedette exposure scan --resume                 go on with what was interrupted
  ip netns exec outside vedette exposure scan …  from where the Internet looks

Exit codes: 0 done, 1 done and --fail-on found something, 2 bad usage or input, 3 outside of the window, 4 interrupted (what is done
is kept), the scan or the mail failed (the report is kept).
`;

/** Adds the command. */
export function addExposureScan(exposure: Command, { scan }: ExposureJobs): void {
  const command = exposure
    .command('scan')
    .summary('scan, join with owners, rules and traffic, compare with the night before')
    .description('Measures which ports are open, and says whose they are, whether rules and policy allow them, and what changed.')
    .argument('[targets...]', 'addresses, CIDRs, ranges, "inventory", "external" (standard: inventory)')
    .option('--exclude <range>', 'never scanned, besides what the policy excludes (repeatable)', collectTexts, [])
    .option(
      '--engine <auto|nmap|connect>',
      'auto: nmap where it is installed and we are root, else connect',
      oneOf('auto', 'nmap', 'connect'),
      'auto',
    )
    .option('--tcp <ports>', "such as 22,80,8000-8010 (standard: nmap's 1000 most common and those of the risk classes)")
    .option('--udp <ports>', 'UDP ports; "risk" for those of the risk classes (standard: none)')
    .option('--rate <number>', 'packets a second at most (connect: connections)', numberArgument(1, 1_000_000), 1000)
    .option(
      '--host-timeout <time>',
      'gives up an address after this time (standard: what rate and ports make sensible, at least 15m)',
      durationArgument,
    )
    .option('--versions', 'let nmap ask for versions: slower, and more to be seen in the logs of tenants', false)
    .option('--no-banners', 'do not ask open ports who they are (SSH, HTTP, TLS)')
    .option('--authorisation <text>', 'who allowed this scan, and where that is written; kept with the report', '')
    .option('--window <from-to>', 'hours (UTC) in which packets may be sent, such as 01:00-05:00', '')
    .option('--wait', 'wait for the window', false)
    .option('--policy <file>', 'allowed ports, risk classes, exclusions, contacts; see vedette exposure policy')
    .option('--observed <path>', 'capture, or Zeek logs, of traffic from outside (repeatable)', collectTexts, [])
    .option('--resume [run]', 'go on with a run, or with the newest that is not whole; with its settings')
    .option('--mail <channel>', 'send what changed by this channel (type smtp) of the configuration')
    .option('--mail-always', 'also when nothing changed', false)
    .option('--mail-projects', 'also to the contacts of each project, its own ports only', false)
    .option('-o, --out <dir>', 'also write the report there')
    .option('--format <format>', 'of --out: json, html, text, or icclab', oneOf('json', 'html', 'text', 'icclab'))
    .option('--json', 'print the report as JSON', false)
    .option('--config <file>', 'configuration; see vedette config explain')
    .option('--fail-on <severity>', `exit 1 when a port is at least this grave: ${severities.join(', ')}`, oneOf(...severities));
  addInventoryOptions(command)
    .addHelpText('after', examples)
    .action(async (targets: readonly string[], options: Options) => {
      const stop = new AbortController();
      const onInterrupt = (): void => (stop.signal.aborted ? process.exit(130) : stop.abort());
      process.on('SIGINT', onInterrupt);
      process.on('SIGTERM', onInterrupt);
      const progress = progressLine();
      try {
        const channels = loadConfig(options.config).notify ?? {};
        const result = await scan(requestOf(targets, options, stop.signal, progress.show), channels);
        progress.clear();
        show(result, options);
      } finally {
        progress.clear();
        process.off('SIGINT', onInterrupt);
        process.off('SIGTERM', onInterrupt);
      }
    });
}

function show({ report, mails, mailError, directory }: ExposureScanResult, { json, failOn }: Options): void {
  process.stdout.write(json ? reportJson(report) : renderReport(report, new Map(), 'text'));
  if (!json) process.stdout.write(`Kept in ${directory}${mails.length === 0 ? '' : `; ${mails.length} mails sent`}\n`);
  const isGrave = report.exposures.some((one) => isStanding(one) && failOn !== undefined && atLeast(one.severity, failOn));
  process.exitCode = isGrave ? 1 : 0;
  if (mailError === undefined) return;
  showError(mailError);
  process.exitCode = exitCodeOf(mailError);
}

const usage = (problem: string): VedetteError => new VedetteError('usage', { problem, advice: 'see vedette exposure scan --help' });

/** Options that say nothing without others. @throws {VedetteError} `usage` */
function check(targets: readonly string[], { resume, format, out, mail, mailAlways, mailProjects, observed }: Options): void {
  if (resume !== undefined && targets.length > 0) throw usage('--resume goes on with the targets of its run; give no others');
  if (format !== undefined && out === undefined) throw usage('--format is that of --out; give both');
  if (mail === undefined && (mailAlways || mailProjects)) throw usage('--mail-always and --mail-projects need --mail');
  if (observed.includes('-')) throw usage('--observed reads files and directories');
}

function requestOf(
  targets: readonly string[],
  options: Options,
  signal: AbortSignal,
  onProgress: ExposureScanRequest['onProgress'],
): ExposureScanRequest {
  const { exclude, engine, tcp, udp, rate, versions, banners, authorisation, window, resume, mail, out } = options;
  check(targets, options);
  return {
    choice: {
      ...{ targets, exclude, engine, rate, versions, banners, authorisation, window },
      ...(options.hostTimeout !== undefined && { hostTimeoutSeconds: options.hostTimeout }),
      ...(tcp !== undefined && { tcp }),
      ...(udp !== undefined && { udp }),
    },
    state: options.state ?? standardState,
    inventory: choiceOf(options),
    ...(options.policy !== undefined && { policy: options.policy }),
    ...{ observed: options.observed, wait: options.wait, signal, onProgress },
    ...(resume !== undefined && { resume }),
    ...(mail !== undefined && { mail: { channel: mail, always: options.mailAlways, projects: options.mailProjects } }),
    ...(out !== undefined && { out: { directory: out, format: options.format ?? 'json' } }),
  };
}
