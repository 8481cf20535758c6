// What the engine makes of the samples, row by row. `npm run golden:update` accepts what changed; read the diff.
import { globSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engineRows, readPackets } from '../support/engine-rows.ts';
import { goldenText } from './row-lines.ts';

const samples = join(import.meta.dirname, '../../samples');
const goldenEnd = '.golden.ndjson';

const names = readdirSync(samples)
  .filter((name) => !/^(README|expected|inventory)/.test(name))
  .sort();

describe('the rows of a sample', () => {
  test.each(names)('%s', async (name) => {
    const packets = await readPackets([join(samples, name)]);
    const text = goldenText(engineRows(packets));
    expect(goldenText(engineRows(packets)), 'the same again').toBe(text);
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `${basename(name, '.pcap')}${goldenEnd}`));
  });

  test('leave no golden behind when a sample goes', () => {
    const wanted = names.map((name) => `${basename(name, '.pcap')}${goldenEnd}`);
    expect(globSync(`*${goldenEnd}`, { cwd: import.meta.dirname }).filter((name) => !wanted.includes(name))).toEqual([]);
  });
});
