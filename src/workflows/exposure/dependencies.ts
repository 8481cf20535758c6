// What the exposure jobs need of the outside.
import type { ExposureScanner } from '../../exposure/exposure-scanner.ts';
import type { ServiceProber } from '../../exposure/service-prober.ts';
import type { Mailer } from '../../notify/mailer.ts';
import type { ExposureArchive } from '../../store/exposure-archive.ts';
import type { ChosenInventory, InventoryChoice } from '../inventory.ts';
import type { ObserveDependencies } from './observe.ts';

export interface ExposureDependencies extends ObserveDependencies {
  readonly version: string;
  readonly now: () => Date;
  /** Whether packets of our own making may be sent. */
  readonly isRoot: boolean;
  readonly nmap: ExposureScanner;
  readonly connect: ExposureScanner;
  readonly prober: ServiceProber;
  openArchive(stateDirectory: string): ExposureArchive;
  openInventory(choice: InventoryChoice): ChosenInventory;
  /** Text of a file. @throws {VedetteError} `input-missing`, `input-unreadable` */
  readText(path: string): string;
  /** Writes a file whole; makes its folder. @throws {VedetteError} `output-unwritable` */
  writeText(path: string, content: string): void;
  /** @throws {VedetteError} `channel-unknown`, `channel-invalid` */
  openMailer(channel: string): Promise<Mailer>;
  wait(milliseconds: number): Promise<void>;
  /** Who acts. */
  readonly actor: () => string;
  /** The program, for units and cron lines. */
  readonly launcher: string;
}
