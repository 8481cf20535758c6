// Scans with nmap: one process for all IPv4 targets, one for all IPv6 targets, so that nmap can scan hosts side by side.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import type { CommandResult, CommandRunner } from '../../host/command-runner.ts';
import type { ExposureScanner, ScanRequest } from '../exposure-scanner.ts';
import { parsePorts } from '../port-list.ts';
import { nmapArguments } from './nmap-arguments.ts';
import { NmapXmlReader } from './nmap-xml.ts';

/** No scan takes longer; what a timer can hold. */
const longestMs = 20 * 86_400_000;
const tableMs = 30_000;
/** The most common ports that nmap knows, and with which it would scan by itself. */
const topPorts = 1000;

export interface NmapOptions {
  readonly runner: CommandRunner;
  readonly privileged: boolean;
  readonly now: () => Date;
}

/** The adapter for nmap 7. */
export class NmapScanner implements ExposureScanner {
  readonly engine = 'nmap';
  readonly #options: NmapOptions;

  constructor(options: NmapOptions) {
    this.#options = options;
  }

  async standardPorts(): Promise<readonly number[]> {
    const reader = new NmapXmlReader({ onHost: () => {} });
    const args = ['-oX', '-', '--top-ports', String(topPorts)];
    await this.#options.runner.run({ program: 'nmap', args, timeoutMs: tableMs, onLine: (line) => reader.write(`${line}\n`) });
    return parsePorts(reader.services);
  }

  async scan(request: ScanRequest): Promise<string | undefined> {
    const folder = mkdtempSync(join(tmpdir(), 'vedette-nmap-'));
    try {
      let problem: string | undefined;
      for (const version of [4, 6] as const) {
        if (request.targets.version(version).size === 0 || request.signal.aborted) continue;
        problem = (await this.#run(request, version, folder)) ?? problem;
      }
      return problem;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async #run(request: ScanRequest, version: 4 | 6, folder: string): Promise<string | undefined> {
    const targetFile = join(folder, `targets-${version}`);
    writeFileSync(targetFile, `${request.targets.version(version).cidrs().join('\n')}\n`);
    const errors: string[] = [];
    const reader = new NmapXmlReader({
      onHost: (host) => request.onHost(host.at === '' ? { ...host, at: this.#options.now().toISOString() } : host),
      onProgress: request.onProgress,
    });
    const result = await this.#options.runner.run({
      program: 'nmap',
      args: nmapArguments({ ...request, version, targetFile, privileged: this.#options.privileged }),
      timeoutMs: longestMs,
      maxOutputBytes: Number.MAX_SAFE_INTEGER,
      signal: request.signal,
      onLine: (line, from) => {
        if (from === 'stdout') reader.write(`${line}\n`);
        else if (line.trim() !== '' && errors.length < 20) errors.push(line.trim());
      },
    });
    return problemOf(result, reader, errors);
  }
}

function problemOf(result: CommandResult, reader: NmapXmlReader, errors: readonly string[]): string | undefined {
  if (result.ended === 'stopped') return 'stopped';
  if (result.code === 0 && reader.exit === 'success') return undefined;
  const reason = reader.problem ?? errors.find((line) => !line.startsWith('WARNING')) ?? `ended with ${result.code ?? 'a signal'}`;
  // It refused its own arguments: trying again would not help.
  if (/requires root privileges|unrecognized option|Your port specifications are illegal/i.test(reason)) {
    throw new VedetteError('program-failed', { program: 'nmap', reason });
  }
  return `nmap: ${reason}`;
}
