// The nightly job: plan, scan, ask services, join with owners, rules and traffic, compare with the night before, keep, and tell.
import { VedetteError } from '../../base/errors.ts';
import { AddressSet } from '../../exposure/address-set.ts';
import type { ScanProgress } from '../../exposure/exposure-scanner.ts';
import type { Policy } from '../../exposure/policy.ts';
import { parsePorts } from '../../exposure/port-list.ts';
import type { ExposureChange, ExposureReport, MeasuredHost } from '../../model/exposure.ts';
import type { ExposureArchive, RunWriter } from '../../store/exposure-archive.ts';
import type { InventoryChoice } from '../inventory.ts';
import { askServices } from './ask-services.ts';
import { buildReport } from './build-report.ts';
import { openOwners, readPolicy } from './context.ts';
import type { ExposureDependencies } from './dependencies.ts';
import { type MailChoice, type MailResult, mailsOf, sendWaitingMail } from './mail.ts';
import { observeInputs } from './observe.ts';
import type { Owners } from './owners.ts';
import { planScan, type ScanChoice } from './plan-scan.ts';
import { openWindow, type RunStop } from './run-window.ts';
import { scanAll } from './scan-all.ts';
import { changesSince, type ReportFormat, renderReport, reportFileName, reportJson, runFiles } from './write-run.ts';

export interface ExposureScanRequest {
  readonly choice: ScanChoice;
  readonly state: string;
  readonly inventory: InventoryChoice;
  /** File. */
  readonly policy?: string;
  /** Captures and Zeek logs. */
  readonly observed: readonly string[];
  /** Goes on with a run: this one, or (`true`) the newest that is not whole. */
  readonly resume?: string | true;
  /** Waits for the time window. */
  readonly wait: boolean;
  readonly mail?: MailChoice;
  /** Also writes the report there. */
  readonly out?: { readonly directory: string; readonly format: ReportFormat };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ScanProgress & { readonly done: number; readonly total: number }) => void;
}

export interface ExposureScanResult {
  readonly report: ExposureReport;
  readonly changes: readonly ExposureChange[];
  readonly directory: string;
  readonly mails: readonly MailResult[];
  /** Mail that could not be sent; the report is kept all the same. */
  readonly mailError?: VedetteError;
}

/** The newest run that is not whole. */
function unfinished(archive: ExposureArchive): string {
  const run = archive.runs().findLast(({ state }) => state !== 'complete');
  if (run === undefined) throw new VedetteError('exposure-none', { path: archive.path, which: ' that is unfinished' });
  return run.id;
}

async function beginRun(
  request: ExposureScanRequest,
  archive: ExposureArchive,
  context: { readonly policy: Policy; readonly owners: Owners | undefined; readonly notes: readonly string[] },
  dependencies: ExposureDependencies,
): Promise<RunWriter> {
  const { resume, choice } = request;
  if (resume !== undefined) return archive.resume(resume === true ? unfinished(archive) : resume);
  const taken = new Set(archive.runs().map(({ id }) => id));
  return archive.begin(await planScan(choice, { ...context, taken }, dependencies));
}

/** The newest whole report besides this one. */
export function previousReport(archive: ExposureArchive, id: string): ExposureReport | undefined {
  const run = archive.runs().findLast((one) => one.state === 'complete' && one.id < id);
  return run && archive.report(run.id);
}

interface Measured {
  readonly hosts: Map<string, MeasuredHost>;
  readonly notes: readonly string[];
  /** Why it was stopped. */
  readonly stopped: string | undefined;
}

/** Measures what the run lacks. Each host is on disk before the next one is taken. */
async function measure(
  run: RunWriter,
  { known, stop }: { readonly known: Map<string, MeasuredHost>; readonly stop: RunStop },
  request: ExposureScanRequest,
  dependencies: ExposureDependencies,
): Promise<Measured> {
  const { plan } = run;
  const { settings } = plan;
  const hosts = new Map(known);
  const take = (host: MeasuredHost): void => {
    run.addHost(host);
    hosts.set(host.address, host);
  };
  try {
    const done = [...known.values()].filter(({ failed }) => failed === undefined).map(({ address }) => address);
    const targets = AddressSet.of(plan.addresses).without(AddressSet.of(done));
    const notes = await scanAll({
      scanner: settings.engine === 'nmap' ? dependencies.nmap : dependencies.connect,
      ...{ targets, tcpPorts: parsePorts(settings.tcpPorts), udpPorts: parsePorts(settings.udpPorts) },
      ...{ rate: settings.rate, hostTimeoutMs: settings.hostTimeoutSeconds * 1000, versions: settings.versions },
      ...{ signal: stop.signal, now: dependencies.now, onHost: take },
      onProgress: (progress) => request.onProgress({ ...progress, done: progress.done + done.length, total: progress.total + done.length }),
    });
    if (settings.banners) await askServices(hosts.values(), { prober: dependencies.prober, signal: stop.signal, onHost: take });
    return { hosts, notes, stopped: stop.reason() };
  } finally {
    stop.end();
  }
}

