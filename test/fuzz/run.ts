// npm run fuzz: damaged packets and files against decoder, engine, detectors, readers and writers.
//
// A run is made from the seed and its number alone: `--seed S --run N` makes it again. What failed is also saved as a file that
// `./vedette analyze` takes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fileSeeds } from './file-seeds.ts';
import { mutatedFile } from './file-target.ts';
import { mutatedPackets } from './mutate-packets.ts';
import { fileSalt, packetsEachRun } from './protocol.ts';
import { Random } from './random.ts';
import { saveRun } from './save-run.ts';
import { readSeeds } from './seeds.ts';
import { type FuzzOptions, Supervisor } from './supervisor.ts';

const usage = `usage: npm run fuzz -- [options]
  --packets N       damaged packets (default: 1000000)
  --files N         damaged captures and logs (default: 10000)
  --seconds S       stop after so long, whatever was done
  --captures PATH   what is damaged, besides samples/: a capture or a directory of them; repeatable
  --seed S          repeats a former run (default: from the clock)
  --run N           makes run N of the seed again, alone
  --workers N       threads (default: one a processor)
  --out DIR         where failures are saved (default: fuzz-failures)
`;

const mostSaved = 20;

function parseOptions(): FuzzOptions & { readonly out: string; readonly help: boolean } {
  const { values } = parseArgs({
    options: {
      packets: { type: 'string', default: '1000000' },
      files: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: 'Infinity' },
      captures: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: String(Date.now() % 0x100000000) },
      run: { type: 'string' },
      workers: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string', default: 'fuzz-failures' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.run === undefined ? undefined : Number(values.run);
  return {
    seed: Number(values.seed) >>> 0,
    captures: [resolve(import.meta.dirname, '../../samples'), ...values.captures.map((path) => resolve(path))],
    first: only ?? 0,
    packetRuns: only === undefined ? Math.ceil(Number(values.packets) / packetsEachRun) : only + 1,
    fileRuns: only === undefined ? Number(values.files) : only + 1,
    workers: only === undefined ? Math.max(1, Number(values.workers)) : 1,
    seconds: Number(values.seconds),
    out: values.out,
    help: values.help,
  };
}

const options = parseOptions();

/** Writes what failed, made again from its number. */
async function save(failures: Supervisor['failures']): Promise<void> {
  const { seed, captures, out } = options;
  const conversations = await readSeeds(captures);
  mkdirSync(out, { recursive: true });
  for (const { kind, run, what } of failures.slice(0, mostSaved)) {
    const path = join(out, `${seed}-${kind}-${run}`);
    if (kind === 'packets') writeFileSync(`${path}.pcapng`, saveRun(mutatedPackets(conversations, packetsEachRun, new Random(seed, run))));
    else {
      const file = mutatedFile(fileSeeds(conversations), new Random(seed ^ fileSalt, run));
      writeFileSync(`${path}-${file.name}`, file.bytes);
    }
    process.stdout.write(`\n${kind} run ${run} (--seed ${seed} --run ${run}), saved as ${path}*\n${what}\n`);
  }
}

async function fuzz(): Promise<void> {
  process.stdout.write(`seed ${options.seed}\n`);
  const started = Date.now();
  const supervisor = new Supervisor(options);
  const counts = (): string => `${supervisor.packets} packets and ${Math.round(supervisor.files)} files`;
  const ticker = setInterval(() => process.stderr.write(`${counts()}, ${supervisor.failures.length} failures\n`), 30_000);
  await supervisor.run();
  clearInterval(ticker);
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`${counts()} in ${seconds} s: ${supervisor.failures.length} failures\n`);
  if (supervisor.failures.length > 0) await save(supervisor.failures);
  process.exitCode = supervisor.failures.length > 0 ? 1 : 0;
}

if (options.help) process.stdout.write(usage);
else await fuzz();
