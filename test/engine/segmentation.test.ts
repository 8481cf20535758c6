// What the engine reads does not depend on how bytes came: cut anywhere, out of order, twice, in batches of any size.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzers } from '../../src/engine/analyzers/index.ts';
import { analyzerSeed } from '../build/analyzer-seeds.ts';
import { capturePoint } from '../build/frames.ts';
import { resegment } from '../build/resegment.ts';
import { conversation } from '../build/segments.ts';
import { Random } from '../fuzz/random.ts';
import { type EngineRow, engineRows, type Packets, readPackets } from '../support/engine-rows.ts';

const samples = join(import.meta.dirname, '../../samples');
const load = (name: string): Promise<Packets> => readPackets([join(samples, name)]);

const patience = 30_000;
/** Other paths for the same bytes. */
const randomRuns = 12;

/** Logs that tell what was said; connections count packets, which are others. */
const contentLogs = new Set<string>(['dns', 'files', 'http', 'ssh', 'ssl', 'x509']);

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

/** Services of a connection; their order says who was sure first, which for SMB depends on segments, here as in Zeek. */
const servicesOf = (rows: readonly EngineRow[]): unknown[] =>
  rows.filter(({ log }) => log === 'conn').map(({ row }) => String(row['service']).split(',').sort());

describe('the conversation of an analyzer', () => {
  const overTcp = analyzers.filter(({ transports }) => transports.includes('tcp'));
  test.each(overTcp)('$name gives the same rows in any segments', ({ name, ports }) => {
    const lines: string[] = [];
    for (const [fromClient, text] of analyzerSeed(name, 'tcp') ?? []) {
      if ((lines.length % 2 === 0) !== fromClient) lines.push('');
      lines.push(text);
    }
    const talk = conversation({ client: '10.0.0.1:40000', server: `192.0.2.1:${ports.tcp?.[0] ?? 4000}`, lines });
    const frames = talk.map(({ at, frame }) => ({ at, frame, wire: frame.length, point: 0 }));
    const points = [capturePoint()];
    const whole = engineRows({ frames, points });
    for (let run = 0; run < randomRuns; run++) {
      const rows = engineRows({ frames: resegment(frames, new Random(2, run)), points });
      expect({ services: servicesOf(rows), content: contentOf(rows) }, `run ${run}`).toEqual({
        services: servicesOf(whole),
        content: contentOf(whole),
      });
    }
  });
});

describe('batches', () => {
  test.each(readdirSync(samples).filter((name) => !/^(README|expected|inventory)/.test(name)))(
    '%s gives the same rows in any',
    { timeout: patience },
    async (name) => {
      const packets = await load(name);
      const wanted = engineRows(packets, 4096);
      for (const size of [1, 7]) expect(engineRows(packets, size)).toEqual(wanted);
    },
  );
});
