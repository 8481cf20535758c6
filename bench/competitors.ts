// The programs that are compared, each on the same capture, each reading it once from its start to its end.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

export interface Competitor {
  readonly name: string;
  /** What it does, for the table. */
  readonly does: string;
  readonly version: string;
  /** Arguments, the program first. `out` is an empty directory. */
  command(capture: string, out: string): readonly string[];
}

/** First line that a program says of its version; undefined when it is not installed. */
function versionOf(program: string, ...args: readonly string[]): string | undefined {
  try {
    const text = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? 'unknown';
  } catch {
    return undefined;
  }
}

interface Peer extends Omit<Competitor, 'version'> {
  readonly version: string | undefined;
}

const peers = (): readonly Peer[] => [
  {
    name: 'zeek',
    does: 'standard scripts, all logs',
    version: versionOf('zeek', '--version'),
    command: (capture, out) => ['sh', '-c', 'cd "$1" && exec zeek -C -r "$2"', 'sh', out, capture],
  },
  {
    name: 'suricata',
    does: 'no rules, its default EVE logs, one worker',
    version: versionOf('suricata', '-V'),
    command: (capture, out) => ['suricata', '-r', capture, '-l', out, '-k', 'none', '-S', '/dev/null', '--runmode', 'single'],
  },
  {
    name: 'tshark',
    does: '-q -z conv,tcp',
    version: versionOf('tshark', '--version'),
    command: (capture) => ['tshark', '-n', '-q', '-z', 'conv,tcp', '-r', capture],
  },
  {
    name: 'tcpdump',
    does: 'copies the capture (-r -w)',
    version: versionOf('tcpdump', '--version'),
    command: (capture, out) => ['tcpdump', '-n', '-r', capture, '-w', join(out, 'copy.pcap')],
  },
];

/** Options of Node that the launcher gives; test/house/launcher-options.test.ts compares. */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=8', '--heap-growing-percent=100'];

/** Vedette as built in `dist/`; run directly, the launcher's share is not the engine's. */
function ourselves(): Competitor[] {
  const main = join(root, 'dist', 'main.js');
  if (!existsSync(main)) return [];
  const run = [process.execPath, ...nodeOptions, main, 'analyze'];
  const version = process.version;
  return [
    {
      name: 'vedette, logs',
      does: '--only-logs: the logs that Zeek writes',
      version,
      command: (capture, out) => [...run, capture, '--out', join(out, 'result'), '--only-logs'],
    },
    {
      name: 'vedette',
      does: 'logs, hashes, findings, report',
      version,
      command: (capture, out) => [...run, capture, '--out', join(out, 'result')],
    },
  ];
}

/** What this machine can run; ours first. `only` keeps those whose name is among the given. */
export function competitors(only: readonly string[]): Competitor[] {
  const installed = peers().flatMap(({ version, ...peer }) => (version === undefined ? [] : [{ ...peer, version }]));
  const all = [...ourselves(), ...installed];
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}
