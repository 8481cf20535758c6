// Damaged files through the readers. A file may be refused with one clear error, nothing else may be thrown.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../src/base/errors.ts';
import { Detection } from '../../src/detect/detection.ts';
import { detectors } from '../../src/detect/detectors/index.ts';
import { openZeekLogs } from '../../src/store/zeek-log/zeek-log-reader.ts';
import { readBytes } from '../build/read-capture.ts';
import type { FileSeed } from './file-seeds.ts';
import { resize, scramble } from './mutate-bytes.ts';
import type { Random } from './random.ts';

/** One damaged file. */
export function mutatedFile(seeds: readonly FileSeed[], random: Random): FileSeed {
  // Logs are few beside captures, but hold as many surprises.
  const kind = random.chance(0.4) ? 'log' : 'capture';
  const seed = random.pick(seeds.filter((candidate) => candidate.kind === kind));
  let bytes: Uint8Array = seed.bytes.slice();
  if (random.chance(0.5)) bytes = resize(bytes, 0, random.pick(seeds).bytes, random);
  if (bytes.length > 0 && random.chance(0.9)) scramble(bytes, 0, 1 + random.below(random.chance(0.2) ? 40 : 4), random);
  return { ...seed, bytes };
}

/** Reads a file. @param directory for logs, which are read from disk */
export async function runFile(file: FileSeed, directory: string, random: Random): Promise<void> {
  try {
    if (file.kind === 'capture') await readCapture(file.bytes, random);
    else await readLog(file, directory);
  } catch (error) {
    if (!(error instanceof VedetteError)) throw error;
  }
}

async function readCapture(bytes: Uint8Array, random: Random): Promise<void> {
  const chunkBytes = random.chance(0.2) ? 1 + random.below(64) : 1 + random.below(8192);
  await readBytes(bytes, { chunkBytes, batchPackets: 1 + random.below(32), bufferBytes: 256 + random.below(8192) });
}

async function readLog(file: FileSeed, directory: string): Promise<void> {
  const path = join(directory, file.name);
  writeFileSync(path, file.bytes);
  const detection = new Detection({ detectors });
  const logs = await openZeekLogs([path]);
  try {
    while (await logs.pump(detection));
  } finally {
    await logs.close();
  }
  detection.finish();
}
