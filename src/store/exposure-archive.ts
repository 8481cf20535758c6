// Port: scans and reports by date, what people accepted, and mail that waits. Adapter: exposure-directory/.
import type { Acceptance, ExposureReport, MeasuredHost, ScanSettings } from '../model/exposure.ts';
import type { Mail } from '../model/mail.ts';

/** What a run set out to do: enough to go on with it. */
export interface RunPlan {
  readonly schema: 1;
  readonly id: string;
  readonly version: string;
  /** ISO 8601. */
  readonly started: string;
  readonly targets: readonly string[];
  /** As CIDRs, without what is excluded. */
  readonly addresses: readonly string[];
  readonly excluded: readonly string[];
  readonly settings: ScanSettings;
  readonly notes: readonly string[];
}

/** A run that is being written; nobody else writes it meanwhile. */
export interface RunWriter {
  readonly plan: RunPlan;
  readonly directory: string;
  /** Kept at once: a run that is cut short loses none. @throws {VedetteError} `output-unwritable` */
  addHost(host: MeasuredHost): void;
  /** Whole or not at all. @throws {VedetteError} `output-unwritable` */
  write(name: string, content: string): void;
  /** Gives the run back. */
  close(): void;
}

/** A mail that was made and not yet delivered. */
export interface WaitingMail {
  readonly runId: string;
  /** Name of its file. */
  readonly name: string;
  readonly mail: StoredMail;
}

export interface StoredMail extends Omit<Mail, 'at'> {
  readonly channel: string;
  /** ISO 8601. */
  readonly at: string;
  readonly attempts: number;
  readonly lastReason?: string;
}

export interface ExposureArchive {
  readonly path: string;
  /** @throws {VedetteError} `output-unwritable`, `state-locked` */
  begin(plan: RunPlan): RunWriter;
  /** @throws {VedetteError} `exposure-none`, `exposure-damaged`, `state-locked` */
  resume(id: string): RunWriter;
  /** Ids of runs, oldest first; with a whole report, and without. */
  runs(): readonly { readonly id: string; readonly state: 'complete' | 'partial' | 'unfinished' }[];
  /** @throws {VedetteError} `exposure-none`, `exposure-damaged` */
  report(id: string): ExposureReport;
  /** Newest word on each address. */
  hosts(id: string): Map<string, MeasuredHost>;
  acceptances(): readonly Acceptance[];
  /** @throws {VedetteError} `output-unwritable` */
  accept(acceptance: Acceptance): void;
  waitingMail(): readonly WaitingMail[];
  keepMail(runId: string, name: string, mail: StoredMail): void;
  removeMail(runId: string, name: string): void;
}
