// The jobs behind `vedette exposure`; compose.ts wires them.
import type { ChannelSettings } from '../../../config/notify-settings.ts';
import type { Acceptance } from '../../../model/exposure.ts';
import type { InstalledFile, InstallRequest } from '../../../workflows/exposure/install.ts';
import type { MailResult } from '../../../workflows/exposure/mail.ts';
import type { AcceptRequest, HistoryEntry, OpenedReport, ReportDiff } from '../../../workflows/exposure/reports.ts';
import type { ExposureScanRequest, ExposureScanResult } from '../../../workflows/exposure/scan.ts';

/** Channels of the configuration, by name. */
export type Channels = Readonly<Record<string, ChannelSettings>>;

export interface ExposureJobs {
  readonly scan: (request: ExposureScanRequest, channels: Channels) => Promise<ExposureScanResult>;
  readonly report: (state: string, run?: string) => OpenedReport;
  readonly diff: (state: string, from?: string, to?: string) => ReportDiff;
  readonly history: (state: string, limit: number, address?: string) => HistoryEntry[];
  readonly accept: (state: string, request: AcceptRequest) => Acceptance;
  readonly acceptances: (state: string) => readonly Acceptance[];
  readonly mail: (state: string, channels: Channels) => Promise<readonly MailResult[]>;
  readonly install: (request: InstallRequest, print: boolean) => InstalledFile[];
  /** The policy in force, and the one that is shown as an example. */
  readonly policy: (path?: string) => Readonly<Record<string, unknown>>;
  readonly examplePolicy: string;
  readonly write: (path: string, content: string) => void;
}
