// Looking at what is kept: one report, the difference of two, the course of many; and standing for an open port.
import { VedetteError } from '../../base/errors.ts';
import type { Acceptance, ExposedPort, ExposureChange, ExposureReport, MeasuredHost, Transport } from '../../model/exposure.ts';
import { isStanding } from '../../model/exposure.ts';
import type { ExposureArchive } from '../../store/exposure-archive.ts';
import type { ExposureDependencies } from './dependencies.ts';
import { changesSince } from './write-run.ts';

export interface OpenedReport {
  readonly report: ExposureReport;
  readonly hosts: ReadonlyMap<string, MeasuredHost>;
}

function newest(archive: ExposureArchive): string {
  const run = archive.runs().findLast(({ state }) => state === 'complete');
  if (run === undefined) throw new VedetteError('exposure-none', { path: archive.path, which: '' });
  return run.id;
}

/** A run by its id, by a date (the last of that day), or the newest. */
function idOf(archive: ExposureArchive, text: string | undefined): string {
  if (text === undefined) return newest(archive);
  const run = archive.runs().findLast(({ id, state }) => state === 'complete' && (id === text || id.startsWith(`${text}T`)));
  if (run === undefined) throw new VedetteError('exposure-none', { path: archive.path, which: ` of ${text}` });
  return run.id;
}

/** @throws {VedetteError} `exposure-none`, `exposure-damaged` */
export function openReport(archive: ExposureArchive, run?: string): OpenedReport {
  const id = idOf(archive, run);
  return { report: archive.report(id), hosts: archive.hosts(id) };
}

export interface ReportDiff {
  readonly before: ExposureReport | undefined;
  readonly after: ExposureReport;
  readonly changes: readonly ExposureChange[];
}

/** Two runs; without names the last two. @throws {VedetteError} `exposure-none`, `exposure-damaged` */
export function diffReports(archive: ExposureArchive, from?: string, to?: string): ReportDiff {
  const { report: after, hosts } = openReport(archive, to);
  const earlier = archive.runs().findLast(({ id, state }) => state === 'complete' && id < after.id)?.id;
  const beforeId = from === undefined ? earlier : idOf(archive, from);
  const before = beforeId === undefined ? undefined : archive.report(beforeId);
  return { before, after, changes: changesSince(before, after, hosts) };
}

/** One run of the history. */
export interface HistoryEntry {
  readonly id: string;
  readonly state: 'complete' | 'partial' | 'unfinished';
  readonly standing?: number;
  readonly unowned?: number;
  readonly addresses?: number;
  /** Open ports that nobody stands for, by project; `-` where there is none. */
  readonly projects?: Readonly<Record<string, number>>;
  /** What one address showed, when one was asked for. */
  readonly ports?: readonly ExposedPort[];
}

/** The last runs, oldest first. */
export function exposureHistory(archive: ExposureArchive, limit: number, address?: string): HistoryEntry[] {
  return archive
    .runs()
    .slice(-limit)
    .map(({ id, state }) => {
      if (state !== 'complete') return { id, state };
      const { exposures, scan } = archive.report(id);
      const standing = exposures.filter(isStanding);
      const byProject = Map.groupBy(standing, ({ owner }) => owner.project ?? '-');
      return {
        ...{ id, state, standing: standing.length, addresses: scan.scanned },
        unowned: standing.filter(({ owner }) => owner.verdict === 'unowned').length,
        projects: Object.fromEntries(
          [...byProject].map(([project, those]) => [project, those.length] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
        ...(address !== undefined && { ports: exposures.filter((one) => one.address === address) }),
      };
    });
}

export interface AcceptRequest {
  readonly address: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly reason: string;
  /** ISO 8601 date. */
  readonly expires: string;
  readonly by?: string;
  readonly withdraw: boolean;
}

/** Stands for a port of the newest report, or takes that back. @throws {VedetteError} `exposure-unknown`, `exposure-none` */
export function acceptExposure(archive: ExposureArchive, request: AcceptRequest, { now, actor }: ExposureDependencies): Acceptance {
  const { address, protocol, port, reason, expires } = request;
  const { report } = openReport(archive);
  const found = report.exposures.find((one) => one.address === address && one.protocol === protocol && one.port === port);
  if (found === undefined) throw new VedetteError('exposure-unknown', { path: archive.path, what: `${address}:${port}/${protocol}` });
  const acceptance: Acceptance = {
    ...{ address, protocol, port, ownerKey: found.owner.key, ownerName: found.owner.name ?? '', reason, by: request.by ?? actor() },
    ...{ at: now().toISOString(), expires },
    ...(request.withdraw && { withdrawn: true as const }),
  };
  archive.accept(acceptance);
  return acceptance;
}
