// What the engine reads does not depend on how bytes came: cut anywhere, out of order, twice, in batches of any size.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resegment } from '../build/resegment.ts';
import { Random } from '../fuzz/random.ts';
import { type EngineRow, engineRows, type Packets, readPackets } from '../support/engine-rows.ts';

const samples = join(import.meta.dirname, '../../samples');
const load = (name: string): Promise<Packets> => readPackets([join(samples, name)]);

const patience = 30_000;
/** Other paths for the same bytes. */
const randomRuns = 12;

/** Logs that tell what was said; connections count packets, which are others. */
const contentLogs = new Set<string>(['dns', 'files', 'http', 'ssh']);

/**
 * When, and what is made from when (identifiers of files); and how often somebody tried to log in over SSH, which is told
 * from the sizes of segments, here as in Zeek.
 */
const notCompared = new Set(['ts', 'duration', 'rtt', 'fuid', 'orig_fuids', 'resp_fuids', 'auth_success', 'auth_attempts']);

function contentOf(rows: readonly EngineRow[]): string[] {
  return rows
    .filter(({ log }) => contentLogs.has(log))
    .map(({ log, row }) => `${log} ${JSON.stringify(Object.entries(row).filter(([key]) => !notCompared.has(key)))}`)
    .sort();
}

describe('segments', () => {
  test.each(['reverse-shell.pcap', 'benign.pcap'])(
    '%s gives the same rows, however its bytes were sent',
    { timeout: patience },
    async (name) => {
      const packets = await load(name);
      const wanted = contentOf(engineRows(packets));
      expect(wanted.length).toBeGreaterThan(20);
      for (let run = 0; run < randomRuns; run++) {
        const frames = resegment(packets.frames, new Random(1, run));
        expect(frames.length).toBeGreaterThan(packets.frames.length);
        expect(contentOf(engineRows({ ...packets, frames })), `run ${run}`).toEqual(wanted);
      }
    },
  );
});

describe('batches', () => {
  test.each(readdirSync(samples).filter((name) => !/^(README|expected)/.test(name)))(
    '%s gives the same rows in any',
    { timeout: patience },
    async (name) => {
      const packets = await load(name);
      const wanted = engineRows(packets, 4096);
      for (const size of [1, 7]) expect(engineRows(packets, size)).toEqual(wanted);
    },
  );
});
