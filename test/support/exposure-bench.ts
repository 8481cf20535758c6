// The exposure jobs with a scanner, a clock and a mailer of the test; archive and policy files are real.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { VedetteError } from '../../src/base/errors.ts';
import type { ExposureScanner, ScanRequest } from '../../src/exposure/exposure-scanner.ts';
import type { MeasuredHost } from '../../src/model/exposure.ts';
import type { InventoryHistory } from '../../src/model/inventory.ts';
import type { Mail } from '../../src/model/mail.ts';
import type { Mailer } from '../../src/notify/mailer.ts';
import { openExposureDirectory } from '../../src/store/exposure-directory/exposure-directory.ts';
import type { ExposureDependencies } from '../../src/workflows/exposure/dependencies.ts';
import { type ExposureScanRequest, type ExposureScanResult, scanExposure } from '../../src/workflows/exposure/scan.ts';
import { noPlatform } from '../build/no-platform.ts';

/** Answers for addresses as told; silence for the others. */
export class ScriptedScanner implements ExposureScanner {
  readonly engine = 'nmap';
  /** Open TCP ports by address. */
  open: Readonly<Record<string, readonly number[]>> = {};
  /** Called before each address; may throw, or say why the scan ends here. */
  onAddress: (address: string) => string | undefined = () => undefined;
  /** Addresses of each attempt. */
  readonly attempts: number[] = [];

  standardPorts(): Promise<readonly number[]> {
    return Promise.resolve([22, 80, 443, 5000, 8080]);
  }

  async scan({ targets, onHost, signal }: ScanRequest): Promise<string | undefined> {
    this.attempts.push(targets.size);
    for (const address of targets.addresses()) {
      const problem = this.onAddress(address);
      if (problem !== undefined) return problem;
      if (signal.aborted) return 'stopped';
      const ports = this.open[address];
      if (ports !== undefined) onHost(hostOf(address, ports));
    }
    return undefined;
  }
}

const hostOf = (address: string, ports: readonly number[]): MeasuredHost => ({
  ...{ address, state: 'up', reason: 'syn-ack', at: '2026-11-30T02:16:00.000Z', others: [] },
  ports: ports.map((port) => ({ protocol: 'tcp', port, state: 'open', reason: 'syn-ack', service: port === 22 ? 'ssh' : '' })),
});

/** Everything that a run needs, with what it did. */
export class ExposureBench {
  readonly scanner = new ScriptedScanner();
  readonly mails: Mail[] = [];
  readonly waits: number[] = [];
  mailFails = false;
  now = new Date('2026-11-30T02:15:00Z');
  history: InventoryHistory | undefined;
  readonly state: string;

  constructor(state: string) {
    this.state = state;
  }

  get dependencies(): ExposureDependencies {
    return {
      ...{
        version: '0.0.0-test',
        platform: noPlatform,
        isRoot: true,
        nmap: this.scanner,
        connect: this.scanner,
        launcher: '/opt/vedette/vedette',
      },
      now: () => this.now,
      prober: { probe: () => Promise.resolve({}) },
      openInputs: () => Promise.resolve({}),
      openArchive: openExposureDirectory,
      openInventory: () => {
        if (this.history === undefined) throw new VedetteError('inventory-none', { path: this.state, which: '' });
        return { history: this.history, notes: [] };
      },
      readText: (path) => {
        if (!existsSync(path)) throw new VedetteError('input-missing', { path });
        return readFileSync(path, 'utf8');
      },
      writeText: (path, content) => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      },
      openMailer: (): Promise<Mailer> => Promise.resolve({ server: 'mail.example:25', send: (mail) => this.#send(mail) }),
      wait: async (milliseconds) => void this.waits.push(milliseconds),
      actor: () => 'tester',
    };
  }

  async #send(mail: Mail): Promise<void> {
    if (this.mailFails) throw new VedetteError('notify-failed', { channel: 'admins', reason: 'ECONNREFUSED' });
    this.mails.push(mail);
  }

  scan(targets: readonly string[], more: Partial<ExposureScanRequest> = {}): Promise<ExposureScanResult> {
    return scanExposure(
      {
        choice: { targets, exclude: [], engine: 'auto', rate: 1000, versions: false, banners: false, authorisation: '', window: '' },
        ...{ state: this.state, inventory: { paths: this.history === undefined ? [] : ['inventory.yaml'] }, observed: [], wait: false },
        ...{ signal: new AbortController().signal, onProgress: () => {} },
        ...more,
      },
      this.dependencies,
    );
  }
}