/** @throws {VedetteError} `scan-interrupted` (what is done is kept), `scan-window`, and for bad input */
export async function scanExposure(request: ExposureScanRequest, dependencies: ExposureDependencies): Promise<ExposureScanResult> {
  const { state, observed: inputs, signal } = request;
  // What may be wrong is found out before the first packet.
  const policy = readPolicy(request.policy, dependencies);
  const { owners, notes } = openOwners(request.inventory, dependencies);
  if (request.mail !== undefined) await dependencies.openMailer(request.mail.channel);
  const opened = inputs.length === 0 ? undefined : await dependencies.openInputs(inputs);
  const archive = dependencies.openArchive(state);
  const open = (window: string): Promise<RunStop> => openWindow(window, request.wait, dependencies, signal);
  // A new run that may not begin leaves nothing behind.
  const early = request.resume === undefined ? await open(request.choice.window) : undefined;
  const run = await beginRun(request, archive, { policy, owners, notes }, dependencies);
  try {
    const { plan } = run;
    const stop = early ?? (await open(plan.settings.window));
    const all = AddressSet.of(plan.addresses);
    const observing = opened && observeInputs(opened, all, dependencies.platform, signal);
    // Read while the scan waits for answers; a failure is met below, not in between.
    observing?.catch(() => {});
    const measured = await measure(run, { known: archive.hosts(plan.id), stop }, request, dependencies);
    const connections = await observing;
    const previous = previousReport(archive, plan.id);
    const report = buildReport({
      ...{ plan, version: dependencies.version, hosts: measured.hosts, addresses: all.size, owners, policy, previous },
      observed: connections && { inputs, connections },
      ...{ acceptances: archive.acceptances(), now: dependencies.now(), partial: measured.stopped, notes: measured.notes },
    });
    if (measured.stopped !== undefined) throw kept(run, report, measured.stopped);
    const changes = changesSince(previous, report, measured.hosts);
    for (const [name, content] of runFiles(report, changes)) run.write(name, content);
    writeOut(request, report, measured.hosts, dependencies);
    const sent = await tell(request, { report, changes, policy, owners, archive }, dependencies);
    return { report, changes, directory: run.directory, ...sent };
  } finally {
    early?.end();
    run.close();
  }
}

/** A run that is not whole: its report so far can be looked at, and is compared with nothing. */
function kept(run: RunWriter, report: ExposureReport, reason: string): VedetteError {
  run.write('partial.json', reportJson(report));
  return new VedetteError('scan-interrupted', { reason, done: report.scan.scanned, total: report.scan.addresses, id: run.plan.id });
}

function writeOut(
  { out }: ExposureScanRequest,
  report: ExposureReport,
  hosts: ReadonlyMap<string, MeasuredHost>,
  { writeText }: ExposureDependencies,
): void {
  if (out !== undefined) writeText(`${out.directory}/${reportFileName(report, out.format)}`, renderReport(report, hosts, out.format));
}

async function tell(
  { mail }: ExposureScanRequest,
  about: {
    readonly report: ExposureReport;
    readonly changes: readonly ExposureChange[];
    readonly policy: Policy;
    readonly owners: Owners | undefined;
    readonly archive: ExposureArchive;
  },
  dependencies: ExposureDependencies,
): Promise<Pick<ExposureScanResult, 'mails' | 'mailError'>> {
  if (mail === undefined) return { mails: [] };
  const { report, changes, archive } = about;
  for (const [i, one] of mailsOf(report, changes, mail, about).entries()) archive.keepMail(report.id, `${i}.json`, one);
  try {
    return { mails: await sendWaitingMail(archive, dependencies) };
  } catch (error) {
    if (!(error instanceof VedetteError) || error.code !== 'mail-failed') throw error;
    return { mails: [], mailError: error };
  }
}
