// npm run bench: speed and memory against the other programs on this machine, on one capture made of many.
//
// CPU time is compared, not the clock: it is what a machine pays. Runs alternate between the programs, so that a machine
// that grows slower or faster meanwhile does so for all; the median counts. Ratios hold within one table only.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCapture } from './build-capture.ts';
import { readPieces } from './capture-pieces.ts';
import { type Competitor, competitors } from './competitors.ts';
import { type Cost, measure, median } from './measure.ts';
import { renderTable } from './table.ts';

const usage = `usage: npm run bench -- [options]
  --captures PATH   a capture or a directory of them; repeatable (default: samples/)
  --packets N       size of the capture that is made of them (default: 1000000)
  --bytes N         the same in bytes, K, M or G behind it; whichever is reached first ends it
  --runs N          runs of each program; the median counts (default: 3)
  --only NAME       a program; repeatable (default: all that are installed)
  --json FILE       write the numbers there, too
  --keep FILE       write the capture there and leave it
`;

/** `10G` → bytes. */
function parseBytes(text: string): number {
  const match = /^(\d+)([KMG]?)$/.exec(text);
  if (match === null) throw new Error(`--bytes ${text}: give a number such as 500M.`);
  return Number(match[1]) * { '': 1, K: 1e3, M: 1e6, G: 1e9 }[match[2] as '' | 'K' | 'M' | 'G'];
}

function parseOptions() {
  const { values } = parseArgs({
    options: {
      captures: { type: 'string', multiple: true, default: [resolve(import.meta.dirname, '..', 'samples')] },
      packets: { type: 'string' },
      bytes: { type: 'string' },
      runs: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      keep: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const bytes = values.bytes === undefined ? Number.POSITIVE_INFINITY : parseBytes(values.bytes);
  const packets =
    values.packets === undefined ? (values.bytes === undefined ? 1_000_000 : Number.POSITIVE_INFINITY) : Number(values.packets);
  return { ...values, bytes, packets, runs: Math.max(1, Number(values.runs)) };
}

/** All costs of one program. */
export interface Result {
  readonly competitor: Competitor;
  readonly costs: readonly Cost[];
}

function race(capture: string, programs: readonly Competitor[], runs: number): Result[] {
  const costs = new Map<Competitor, Cost[]>(programs.map((program) => [program, []]));
  for (let run = 0; run < runs; run++) {
    for (const [program, list] of costs) {
      process.stderr.write(`run ${run + 1} of ${runs}: ${program.name}\n`);
      try {
        list.push(measure((out) => program.command(capture, out)));
      } catch (error) {
        process.stderr.write(`  ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  }
  return [...costs].filter(([, list]) => list.length > 0).map(([competitor, list]) => ({ competitor, costs: list }));
}

async function run(): Promise<void> {
  const options = parseOptions();
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const programs = competitors(options.only);
  if (programs.length === 0) throw new Error('nothing to run: build first (./vedette --help), or name other programs.');
  const directory = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
  const capture = options.keep === undefined ? join(directory, 'capture.pcap') : resolve(options.keep);
  try {
    const pieces = await readPieces(options.captures);
    if (pieces.length === 0) throw new Error(`no capture in ${options.captures.join(', ')}.`);
    const made = buildCapture(capture, pieces, options);
    const title = `${pieces.length} captures × ${made.copies} copies: ${made.packets} packets, ${Math.round(statSync(capture).size / 1e6)} MB`;
    const results = race(capture, programs, options.runs);
    process.stdout.write(renderTable(title, made.packets, results));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(jsonOf(title, made.packets, results), undefined, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function jsonOf(title: string, packets: number, results: readonly Result[]): unknown {
  const processors = cpus();
  return {
    capture: title,
    packets,
    machine: { processor: processors[0]?.model, processors: processors.length, node: process.version },
    results: results.map(({ competitor, costs }) => ({
      program: competitor.name,
      version: competitor.version,
      does: competitor.does,
      microsPerPacket: (median(costs.map((cost) => cost.cpuSeconds)) / packets) * 1e6,
      costs,
    })),
  };
}

await run();
